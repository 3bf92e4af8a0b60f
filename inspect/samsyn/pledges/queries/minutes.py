"""Read the time that members handed in as sums by quarter, and the own time of an activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import ActivityTime, Tally
from samsyn.pledges.rules import QUARTERS, Measure

OF: Final = ("operations", "activities")


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Minutes of an authority's own people in a year: planned and spent in each quarter, of one kind of work."""

    authority_id: UUID
    of: str
    planned: tuple[int, ...]
    spent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OwnTime:
    """The own minutes of an activity; version 0 is none written."""

    planned: int
    spent: int
    version: int


def time_of_year(uow: UnitOfWork, collaboration_id: UUID, year: int) -> list[TimeLine]:
    """What the members of a collaboration handed in for a year; empty for others. One statement."""
    quarters = [f"{year}-Q{n}" for n in QUARTERS]
    wanted = (Measure.PLANNED_MINUTES, Measure.SPENT_MINUTES)
    rows = select(Tally.authority_id, Tally.dimension, Tally.measure, Tally.quarter, Tally.n).where(
        Tally.collaboration_id == collaboration_id, Tally.quarter.in_(quarters), Tally.measure.in_(wanted)
    )
    found: dict[tuple[UUID, str], dict[tuple[str, str], int]] = {}
    for authority_id, of, measure, quarter, n in uow.session.execute(rows):
        found.setdefault((authority_id, of), {})[measure, quarter] = n

    def each(said: Mapping[tuple[str, str], int], measure: Measure) -> tuple[int, ...]:
        return tuple(said.get((measure, quarter), 0) for quarter in quarters)

    return [
        TimeLine(authority_id, of, each(said, wanted[0]), each(said, wanted[1]))
        for (authority_id, of), said in sorted(found.items(), key=lambda one: (str(one[0][0]), OF.index(one[0][1])))
    ]


def own_time(uow: UnitOfWork, activity_id: UUID) -> OwnTime:
    """Return the own minutes of an activity."""
    row = uow.session.get(ActivityTime, (uow.me, activity_id))
    return OwnTime(row.planned, row.spent, row.version) if row else OwnTime(0, 0, 0)
