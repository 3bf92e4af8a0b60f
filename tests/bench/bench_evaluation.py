"""20,000 visits of ten collaborations are compiled, and what is frozen, and what counts now, is read."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from uuid import UUID

from flask.testing import FlaskClient

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


@dataclass
class Measured:
    """Seconds of each compilation, and seconds on the wall and of this process of each page, by its name."""

    work: list[float]
    pages: dict[str, list[float]]
    cpu: dict[str, float]


def bench(place: Place) -> list[Result]:
    """Compile all ten years, one after another, then read one of them, and its pledge, many times."""
    whole = measured(place, VISITS)
    tenth = measured(place, VISITS // 10)
    grew = sum(whole.work) / max(sum(tenth.work), 1e-9)
    return [
        Result("20,000 visits of ten collaborations evaluated, s of work", sum(whole.work), sum(tenth.work), grew,
               f"<= {GROWS}x a tenth of the visits; {WORK} s told", ok=grew <= GROWS),
        *(page_result(name, pages, whole.cpu[name]) for name, pages in whole.pages.items()),
    ]  # fmt: skip


def page_result(name: str, pages: list[float], cpu: float) -> Result:
    """Return what a page took; its processor time here beside it, as the wall is others' too."""
    p95, middle = statistics.quantiles(pages, n=20)[-1], statistics.median(pages)
    told = f"<= 4x its median; {PAGE * 1000:.0f} ms told; {cpu * 1000:.0f} ms of this process"
    return Result(f"page of {name}, p95 ms", p95 * 1000, middle * 1000, p95 / middle, told, ok=p95 <= 4 * middle)


def measured(place: Place, visits: int) -> Measured:
    """Fill a database, compile every year, and read the pages of one."""
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
        paths = {"a frozen year": f"/evaluations/{made[0]}", "a pledge under way": "/pledges"}
        found = Measured(work, {}, {})
        for name, path in paths.items():
            began = time.process_time()
            found.pages[name] = [loaded(client, path) for _ in range(LOADS)]
            found.cpu[name] = (time.process_time() - began) / LOADS
    return found


def loaded(client: FlaskClient, path: str) -> float:
    """Return how long a page took."""
    began = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return time.perf_counter() - began
