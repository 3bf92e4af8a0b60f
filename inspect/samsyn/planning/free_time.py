"""Who is in service, and when everybody could meet: from the hours that are known, else from assumed ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final
from uuid import UUID

from samsyn.planning.iso_week import working
from samsyn.planning.rules import Span, merged, without

SHORTEST: Final = timedelta(hours=1)
"""A shorter time is no suggestion."""
QUARTER: Final = timedelta(minutes=15)
Taken = Mapping[UUID, Sequence[Span]]
"""By person, the times that are taken."""


def meet(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """Return the time that is in both."""
    left = merged(first)
    return without(left, without(left, second))


def overlaps(first: Span, second: Span) -> bool:
    """Say whether two times share a moment; the end of one may be the start of the other."""
    return first[0] < second[1] and second[0] < first[1]


def covered(whole: Span, taken: Iterable[Span]) -> bool:
    """Say whether nothing of a time is left."""
    return not without([whole], taken)


def on_duty(people: Iterable[UUID], away: Taken, days: Sequence[date]) -> int:
    """Return how many of the people can be had for some of the working hours of one of the days."""
    hours = [working(day) for day in days]
    return sum(any(not covered(day, away.get(person, ())) for day in hours) for person in people)


def anybody_free(people: Iterable[UUID], taken: Taken, hours: Span) -> list[Span]:
    """Return when at least one of the people has nothing."""
    off = [[one for one in taken.get(person, ()) if overlaps(one, hours)] for person in people]
    if not all(off):
        return [hours]  # somebody has nothing at all: no need to look at the others
    return merged(span for times in off for span in without([hours], times))


def common_times(groups: Sequence[Sequence[UUID]], taken: Taken, days: Iterable[date], now: datetime) -> list[Span]:
    """Return when each group has at least one person free within the working hours of the days, from now on.

    Nothing for no group: a time that suits nobody in particular is no suggestion.
    """
    if not groups:
        return []
    found: list[Span] = []
    for day in days:
        hours = working(day)
        each = [anybody_free(people, taken, hours) for people in groups]
        found += without(reduce(meet, each), [(hours[0], next_quarter(now))] if now > hours[0] else [])
    return [span for span in found if span[1] - span[0] >= SHORTEST]


def next_quarter(moment: datetime) -> datetime:
    """Return the next quarter of an hour, or the moment where it is one."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (QUARTER - over if over else over)
