"""What an earlier supervisor in the same folder started and could not end, because it was killed itself."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from samsyn.embedded.child import MARK, Running
from samsyn.embedded.files import write_private

log = logging.getLogger(__name__)

SAME = 1.5  # seconds that two readings of one process's start may differ when the clock was set between them


@dataclass(frozen=True)
class Entry:
    """A started child on record; pid and start time together name one process for good."""

    name: str
    pid: int
    created: float
    stop_signal: int


def record(path: Path, running: Iterable[Running]) -> None:
    """Write down who runs; not flushed to disk, since after a power cut nobody runs."""
    entries = [Entry(r.child.name, r.pid, r.created, int(r.child.stop_signal)) for r in running]
    write_private(path, json.dumps([asdict(entry) for entry in entries], indent=1) + "\n", durable=False)


def end_leftovers(path: Path, mark: str, grace: float = 10.0) -> int:
    """End every process on record in ``path`` and what such a one left in its session; return how many there were.

    Only call while holding the folder's lock. In reverse order of start; SIGKILL after ``grace`` seconds.
    """
    entries = _read(path)
    leaders: list[psutil.Process] = []
    for entry in reversed(entries):
        with suppress(psutil.Error):
            process = psutil.Process(entry.pid)
            if abs(process.create_time() - entry.created) < SAME:
                process.send_signal(entry.stop_signal)
                leaders.append(process)
    _, stubborn = psutil.wait_procs(leaders, timeout=grace)
    strays = _strays({entry.pid for entry in entries}, mark)
    for process in (*stubborn, *strays):
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs([*stubborn, *strays], timeout=grace)
    path.unlink(missing_ok=True)
    number = len(leaders) + len(strays)
    if number:
        log.warning("ended %d processes that an earlier start in this folder had left running", number)
    return number


def _strays(sessions: set[int], mark: str) -> list[psutil.Process]:
    """Find the members of the recorded sessions; the mark guards against a session number that was used again."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter() if sessions else ():
        with suppress(psutil.Error, OSError):
            if os.getsid(process.pid) in sessions and process.environ().get(MARK) == mark:
                found.append(process)
    return found


def _read(path: Path) -> list[Entry]:
    try:
        return [Entry(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError):  # never written, or lost in a power cut: nobody runs
        return []
