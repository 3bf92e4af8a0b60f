"""One running Samsyn for the browser tests: `samsyn up --demo` as a newcomer starts it, and Chromium."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from samsyn.embedded.ports import pick

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_WITHIN = 240  # seconds; two busy cores


@dataclass
class Running:
    """A started service: what its ready file says."""

    url: str
    smtp: str
    mailbox: Path
    folder: Path
    persons: list[dict[str, Any]]

    def person(self, unit: str, role: str, n: int = 0) -> dict[str, Any]:
        """Somebody of a unit with a role; first who has little else to do."""
        able = [p for p in self.persons if p["unit"] == unit and role in p["roles"]]
        return sorted(able, key=lambda p: len(p["roles"]))[n]


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Running]:
    """Start ``samsyn up --demo`` in a folder with settings, wait until it is ready, stop it after use."""
    program = Path(sys.executable).with_name("samsyn")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAMSYN_")} | settings
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [str(program), "up", "--demo", "--port", str(pick()), "--data", str(folder / "data")],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    ready = folder / "data" / "ready.json"
    deadline = time.monotonic() + READY_WITHIN
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail((folder / "up.log").read_text("utf-8", "replace"))
        time.sleep(0.1)
    said = json.loads(ready.read_text("utf-8"))
    yield Running(said["url"], said["smtp"], Path(said["mailbox_dir"]), folder / "data", said["persons"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert not ready.exists()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Nothing is held back here: undoing has a service of its own."""
    with running(tmp_path_factory.mktemp("up"), SAMSYN_UNDO_SECONDS="0") as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not here: apt-get install --no-install-recommends chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
