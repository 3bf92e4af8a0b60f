"""Who is in service, and when everybody could meet: from the hours that are known, else from assumed ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from samsyn.planning.iso_week import WORKING, working
from samsyn.planning.rules import Span, without
from samsyn.planning.slots.bits import runs_of, united
from samsyn.planning.slots.grid import Grid, between
from samsyn.planning.slots.search import Free, Need, Question, possible

SHORTEST: Final = 4
"""Quarters of an hour: a shorter time is no suggestion."""
Taken = Mapping[UUID, Sequence[Span]]
"""By person, the times that are taken."""


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


def common_times(groups: Sequence[Sequence[UUID]], taken: Taken, days: Sequence[date], now: datetime) -> list[Span]:
    """Return when each group has somebody for an hour within the working hours of the days, from now on.

    The hour may begin at every quarter of such a time that leaves it whole; so two of them may share some of it.
    Nothing for no group: a time that suits nobody in particular is no suggestion.
    """
    if not groups or not days:
        return []
    grid = Grid(min(days), (max(days) - min(days)).days + 1)
    hours = grid.on_clock(between(*WORKING) if day in days else 0 for day, _, _ in grid.each_day())
    number = {person: n for n, person in enumerate(dict.fromkeys(person for group in groups for person in group))}
    off = [united(grid.touched(span) for span in taken.get(person, ())) for person in number]
    asked = Question(
        window=hours,
        before=0,
        lasts=SHORTEST,
        people=[Free(0, hours & ~busy) for busy in off],
        needs=tuple(Need(str(n), tuple(number[one] for one in group), 1) for n, group in enumerate(groups)),
        earliest=grid.touched((now, now))[1],
    )
    return [(grid.moment(first), grid.moment(last + SHORTEST - 1)) for first, last in runs_of(possible(asked))]
