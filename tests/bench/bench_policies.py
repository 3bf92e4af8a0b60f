"""What row-level security costs: 20,000 visits, 20 authorities in 5 collaborations (PERFORMANCE G14).

The baseline runs the same product code as the tables' owner, with each table's own condition added to every statement
by hand. What is left is what the walls add: conditions inside conditions, and that the planner may not reorder them.
The ratio is the database's alone: adding the conditions costs the baseline time of its own in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Boolean, Engine, event, literal_column, select, text
from sqlalchemy.orm import Mapper, ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from samsyn.core.base import Base
from samsyn.core.database import HouseSession
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.overview import Overview, overview
from samsyn.operations.models import Visit
from samsyn.operations.queries import list_operations
from tests.bench.bench_dossiers import dearer
from tests.bench.measuring import Clock, Cost, backend_of
from tests.bench.place import Place
from tests.bench.result import Result

VISITS = 20_000
PLANNED: dict[str, str | int] = {"authorities": 20, "businesses": 1, "state": "'preparing'", "visit": "'planned'"}
TIMES = {"overview": 25, "page": 100, "visits": 100, "dossier": 100, "search": 50}
"""Enough that the kernel's steps of 10 ms do not show."""
GOAL = 1.3
AT = datetime(2024, 9, 1, tzinfo=UTC)
AUTHORITY, PERSON, OPERATION = text("SELECT md5('a0')::uuid"), text("SELECT md5('p0-1')::uuid"), "n2000"
ONE = text("SELECT md5(:name)::uuid")
Work = Callable[[UnitOfWork], object]


class ByHand(HouseSession):
    """A session whose every mapped statement says what the tables' policies would."""


@cache
def condition(mapper: Mapper[Base]) -> LoaderCriteriaOption:
    """Return what a table's kind lets a viewer read, as one condition."""
    mapped = mapper.class_
    rules = [r for r in mapped.kind.rules if r.to == "samsyn_app" and r.command in {"SELECT", "ALL"} and r.using]
    allowed = " OR ".join(f"({r.using})" for r in rules if not r.restrictive)
    whole = " AND ".join([f"({allowed})", *(f"({r.using})" for r in rules if r.restrictive)])
    return with_loader_criteria(mapped, literal_column(f"({whole.format(t=mapped.__tablename__)})", Boolean))


@event.listens_for(ByHand, "do_orm_execute")
def say_it(state: ORMExecuteState) -> None:
    """Add the condition of every table that the statement reads."""
    if state.is_select and not state.is_column_load:
        state.statement = state.statement.options(*(condition(mapper) for mapper in state.all_mappers))


class Side:
    """One way to ask: a connection, a kind of session, perhaps the owner's role."""

    def __init__(self, engine: Engine, viewer: Viewer, session: type[HouseSession], *, owner: bool) -> None:
        self.engine, self.viewer, self.session, self.owner = engine, viewer, session, owner

    @contextmanager
    def uow(self) -> Iterator[UnitOfWork]:
        with self.session(self.engine, info={"viewer": self.viewer}) as session, session.begin():
            if self.owner:
                session.execute(text("SET LOCAL ROLE samsyn_owner"))
            yield UnitOfWork(session, self.viewer, AT)

    def ask(self, work: Work) -> object:
        with self.uow() as uow:
            return work(uow)


def a_page(uow: UnitOfWork) -> object:
    return list(list_operations(uow, Seek(), between=(AT, AT + timedelta(days=120))).items)


def an_overview(uow: UnitOfWork) -> Overview:
    wanted = uow.session.scalar(ONE, {"name": OPERATION})
    assert wanted is not None
    seen = overview(uow, wanted)
    assert (len(seen.visits), len(seen.parts)) == (4, 12), "an empty operation measures nothing"
    return seen


def visits_of_days(uow: UnitOfWork) -> object:
    rows = select(Visit).where(Visit.starts_at >= AT, Visit.starts_at < AT + timedelta(days=30)).order_by(Visit.id)
    return [row.id for row in uow.session.scalars(rows.limit(50))]


def bench(place: Place) -> list[Result]:
    """Ask the same of both sides in turns; both must see the same."""
    database = place.database()
    root = place.superuser(database)
    place.fill(root, Path(__file__).with_name("collaborations.sql"), **PLANNED, visits=VISITS)
    with root.connect() as db:
        viewer = Viewer(db.scalar(AUTHORITY), db.scalar(PERSON), frozenset({"planner", "decider"}))
    works: dict[str, Work] = {
        "page of operations": a_page,
        "visits of a month": visits_of_days,
        "overview of an operation": an_overview,
    }
    with place.acting(database) as engine:
        sides = {
            "walls": Side(engine, viewer, HouseSession, owner=False),
            "hand": Side(root, viewer, ByHand, owner=True),
        }
        clock = Clock(backend_of(engine), backend_of(root))
        results = [result for name, work in works.items() for result in compared(name, work, sides, clock)]
    root.dispose()
    return results


def compared(name: str, work: Work, sides: dict[str, Side], clock: Clock, goal: float = GOAL) -> list[Result]:
    """Return what the database spends on both sides, and what everything together costs the product."""
    answers = {side: each.ask(work) for side, each in sides.items()}
    assert answers["walls"] == answers["hand"], f"{name}: the two sides see different things"
    assert not isinstance(answers["walls"], list) or len(answers["walls"]) == 50, "an empty list measures nothing"
    doing = {side: lambda each=each: each.ask(work) for side, each in sides.items()}
    seen: dict[str, Cost] = clock.interleaved(doing, dict.fromkeys(doing, TIMES[name.split(maxsplit=1)[0]]))
    walls, hand = seen["walls"], seen["hand"]
    return [
        dearer(f"{name}, database CPU ms", walls.others * 1000, hand.others * 1000, goal, "the same condition by hand"),
        Result(f"{name}, all CPU ms", walls.cpu * 1000, None, None, "none", ok=True),
    ]
