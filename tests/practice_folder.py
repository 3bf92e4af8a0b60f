"""A data folder with the practice town in it, loaded once a test run: whoever needs a practice service copies it.

It is made as a newcomer makes it, by a first ``samsyn up --demo`` in an empty folder, so this start is itself looked at
(``Loaded.persons``, ``Loaded.said``). A copy starts as a second start does: with the town that is there.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samsyn.embedded.ports import pick

SAMSYN: Final = str(Path(sys.executable).with_name("samsyn"))
READY_WITHIN: Final = 300.0
"""Seconds, on two busy cores."""
IN_A_HURRY: Final = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
"""For copies: their data is worth nothing after the run. The first start runs as everybody's does."""


@dataclass(frozen=True)
class Loaded:
    """The stopped folder, what its first start announced, and what it printed."""

    data: Path
    ready: dict[str, Any]
    said: str

    def copy(self, target: Path) -> None:
        """Put a town into a folder that is not there yet; owners stay, for the database has an account of its own."""
        subprocess.run(["/bin/cp", "-a", "--reflink=auto", str(self.data), str(target)], check=True)


def environment() -> dict[str, str]:
    """This process's, without settings of a Samsyn."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}


def wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> dict[str, Any]:
    """Return what the service announces; fail with what it printed if it ends or takes too long."""
    deadline, file = time.monotonic() + READY_WITHIN, data / "ready.json"
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(log.read_text("utf-8", "replace"))
        time.sleep(0.1)
    said: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return said


def loaded_once(shared: Path) -> Loaded:
    """Load a town below a folder that the run's processes share, unless one of them has."""
    place = shared / "practice-town"
    place.mkdir(exist_ok=True)
    whole, data, log = place / "whole.json", place / "data", place / "up.log"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            said = first_start(data, log)
            with (data / "postgres" / "cluster" / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
                settings.write(IN_A_HURRY)
            whole.write_text(json.dumps(said), "utf-8")
    return Loaded(data, json.loads(whole.read_text("utf-8")), log.read_text("utf-8", "replace"))


def first_start(data: Path, log: Path) -> dict[str, Any]:
    """``samsyn up --demo`` with nothing there, ended when it is ready."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [SAMSYN, "up", "--demo", "--port", str(pick()), "--data", str(data)],
            env=environment(), stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    said = wait_until_ready(process, data, log)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0, log.read_text("utf-8", "replace")
    assert not (data / "ready.json").exists()
    return said
