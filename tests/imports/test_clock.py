"""From and to on Sweden's clock: the next day, the hour that comes twice, the one that does not come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.core.home import HOME
from samsyn.imports.reading.cells import FaultyError
from samsyn.imports.reading.shifts import as_clock, as_kind, at
from samsyn.planning.rules import LeaveKind


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("8", 480), ("08:00", 480), ("8.30", 510), ("0830", 510), ("kl. 8", 480), ("24:00", 1440), ("0", 0),
        (8.0, 480), (0.5, 720), (1 / 3, 480), ("08:00:00", 480),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_in_every_form(cell: str | float, minutes: int) -> None:
    assert as_clock(cell) == minutes


@pytest.mark.parametrize("cell", ["25", "24:01", "8:60", "åtta", "-1", "8,30", "8:00-16:00", "=8", 25.0, -0.5])
def test_what_is_no_time_of_day_is_refused(cell: str | float) -> None:
    with pytest.raises(FaultyError):
        as_clock(cell)


def test_the_hour_that_comes_twice_is_the_first_and_the_one_that_does_not_come_is_none() -> None:
    assert at(date(2027, 10, 31), 150) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert at(date(2027, 3, 28), 150) is None
    assert at(date(2027, 3, 28), 180) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert at(date(2027, 12, 31), 1440 + 30) == datetime(2027, 12, 31, 23, 30, tzinfo=UTC)


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 2 * 24 * 60))
def test_a_moment_reads_on_the_wall_as_it_was_written(day: date, minutes: int) -> None:
    moment = at(day, minutes)
    if moment is not None:
        wall = moment.astimezone(HOME).replace(tzinfo=None)
        assert wall == datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001


def test_nothing_of_health_is_a_kind_of_leave() -> None:
    assert {as_kind(word) for word in ("sjuk", "VAB", "Läkarbesök", "sick leave")} == {LeaveKind.OTHER}
    assert as_kind("Arbetspass") is None
