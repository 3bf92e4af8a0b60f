"""A week as people in Sweden plan it: an ISO week with its ISO year, its days on Sweden's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self

from samsyn.core.home import HOME, local_day
from samsyn.planning.rules import Span

TYPED: Final = re.compile(r"(?:(20\d\d)[- ]*)?(?:[wv]\.?)? ?(\d{1,2})", re.IGNORECASE)
WORKING: Final = (time(8), time(17))
"""Working hours that are assumed until somebody says otherwise (PRODUCT)."""
WORKDAYS: Final = 5
DAYS: Final = 7


def at(day: date, clock: time) -> datetime:
    """Return the moment in UTC of a day and time on Sweden's clock."""
    return datetime.combine(day, clock, HOME).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday. A day lasts 23 or 25 hours where the clocks change."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def typed(cls, text: str, today: date) -> Self:
        """Return the week that somebody typed: "48", "v. 48" or "2026-W48"; today's when nothing was typed.

        A number alone is the week nearest to today: in the first days of January "52" means the one just past.
        Raise ``ValueError`` for a week that does not exist.
        """
        if not text.strip():
            return cls.of(today)
        match = TYPED.fullmatch(text.strip())
        if match is None:
            raise ValueError("no week")
        number = int(match[2])
        if match[1]:
            return cls(date.fromisocalendar(int(match[1]), number, 1))
        year, here = today.isocalendar().year, cls.of(today).monday
        found = [monday for one in (year - 1, year, year + 1) if (monday := monday_of(one, number))]
        if not found:
            raise ValueError("no week")
        return cls(min(found, key=lambda monday: (abs(monday - here), -monday.toordinal())))

    @property
    def name(self) -> str:
        """The week as an address carries it: ``2026-W48``."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        """The ISO number."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """The ISO year, which is that of the Thursday."""
        return self.monday.isocalendar().year

    @property
    def days(self) -> list[date]:
        """Monday to Sunday."""
        return [self.monday + timedelta(days=n) for n in range(DAYS)]

    @property
    def span(self) -> Span:
        """From Monday 00:00 until the next Monday 00:00."""
        return at(self.monday, time(0)), at(self.monday + timedelta(days=DAYS), time(0))

    def beside(self, weeks: int) -> Week:
        """Return a week before or after."""
        return Week(self.monday + timedelta(weeks=weeks))

    def day_of(self, starts_at: datetime) -> date:
        """Return the day that something stands on: the one it begins, or Monday for what began before the week."""
        return max(local_day(starts_at), self.monday)


def monday_of(year: int, number: int) -> date | None:
    """Return a week's Monday, or nothing for a week that the year does not have."""
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def working(day: date) -> Span:
    """Return the working hours that are assumed on a day."""
    return at(day, WORKING[0]), at(day, WORKING[1])


def is_workday(day: date) -> bool:
    """Say whether the day is Monday to Friday; red days are not known here."""
    return day.weekday() < WORKDAYS
