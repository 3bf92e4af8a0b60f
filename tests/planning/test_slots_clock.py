"""Quarters in UTC against Sweden's clock, also in the nights in which it changes: looked at minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.queries import OpenLine
from samsyn.core.home import HOME
from samsyn.planning.slots.grid import Grid, between, week_of
from samsyn.planning.slots.told import Told, free_of

MINUTE = timedelta(minutes=1)
mondays = st.sampled_from(
    [date(2027, 3, 1), date(2027, 3, 22), date(2027, 10, 25), date(2026, 12, 28), date(2028, 3, 20), date(2026, 10, 19)]
)
lines = st.lists(
    st.tuples(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1800)).map(
        lambda it: OpenLine(it[0], it[1], min(it[1] + it[2], 2880))
    ),
    max_size=4,
)


def quarters(first: date, days: int) -> list[datetime]:
    """Each quarter from a midnight in Stockholm until another, counted in UTC."""
    at = datetime.combine(first, time(0), HOME).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=days), time(0), HOME).astimezone(UTC)
    found = []
    while at < ends:
        found.append(at)
        at += timedelta(minutes=15)
    return found


def set_of(bits: int, count: int) -> list[bool]:
    assert bits.bit_length() <= count
    return [bool(bits >> n & 1) for n in range(count)]


def opened(hours: list[OpenLine], at: datetime) -> bool:
    """As a person reads it from the clock on the wall, today's line or last night's."""
    local = at.astimezone(HOME)
    minute = local.hour * 60 + local.minute
    for line in hours:
        if line.weekday == local.isoweekday() and line.opens <= minute < line.closes:
            return True
        if line.weekday % 7 + 1 == local.isoweekday() and line.opens <= minute + 1440 < line.closes:
            return True
    return False


@settings(deadline=None, max_examples=60)
@given(mondays, st.integers(1, 9), lines)
def test_a_business_is_open_in_a_quarter_when_it_is_in_each_minute_of_it(
    first: date, days: int, hours: list[OpenLine]
) -> None:
    grid = Grid(first, days)
    expected = [
        any(all(opened([one], at + n * MINUTE) for n in range(15)) for one in hours) for at in quarters(first, days)
    ]
    assert set_of(grid.weekly(week_of(hours)), grid.count) == expected


@pytest.mark.parametrize(("monday", "count"), [("2027-03-22", 668), ("2027-10-25", 676), ("2027-03-01", 672)])
def test_working_hours_are_what_the_clock_says_also_when_it_changes(monday: str, count: int) -> None:
    grid = Grid(date.fromisoformat(monday), 7)
    assert grid.count == count
    found = set_of(grid.on_clock([between(time(1), time(8, 30))] * 7), grid.count)
    for at, yes in zip(quarters(grid.first, 7), found, strict=True):
        assert yes == (time(1) <= at.astimezone(HOME).time() < time(8, 30))
        assert grid.moment(quarters(grid.first, 7).index(at)) == at


def test_a_day_ends_at_midnight_and_days_outside_are_left_out() -> None:
    grid = Grid(date(2027, 3, 1), 2)
    assert between(time(18), time(0)).bit_count() == 24
    assert grid.of_days([date(2027, 2, 28), date(2027, 3, 2), date(2027, 3, 3)]) == grid.whole >> 96 << 96


Minutes = tuple[int, int]
"""From one until before another, after the first midnight, counted in UTC."""
moments = st.integers(-200, 24 * 60 * 2 + 200)
spans = st.tuples(moments, st.integers(1, 600)).map(lambda it: (it[0], it[0] + it[1]))


readings = st.lists(st.tuples(st.lists(spans, max_size=3), st.lists(spans, max_size=3)), max_size=3)


@settings(deadline=None)
@given(mondays, readings, st.lists(spans, max_size=3), st.booleans())
def test_nobody_is_surely_free_at_a_time_that_is_taken_or_of_which_nobody_knows(
    first: date, said: list[tuple[list[Minutes], list[Minutes]]], held: list[Minutes], works: bool
) -> None:
    """``said``: taken and unknown, reading by reading; ``works``: whether hours are assumed."""
    grid = Grid(first, 2)
    begins = quarters(first, 2)[0]

    def runs(some: list[Minutes]) -> int:
        """As the database counts them."""
        since = begins.timestamp() // 60
        return grid.counted([int((since + a) // 15) for a, _ in some], [-int(-(since + b) // 15) for _, b in some])

    busy, unknown = [one for taken, _ in said for one in taken], [one for _, unknown in said for one in unknown]
    each = tuple(runs([*taken, *unknown]) for taken, unknown in said)
    free = free_of(Told(runs(busy), runs(unknown), runs(held), each), grid.whole if works else 0)
    shifts = set[int]()
    for pair in said:
        if told := quarters_of([*pair[0], *pair[1]]) & set(range(grid.count)):
            shifts |= set(range(min(told), max(told) + 1))
    shifts -= quarters_of([*busy, *unknown])
    known, taken = [n in shifts for n in range(grid.count)], quarters_of([*busy, *held])
    for n in range(grid.count):
        sure = known[n] and not is_longer_than_a_day(n, known)
        assert bool(free.sure >> n & 1) == (sure and n not in taken)
        assert bool(free.maybe >> n & 1) == ((sure or works) and n not in taken)


def is_longer_than_a_day(n: int, known: list[bool]) -> bool:
    first = last = n
    while first > 0 and known[first - 1]:
        first -= 1
    while last + 1 < len(known) and known[last + 1]:
        last += 1
    return last - first + 1 > 96


def quarters_of(spans: list[Minutes]) -> set[int]:
    """Those of which some time takes a minute."""
    return {minute // 15 for first, last in spans for minute in range(first, last)}
