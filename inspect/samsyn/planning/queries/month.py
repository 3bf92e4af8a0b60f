"""A whole month as one viewer may see it, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self
from uuid import UUID

from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import OperationCard
from samsyn.operations.queries.period import PlaceLine, operations_between, partakers_of, places_of, titles_of
from samsyn.planning.iso_week import Week, at
from samsyn.planning.queries.week import gathered

MONTHS: Final = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def named(cls, text: str) -> Self:
        """Return the month of ``2026-12``; ``ValueError`` for what is none, or far from now."""
        first = date.fromisoformat(f"{text}-01")
        if not FIRST_YEAR < first.year < LAST_YEAR:
            raise ValueError(text)
        return cls.of(first)

    @property
    def name(self) -> str:
        """The month as an address carries it."""
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    def beside(self, months: int) -> Self:
        """Return the month that is so many later."""
        n = self.year * MONTHS + self.number - 1 + months
        return type(self)(n // MONTHS, n % MONTHS + 1)

    @property
    def weeks(self) -> list[Week]:
        """Every ISO week that has a day of it."""
        last = self.beside(1).first - timedelta(days=1)
        first = Week.of(self.first).monday
        return [Week(first + timedelta(weeks=n)) for n in range((last - first).days // 7 + 1)]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first midnight of its weeks until the one after their last day."""
        weeks = self.weeks
        return at(weeks[0].monday, time(0)), at(weeks[-1].monday + timedelta(weeks=1), time(0))


@dataclass(frozen=True, slots=True)
class MonthRead:
    """What was read; ``visits`` and ``partakers`` by operation."""

    month: Month
    viewer: Viewer
    now: datetime
    operations: Sequence[OperationCard]
    titles: Mapping[UUID, str]
    visits: Mapping[UUID, Sequence[PlaceLine]]
    partakers: Mapping[UUID, frozenset[UUID]]


def read_month(uow: UnitOfWork, month: Month) -> MonthRead:
    """Read a month with the days of other months in its weeks."""
    operations = operations_between(uow, *month.span)
    ids = {one.id for one in operations}
    return MonthRead(
        month,
        uow.viewer,
        uow.now,
        operations,
        titles_of(uow, ids),
        gathered(places_of(uow, ids), lambda one: one.operation_id),
        partakers_of(uow, ids),
    )
