"""One running Samsyn for the browser tests: `samsyn up --demo` as a newcomer starts it, and Chromium."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from samsyn.embedded.ports import pick
from tests.practice_folder import SAMSYN, Loaded, environment, wait_until_ready

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
"""The same engine without the desktop browser's own windows, where it is here: half the processor time a page."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
def running(folder: Path, town: Loaded, **settings: str) -> Iterator[Running]:
    """Start ``samsyn up --demo`` with a copy of the town and with settings, until it is ready; stop it after use."""
    data, log = folder / "data", folder / "up.log"
    town.copy(data)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [SAMSYN, "up", "--demo", "--port", str(pick()), "--data", str(data)],
            env=environment() | settings,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    said = wait_until_ready(process, data, log)
    yield Running(said["url"], said["smtp"], Path(said["mailbox_dir"]), data, said["persons"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert not (data / "ready.json").exists()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, practice_folder: Loaded) -> Iterator[Running]:
    """Nothing is held back here: undoing has a service of its own."""
    with running(tmp_path_factory.mktemp("up"), practice_folder, SAMSYN_UNDO_SECONDS="0") as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not here: apt-get install --no-install-recommends chromium-headless-shell")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
