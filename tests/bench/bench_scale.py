"""The walls at scale: 100,000 visits, 300,000 parts and findings, 40 authorities in 5 collaborations.

Each ratio is to be at or below the one that POLICIES.md measured between correlated EXISTS and the same by hand: the
database's own CPU, under the policies and as the owner with the conditions said by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sqlalchemy import CursorResult, TextClause, text

from samsyn.businesses.queries import BusinessFilter, list_businesses
from samsyn.core.database import HouseSession
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.service import compile_dossiers
from samsyn.dossiers.statement import COMPILE
from samsyn.operations.queries import list_operations
from tests.bench.bench_dossiers import dearer
from tests.bench.bench_policies import (
    AT,
    AUTHORITY,
    PERSON,
    ByHand,
    Side,
    a_page,
    an_overview,
    compared,
)
from tests.bench.measuring import Clock, backend_of
from tests.bench.place import Place
from tests.bench.result import Result

FILL: Final[dict[str, str | int]] = {
    "authorities": 40, "visits": 100_000, "businesses": 200, "state": "'closed'", "visit": "'done'",
}  # fmt: skip
LIST: Final = 2.1
"""POLICIES.md, last table, EXISTS and by hand: visits of three days 0.84 and 0.4-0.9 ms, an operation 2.9 and 0.2,
compiling 51 and 44-50."""
PAGE: Final = 14.5
COMPILED: Final = 1.16
SEARCH: Final = 2.7
"""The same table, one word: 0.27 ms in a table of its own and 0.1-0.2 by hand."""
BUSINESS: Final = text("SELECT md5('b0-7')::uuid")
MINE: Final = "(SELECT * FROM {0} x WHERE x.authority_id = (SELECT me()))"
TAKEN_PART_IN: Final = (
    "(SELECT * FROM {0} x WHERE EXISTS (SELECT 1 FROM participation y"
    " WHERE y.operation_id = x.operation_id AND y.authority_id = (SELECT me())))"
)


def said_by_hand() -> TextClause:
    """Return the statement that compiles, with what the policies say written into it where it reads the tables."""
    whole = str(COMPILE)
    for table, rule in (("visit_target", TAKEN_PART_IN), ("finding", MINE), ("evidence", MINE)):
        whole, n = re.subn(rf"\b(FROM|JOIN) {table}\b", rf"\1 {rule.format(table)}", whole)
        assert n, f"the statement does not read {table} any more"
    return text(whole)


def bench(place: Place) -> list[Result]:
    """Fill once, then ask the same of both sides in turns."""
    database = place.database()
    root = place.superuser(database)
    place.fill(root, Path(__file__).with_name("collaborations.sql"), **FILL)
    place.fill(root, Path(__file__).with_name("findings_of_collaborations.sql"))
    with root.connect() as db:
        me, person = db.scalar(AUTHORITY), db.scalar(PERSON)
    planner, task = Viewer(me, person, frozenset({"planner", "decider"})), Viewer.task_of(me)
    with place.acting(database) as engine:
        clock = Clock(backend_of(engine), backend_of(root))
        sides = {
            "walls": Side(engine, planner, HouseSession, owner=False),
            "hand": Side(root, planner, ByHand, owner=True),
        }
        workers = {
            "walls": Side(engine, task, HouseSession, owner=False),
            "hand": Side(root, task, HouseSession, owner=True),
        }
        found = [
            *compared("page of operations at 100,000 visits", a_page, sides, clock, LIST),
            *compared("overview of an operation at 100,000 visits", an_overview, sides, clock, PAGE),
            *compiling(workers, clock),
            *compared("dossier at 100,000 visits", a_dossier, sides, clock, PAGE),
            *compared("search for a business at 100,000 visits", a_business, sides, clock, SEARCH),
            *compared("search for an operation at 100,000 visits", an_operation, sides, clock, SEARCH),
        ]
    root.dispose()
    return found


def a_business(uow: UnitOfWork) -> object:
    """What somebody types into the register: the beginning of a name or a street."""
    found = list_businesses(uow, Seek(), wanted=BusinessFilter(begins_with="Nygatan 19")).items
    assert len(found) == 11, "an empty list measures nothing"
    return found[0]


def an_operation(uow: UnitOfWork) -> object:
    """A piece of a code word, among all that the authority ever took part in."""
    found = list_operations(uow, Seek(), text="ord 4").items
    assert len(found) == Seek().limit, "an empty list measures nothing"
    return found[0]


def a_dossier(uow: UnitOfWork) -> object:
    """The stored dossier of one business, with the line that its reading leaves."""
    business = uow.session.scalar(BUSINESS)
    assert business is not None
    return get_dossier(uow, business).digest


def compiling(workers: dict[str, Side], clock: Clock) -> list[Result]:
    """All that one authority ever visited; what comes out the same is not written, so that both sides agree."""
    by_hand = said_by_hand()

    def hand(uow: UnitOfWork) -> int:
        done = uow.session.execute(by_hand, {"ids": None, "now": AT})
        assert isinstance(done, CursorResult)
        return done.rowcount

    def walls(uow: UnitOfWork) -> int:
        return compile_dossiers(uow, None)

    written = workers["walls"].ask(walls)
    assert isinstance(written, int)
    assert written > 0
    again = [workers["walls"].ask(walls), workers["hand"].ask(hand)]
    assert again == [0, 0], f"the two sides compile different things: {again}"
    works = {"walls": lambda: workers["walls"].ask(walls), "hand": lambda: workers["hand"].ask(hand)}
    seen = clock.interleaved(works, 1)
    name = f"compile {written} dossiers at 100,000 visits, database CPU s"
    return [dearer(name, seen["walls"].others, seen["hand"].others, COMPILED, "the same condition by hand")]
