"""Read a unit's year: its numbers, its weeks, and the visits behind a number, as far as the viewer may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.operations.rules import VisitState
from samsyn.outcomes.tools import every_tool
from samsyn.pledges.yearly.fields import CONDITIONS, What
from samsyn.pledges.yearly.statement import COUNT, NO_UNIT, ROWS, WEEKS

MOST: Final = 500
"""Visits that are listed behind a number."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
READERS: Final = frozenset({"planner", "decider"})
"""Who reads where every visit of the own authority went; for others the numbers would be other ones (OSL 17:1)."""


@dataclass(frozen=True, slots=True)
class Year:
    """The numbers of a unit's calendar year, counted when they were asked for.

    ``places``: different places with a done visit; ``weeks``: done visits by ISO year and week; ``no_unit``: done
    visits of the authority that name no unit, and so are nobody's.
    """

    unit_id: UUID
    year: int
    numbers: Mapping[What, int]
    places: int
    weeks: tuple[tuple[int, int, int], ...]
    no_unit: int


@dataclass(frozen=True, slots=True)
class CountedVisit:
    """A visit behind a number."""

    visit_id: UUID
    operation_id: UUID
    code_word: str
    state: VisitState
    starts_at: datetime
    business_id: UUID | None
    name: str | None


def year_of(uow: UnitOfWork, unit_id: UUID, year: int) -> Year:
    """Return the numbers of a unit of the own authority, in three statements; zeros for a unit that is not.

    ``NotAllowedError`` for who may not read where visits went, ``InvalidError`` for a year that nobody counts.
    """
    values = asked(uow, unit_id, year)
    row = uow.session.execute(COUNT, values).one()
    weeks = tuple((one.year, one.week, one.n) for one in uow.session.execute(WEEKS, values))
    spared = {name: value for name, value in values.items() if name in {"first", "after"}}
    no_unit = uow.session.execute(NO_UNIT, spared).scalar_one()
    numbers = {what: getattr(row, what) for what in CONDITIONS}
    return Year(unit_id, year, numbers, row.places, weeks, no_unit)


def visits_behind(uow: UnitOfWork, unit_id: UUID, year: int, what: What) -> list[CountedVisit]:
    """Return the visits behind a number, newest first; none for a number without a source."""
    values = asked(uow, unit_id, year)
    if what not in CONDITIONS:
        return []
    rows = uow.session.execute(ROWS[what], {**values, "most": MOST})
    return [CountedVisit(one[0], one[1], one[2], VisitState(one[3]), one[4], one[5], one[6]) for one in rows]


def asked(uow: UnitOfWork, unit_id: UUID, year: int) -> dict[str, object]:
    """Return the parameters of a year in Sweden."""
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("a planner or decider reads the year")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidError("no such year", fields={"year": ["must be a year"]})
    first, after = (datetime(one, 1, 1, tzinfo=HOME).astimezone(UTC) for one in (year, year + 1))
    binding = sorted(tool.code for tool in every_tool().values() if tool.binds)
    return {"unit": unit_id, "first": first, "after": after, "binding": binding}
