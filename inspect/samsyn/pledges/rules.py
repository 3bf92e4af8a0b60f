"""Words of what is promised and counted, the days of a quarter, and whether a promise keeps its pace. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from samsyn.core.errors import InvalidError

QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")
QUARTERS: Final = (1, 2, 3, 4)
MOST_TEXT: Final = 500
MOST_TARGET: Final = 10_000
MOST_DAYS: Final = 366
MOST_MINUTES: Final = 60_000
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Measure(StrEnum):
    """What is counted of an authority's done visits; ``joint_visits`` are those with another authority beside it.

    ``returns_due``: after how many a return was due by a day of the quarter; kept in time, or late.
    Minutes are of its own people, in the dimensions ``operations`` and ``activities``.
    """

    VISITS = "visits"
    JOINT_VISITS = "joint_visits"
    RETURNS_DUE = "returns_due"
    RETURNS_KEPT = "returns_kept"
    RETURNS_LATE = "returns_late"
    PLANNED_MINUTES = "planned_minutes"
    SPENT_MINUTES = "spent_minutes"


class PledgeState(StrEnum):
    """A pledge is written, then signed and in force, and in the end evaluated."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    EVALUATED = "evaluated"


class CommitmentForm(StrEnum):
    """How a commitment counts.

    ``occasions``: at least ``target`` of a kind in the year; ``coverage``: every premises with a permit of a kind
    once; ``share``: at least ``target`` per cent of the operations are led by another than one authority; ``date``:
    done by a day; ``return_visit``: each party is back within so many days where it found a deficiency.
    """

    OCCASIONS = "occasions"
    COVERAGE = "coverage"
    SHARE = "share"
    DATE = "date"
    RETURN_VISIT = "return_visit"


class ActivityKind(StrEnum):
    """What is done for a pledge; ``operation`` lines are counted from its visits and never typed."""

    OPERATION = "operation"
    SAFETY_WALK = "safety_walk"
    DIALOGUE = "dialogue"
    PATROL = "patrol"
    TRAINING = "training"
    PREVENTION = "prevention"
    PICTURE = "picture"
    COUNCIL = "council"


TYPED: Final = tuple(kind for kind in ActivityKind if kind is not ActivityKind.OPERATION)


class ActivityState(StrEnum):
    """How far an activity is; what was called off keeps its reason."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Pace(StrEnum):
    """How a commitment stands on a day: kept, able to be kept, soon due, behind, or not kept when its time is over.

    ``UNKNOWN``: of returns of a year that is over no number was handed in, none being due or too few to be told.
    """

    KEPT = "kept"
    ON_PACE = "on_pace"
    PLANNED = "planned"
    SOON = "soon"
    BEHIND = "behind"
    NOT_KEPT = "not_kept"
    UNKNOWN = "unknown"


BEFORE: Final = timedelta(days=30)
"""How long before its day, or the end of its year, a promise that is not done yet is warned of."""


def quarter_days(quarter: str) -> tuple[date, date]:
    """Return the first day of a quarter ("2026-Q4") and the first day after it; ``InvalidError`` for anything else."""
    found = QUARTER.fullmatch(quarter)
    if found is None or not 1 <= (year := int(found[1])) < date.max.year:
        raise InvalidError("no such quarter", fields={"quarter": ["like 2026-Q4"]})
    month = int(found[2]) * 3 - 2
    return date(year, month, 1), date(year + month // 10, (month + 2) % 12 + 1, 1)


def quarter_of(day: date) -> int:
    """Return the quarter of a day, 1 to 4: of the calendar's year, also in a week 53."""
    return (day.month + 2) // 3


def gone(year: int, today: date) -> float:
    """Return how much of a year is over on a day, 0 to 1; the day itself is not."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return min(max((today - first).days / (after - first).days, 0.0), 1.0)


def nearly_over(year: int, today: date) -> bool:
    """Say whether a year ends within ``BEFORE``: what is not done by then needs to be planned by now."""
    return date(year, 12, 31) - BEFORE < today <= date(year, 12, 31)


def pace(promised: int, done: int, planned: int, part_gone: float, *, soon: bool = False) -> Pace:
    """Say how a number stands: what should be done by now is ``promised`` times the part of the year that is gone.

    Behind is warned of while there is time, also where the rest is planned for: only what is planned counts as able.
    ``soon``: the year is nearly over. The part of it that is gone is then a whole number less than what was promised
    until its last day, so that the last one to do would never be warned of.
    """
    if done >= promised and (promised or part_gone >= 1):
        return Pace.KEPT
    if part_gone >= 1:
        return Pace.NOT_KEPT
    if done >= int(promised * part_gone) and not soon:
        return Pace.ON_PACE
    if done + planned >= promised:
        return Pace.PLANNED
    return Pace.SOON if done >= int(promised * part_gone) else Pace.BEHIND
