"""Quarters of an hour in UTC from a midnight in Sweden on, and what Sweden's clock shows in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from samsyn.businesses.queries import OpenLine
from samsyn.core.quarters import QUARTER
from samsyn.planning.iso_week import DAYS, at
from samsyn.planning.rules import Span
from samsyn.planning.slots.bits import Run, run

A_DAY: Final = 96
CHANGES_AT: Final = 8
"""The quarter of the day at which the clocks of the Union change, on the clock that people see: 02:00 (2000/84/EC)."""
HOUR: Final = 4


@dataclass(frozen=True)
class Grid:
    """Some days from one on; a day has 92 or 100 quarters where the clocks change."""

    first: date
    days: int

    @cached_property
    def begins_at(self) -> datetime:
        """The midnight with which it begins, in UTC."""
        return at(self.first, time(0))

    @cached_property
    def ends_at(self) -> datetime:
        """The midnight before which it ends, in UTC."""
        return at(self.first + timedelta(days=self.days), time(0))

    def holds(self, moment: datetime) -> bool:
        """Say whether a moment lies in these days."""
        return self.begins_at <= moment < self.ends_at

    @cached_property
    def epoch(self) -> int:
        """How many quarters after 1970 it begins: what the database counts from."""
        return int(self.begins_at.timestamp()) // QUARTER

    @cached_property
    def count(self) -> int:
        """How many quarters it has."""
        return int(self.ends_at.timestamp()) // QUARTER - self.epoch

    @cached_property
    def whole(self) -> int:
        """Every quarter."""
        return run(0, self.count)

    def moment(self, n: int) -> datetime:
        """Return when a quarter begins, in UTC."""
        return self.begins_at + timedelta(seconds=n * QUARTER)

    def touched(self, span: Span) -> Run:
        """Return every quarter of which a time takes something: what is taken in part is taken."""
        begins, ends = (moment.timestamp() for moment in span)
        return self.cut(int(begins // QUARTER) - self.epoch, -int(-ends // QUARTER) - self.epoch)

    def cut(self, first: int, last: int) -> Run:
        """Return what of a run lies in the grid."""
        return max(0, min(first, self.count)), max(0, min(last, self.count))

    def counted(self, firsts: Sequence[int], lasts: Sequence[int]) -> int:
        """Return runs together whose quarters are counted from 1970: where they begin, and before which they end."""
        base = min(firsts, default=self.epoch)
        found = 0
        for first, last in zip(firsts, lasts, strict=True):  # thousands of them: no calls in here
            found |= ((1 << (last - first)) - 1) << (first - base)
        before = self.epoch - base
        return (found >> before if before > 0 else found << -before) & self.whole

    @cached_property
    def midnights(self) -> list[int]:
        """With which quarter each day begins, and at the end with which the next one would."""
        days = (self.first + timedelta(days=n) for n in range(self.days + 1))
        return [int(at(day, time(0)).timestamp()) // QUARTER - self.epoch for day in days]

    def each_day(self) -> Iterator[tuple[date, int, int]]:
        """Yield each day with its first quarter and how many it has."""
        for n in range(self.days):
            begins = self.midnights[n]
            yield self.first + timedelta(days=n), begins, self.midnights[n + 1] - begins

    def on_clock(self, days: Iterable[int]) -> int:
        """Return the quarters at which the clock shows what each day's 96 quarters hold, one integer a day.

        The hour that is skipped in spring is left out; the one that comes twice in autumn is there twice.
        """
        found = 0
        for (_, begins, length), hours in zip(self.each_day(), days, strict=True):
            found |= shown(hours, length) << begins
        return found

    def weekly(self, week: Sequence[int]) -> int:
        """Return the quarters of a week that repeats itself, Monday first."""
        weekday = self.first.weekday()
        return self.on_clock(week[(weekday + n) % DAYS] for n in range(self.days))

    def of_days(self, days: Iterable[date]) -> int:
        """Return all the quarters of some days; days outside are left out."""
        found = 0
        for day in days:
            n = (day - self.first).days
            if 0 <= n < self.days:
                found |= run(self.midnights[n], self.midnights[n + 1])
        return found


def shown(hours: int, length: int) -> int:
    """Return how 96 quarters of a clock lie in a day of so many."""
    if length == A_DAY:
        return hours
    before = hours & run(0, CHANGES_AT)
    if length < A_DAY:
        return before | hours >> (CHANGES_AT + HOUR) << CHANGES_AT
    return hours & run(0, CHANGES_AT + HOUR) | hours >> CHANGES_AT << (CHANGES_AT + HOUR)


def between(first: time, last: time) -> int:
    """Return the quarters of a day from one time until another; midnight at the end is the day's end."""
    ends = last.hour * HOUR + last.minute // 15
    return run(first.hour * HOUR + first.minute // 15, ends or A_DAY)


def week_of(lines: Iterable[OpenLine]) -> list[int]:
    """Return a business's week: each day's quarters in which it is open all the time, the night before's among them."""
    week = [0] * DAYS
    for line in lines:
        hours = run(-(-line.opens // 15), line.closes // 15)
        week[line.weekday - 1] |= hours & run(0, A_DAY)
        week[line.weekday % DAYS] |= hours >> A_DAY
    return week
