"""Days and times of the practice town: everything is told relative to the Monday of the week in which it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

import holidays

from samsyn.core.home import HOME, local_day

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLEDGE_FROM: Final = (2, 17)
"""From this month and day the year's own pledge is in force; before it the last year's."""
SQUEEZE_AHEAD: Final = 14
MINUTES: Final = 24 * 60


@dataclass(frozen=True)
class Clock:
    """``now`` is the moment of loading (aware)."""

    now: datetime

    @cached_property
    def day_zero(self) -> date:
        """Return the Monday of the ISO week of loading, in Sweden."""
        today = local_day(self.now)
        return today - timedelta(days=today.weekday())

    def date_of(self, day: int) -> date:
        """Return the date of a day of the town."""
        return self.day_zero + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """Return which day of the town a date is."""
        return (when - self.day_zero).days

    def at(self, day: int, told: str = "09:00") -> datetime:
        """Return a local time as UTC; one that happens twice means the first, "24:00" is the next midnight."""
        minutes = minutes_of(told)
        day, minutes = day + minutes // MINUTES, minutes % MINUTES
        local = datetime.combine(self.date_of(day), time(minutes // 60, minutes % 60), HOME)
        return local.astimezone(UTC)

    def span(self, day: int, start: str, end: str) -> tuple[datetime, datetime]:
        """Return a time that, where it ends at or before its start, ends the next day."""
        return self.at(day, start), self.at(day + (minutes_of(end) <= minutes_of(start)), end)

    def year(self, offset: int) -> int:
        """Return the year whose pledge is in force (0), or one before it (-1)."""
        today = local_day(self.now)
        return today.year - ((today.month, today.day) < PLEDGE_FROM) + offset

    def day_in(self, said: Mapping[str, Any]) -> int:
        """Return the day of what is told as year, ISO week and weekday, or as year, month and day."""
        year = self.year(said["year"])
        if "week" in said:
            return self.day_of(date.fromisocalendar(year, said["week"], said["weekday"]))
        return self.day_of(date(year, said["month"], said["day"]))

    def squeeze_day(self) -> int:
        """Return the first working day between two free days that is at least two weeks ahead."""
        today = local_day(self.now)
        red = holidays.country_holidays("SE", years=range(today.year, today.year + 3))

        def free(day: date) -> bool:
            return day.weekday() >= DAYS.index("sat") or day in red

        day = today + timedelta(days=SQUEEZE_AHEAD)
        while free(day) or not free(day - timedelta(days=1)) or not free(day + timedelta(days=1)):
            day += timedelta(days=1)
        return self.day_of(day)


def minutes_of(told: str) -> int:
    """Return the minutes after midnight of "19:30"."""
    hours, minutes = told.split(":")
    return int(hours) * 60 + int(minutes)


def weekly(told: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Give weekday (0 is Monday), start and end of each day of ``{"mon-fri": "08:00-16:30"}``."""
    for names, hours in told.items():
        first, _, last = names.partition("-")
        start, end = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", hours).groups()  # type: ignore[union-attr]
        for weekday in range(DAYS.index(first), DAYS.index(last or first) + 1):
            yield weekday, start, end
