"""How much memory the processes that are started here take, each by itself.

Not ``RUSAGE_CHILDREN``: Linux counts into it what the starting process had when it forked, so after some hundred tests
``/bin/true`` is half a gigabyte large. A process's own high-water mark begins anew when its program does.
"""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

OFTEN = 0.002
"""Seconds between two looks; a mark never sinks, so only the last moments of a process can be missed."""


@dataclass
class Peaks:
    """The largest of the processes so far, in MiB, and how many there were."""

    largest: float = 0
    processes: int = 0
    threads: list[threading.Thread] = field(default_factory=list)

    def watch(self, pid: int) -> None:
        """Look at a process until it has ended."""
        status = Path(f"/proc/{pid}/status")
        while True:
            try:
                mark = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            except OSError:  # reaped
                return
            if mark is None:  # ended
                return
            self.largest = max(self.largest, int(mark[1]) / 1024)
            time.sleep(OFTEN)


@contextmanager
def peaks() -> Iterator[Peaks]:
    """Watch every process that is started from here on."""
    found = Peaks()

    class Watched(subprocess.Popen[Any]):
        def __init__(self, *said: Any, **more: Any) -> None:
            super().__init__(*said, **more)
            found.processes += 1
            thread = threading.Thread(target=found.watch, args=(self.pid,), daemon=True)
            found.threads.append(thread)
            thread.start()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Watched)
        yield found
    for thread in found.threads:
        thread.join(timeout=10)
