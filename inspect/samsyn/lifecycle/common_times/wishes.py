"""What a planner may wish of a common time, and which hours are meant by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from samsyn.core.home import HOME, local_day
from samsyn.operations.queries import OperationCard
from samsyn.planning.iso_week import WORKING, Week, is_workday
from samsyn.planning.red_days import SHORT_UNTIL, DayKind, kind_of
from samsyn.planning.slots.grid import Grid, between

WEEKS: Final = (1, 2, 4, 8)
"""For how many weeks may be searched at once."""
USUAL_WEEKS: Final = 4
EVENING: Final = (time(16), time(0))
DIGITS: Final = 2


class Hours(StrEnum):
    """At which hours it may be, and so which are assumed of people of whom no shifts are known."""

    WORKING = "working"  # Monday to Friday 8 to 17 but on red days, and when shifts of the people are known, in them
    EVENING = "evening"  # from 16 until midnight, every day
    ANY = "any"  # at any hour of any day


@dataclass(frozen=True, slots=True)
class Wish:
    """Which weeks and hours, and what is asked otherwise than the plan says.

    ``least``: so many people of a need, 0 for none; ``without``: named people or places that do not count;
    ``shorter``: it may end with its last visit.
    """

    week: Week
    weeks: int = USUAL_WEEKS
    hours: Hours = Hours.WORKING
    least: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = field(default_factory=frozenset)
    shorter: bool = False

    @property
    def grid(self) -> Grid:
        """The quarters that are searched."""
        return Grid(self.week.monday, 7 * self.weeks)


def usual_hours(operation: OperationCard) -> Hours:
    """Return the hours at which an operation stands now: an evening or a weekend is meant to be one."""
    local = operation.starts_at.astimezone(HOME)
    ends = (local + (operation.ends_at - operation.starts_at)).time()
    if local.time() >= EVENING[0] and (ends > local.time() or ends == EVENING[1]):
        return Hours.EVENING
    office = is_workday(local.date()) and WORKING[0] <= local.time() < ends <= WORKING[1]
    return Hours.WORKING if office else Hours.ANY


def first_week(operation: OperationCard, today: date) -> Week:
    """Return the week from which is searched as a rule: the operation's, or this one where that is over."""
    return Week.of(max(local_day(operation.starts_at), today))


def least_of(said: Iterable[str]) -> dict[str, int]:
    """Read how many people are wanted: ``<key>:<number>`` each; what is no such thing is left out."""
    found = {}
    for one in said:
        key, _, number = one.rpartition(":")
        if number.isascii() and number.isdigit() and len(number) <= DIGITS:
            found[key] = int(number)
    return found


def days_of(grid: Grid) -> dict[date, DayKind]:
    """Return the days of a grid that are not ordinary ones."""
    days = (grid.first + timedelta(days=n) for n in range(grid.days))
    return {day: kind for day in days if (kind := kind_of(day)) is not None}


def assumed(grid: Grid, hours: Hours, days: Mapping[date, DayKind]) -> int:
    """Return the hours at which people are taken to be in service of whom nobody says otherwise."""
    return grid.on_clock(assumed_of(grid, hours, days))


def assumed_of(grid: Grid, hours: Hours, days: Mapping[date, DayKind]) -> Iterable[int]:
    """Yield those of each day, on the clock."""
    for day, _, _ in grid.each_day():
        kind = days.get(day)
        if hours is Hours.ANY:
            yield between(time(0), time(0))
        elif hours is Hours.EVENING:
            yield between(*EVENING)
        elif not is_workday(day) or kind is DayKind.RED:
            yield 0
        else:
            yield between(WORKING[0], SHORT_UNTIL if kind is DayKind.SHORT else WORKING[1])
