"""What a newcomer waits: a fresh clone, its ``.venv`` from the lock, the practice town, all by ``make``."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from samsyn.embedded import ports
from tests.bench.place import Place
from tests.bench.result import Result

ROOT = Path(__file__).parents[2]
GOAL = 180.0
"""Seconds, the package index included."""


def bench(place: Place) -> list[Result]:
    """Clone what is committed and run ``make run`` in the clone until it is ready."""
    clone = place.folder / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SAMSYN_", "MAKE"))}
    began = time.perf_counter()
    with subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env={**clean, "PORT": str(ports.pick())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            while not (clone / ".samsyn" / "ready.json").exists():
                assert process.poll() is None, "make run ended before it was ready"
                time.sleep(0.05)
            wall = time.perf_counter() - began
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    return [Result("fresh clone to ready, wall s", wall, None, None, f"<= {GOAL:.0f} s", wall <= GOAL)]
