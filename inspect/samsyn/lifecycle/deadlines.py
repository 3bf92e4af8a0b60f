"""Until when an authority hands in, and when it is reminded; in working days of Swedish offices."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from samsyn.core.home import HOME, local_day
from samsyn.planning.red_days import DayKind, kind_of

HAND_IN_DAYS: Final = 5
"""Working days after the last visit (PRODUCT, the gate to ``reported``)."""
REMIND_BEFORE: Final = (2, 0)
"""Days before that day on which who has not handed in is reminded."""
MORNING: Final = time(8)
SATURDAY: Final = 6


def works(day: date) -> bool:
    """Say whether offices are open."""
    return day.isoweekday() < SATURDAY and kind_of(day) is not DayKind.RED


def hand_in_day(ended_at: datetime) -> date:
    """Return the day by whose end an authority has handed in."""
    day, left = local_day(ended_at), HAND_IN_DAYS
    while left:
        day += timedelta(days=1)
        left -= works(day)
    return day


def hand_in_reminders(ended_at: datetime) -> list[datetime]:
    """Return the mornings on which who has not handed in is reminded."""
    day = hand_in_day(ended_at)
    return [datetime.combine(day - timedelta(days=before), MORNING, HOME) for before in REMIND_BEFORE]
