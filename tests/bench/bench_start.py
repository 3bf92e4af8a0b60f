"""From the command to a working practice town: a first start and later ones (PERFORMANCE G13).

The limit is measured in the same run: loading the libraries in a fresh process, and making and starting an empty
cluster. A cold clone also sets up ``.venv``; that is not measured here.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from samsyn.embedded import ports
from samsyn.embedded.postgres import Postgres
from tests.bench.place import Place
from tests.bench.result import Result

GOAL = 15.0
"""Seconds of the acceptance check, byte-code warm; PERFORMANCE G13 asks 3 and 1.5 on a quiet machine."""
FIRST, LATER = 1, 2
LIBRARIES = "import alembic.command, apiflask, celery, flask_wtf, granian, icalendar, psycopg, redis, sqlalchemy.orm"

ROOTS = [Path(__file__).parents[2] / name for name in ("inspect", "workers")]


@dataclass(frozen=True, slots=True)
class Begun:
    """One start: seconds to the ready file, CPU seconds of all processes until then, who can sign in."""

    wall: float
    cpu: float
    people: tuple[str, ...]


def start(folder: Path) -> Begun:
    """Start the service, see that it answers, end it; every process that it started is gone afterwards."""
    port, ready = ports.pick(), folder / "ready.json"
    ready.unlink(missing_ok=True)
    began = time.perf_counter()
    with service(folder, port) as up:
        while not ready.exists():
            assert up.poll() is None, "samsyn up ended before it was ready"
            time.sleep(0.01)
        wall, family = time.perf_counter() - began, [up, *up.children(recursive=True)]
        cpu = sum(spent(process) for process in family)
        said = json.loads(ready.read_text("utf-8"))
        with urllib.request.urlopen(f"{said['url']}/readyz", timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
    left = [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not left, f"left running: {left}"
    return Begun(wall, cpu, tuple(sorted(person["email"] for person in said["persons"])))


@contextmanager
def service(folder: Path, port: int) -> Iterator[psutil.Popen]:
    """``samsyn up --demo`` in a folder, without settings of this process; SIGTERM at the end."""
    command = [
        str(Path(sys.executable).with_name("samsyn")),
        "up",
        "--demo",
        "--port",
        str(port),
        "--data",
        str(folder),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
    up = psutil.Popen(command, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield up
    finally:
        up.terminate()
        try:
            assert up.wait(60) == 0, "samsyn up did not end well"
        except psutil.TimeoutExpired:
            up.kill()
            raise


def spent(process: psutil.Process) -> float:
    """CPU seconds of a process and of those that it has waited for."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def limit(folder: Path) -> tuple[float, float]:
    """Seconds for the libraries in a fresh process, and for an empty cluster (made and started, then started)."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    libraries, walls = time.perf_counter() - began, []
    for _ in range(2):
        began = time.perf_counter()
        server = Postgres.start(folder)
        walls.append(time.perf_counter() - began)
        server.stop()
    return libraries + walls[0], libraries + walls[1]


def bench(place: Place) -> list[Result]:
    """Start in fresh folders, then again in the last of them; the second start keeps people and sign-ins."""
    for root in ROOTS:
        compileall.compile_dir(root, quiet=2)  # as after any earlier run: the first start is not to pay for it
    limits = [limit(place.folder / f"limit{n}") for n in range(FIRST)]
    firsts = [start(place.folder / f"first{n}") for n in range(FIRST)]
    laters = [start(place.folder / f"first{FIRST - 1}") for _ in range(LATER)]
    assert firsts[-1].people, "nobody can sign in"
    assert {later.people for later in laters} == {firsts[-1].people}, "the second start lost people"
    for n in range(FIRST):
        shutil.rmtree(place.folder / f"first{n}", ignore_errors=True)
        shutil.rmtree(place.folder / f"limit{n}", ignore_errors=True)
    results = []
    for which, seen, floor in (("first", firsts, 0), ("later", laters, 1)):
        wall, cpu = (statistics.median(getattr(one, what) for one in seen) for what in ("wall", "cpu"))
        least = statistics.median(pair[floor] for pair in limits)
        ratio = wall / least
        goal = f"<= {GOAL:g} s (G13 quiet: {'1.5' if floor else '3'} s); baseline: libraries + empty cluster"
        results += [
            Result(f"{which} start to ready.json, wall s", wall, least, ratio, goal, ok=wall <= GOAL),
            Result(f"{which} start, all processes, CPU s", cpu, None, None, "none", ok=True),
        ]
    return results
