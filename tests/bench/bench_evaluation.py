"""A year evaluated: 20,000 visits of ten collaborations are compiled, and the page of what is frozen is read."""

from __future__ import annotations

import statistics
import time
from hashlib import md5
from pathlib import Path
from uuid import UUID

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.evaluation.service import ask_evaluation, compile_evaluation
from tests.bench.bench_feed import a_client
from tests.bench.place import Place
from tests.bench.result import Result
from tests.web.reader import open_browser

FILL = Path(__file__).with_name("evaluations.sql")
COLLABORATIONS, VISITS = 10, 2_000
WORK, PAGE = 5.0, 0.2
"""Seconds of work for all of them, and of a page (issue 8); told beside what is held, which is a ratio."""
LOADS = 200
GROWS = 12.0
"""Ten times the visits of one collaboration may cost at most so many times as much."""


def key(name: str) -> UUID:
    """Return the key of a thing of the file."""
    return UUID(md5(name.encode(), usedforsecurity=False).hexdigest())


def planner(n: int) -> Viewer:
    """Return the planner of a collaboration's first party."""
    authority = key(f"a{n}-0")
    return Viewer(authority, key(f"p{authority}"), frozenset({"planner", "decider"}))


def bench(place: Place) -> list[Result]:
    """Compile all ten years, one after another, then read one of them many times."""
    whole = measured(place, VISITS)
    tenth = measured(place, VISITS // 10)
    work, pages = whole
    grew = sum(work) / max(sum(tenth[0]), 1e-9)
    p95 = statistics.quantiles(pages, n=20)[-1]
    middle = statistics.median(pages)
    return [
        Result("20,000 visits of ten collaborations evaluated, s of work", sum(work), sum(tenth[0]), grew,
               f"<= {GROWS}x a tenth of the visits; {WORK} s told", ok=grew <= GROWS),
        Result("page of a frozen year, p95 ms", p95 * 1000, middle * 1000, p95 / middle,
               f"<= 4x its median; {PAGE * 1000:.0f} ms told", ok=p95 <= 4 * middle),
    ]  # fmt: skip


def measured(place: Place, visits: int) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of each compilation, and the seconds of each page."""
    database = place.database()
    engine = place.superuser(database)
    place.fill(engine, FILL, collaborations=COLLABORATIONS, visits=visits)
    engine.dispose()
    with place.acting(database):
        work, made = [], []
        for n in range(COLLABORATIONS):
            with unit_of_work(planner(n)) as uow:
                made.append(ask_evaluation(uow, key(f"l{n}"), "2025"))
            began = time.perf_counter()
            with unit_of_work(Viewer.task_of(key(f"a{n}-0"))) as uow:
                compile_evaluation(uow, made[-1])
            work.append(time.perf_counter() - began)
        client = open_browser(a_client(place.folder), planner(0)).client
        pages = []
        for _ in range(LOADS):
            began = time.perf_counter()
            answer = client.get(f"/evaluations/{made[0]}")
            pages.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.status_code
    return work, pages
