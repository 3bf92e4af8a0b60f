from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.cli.practice.clock import Clock, weekly
from samsyn.core.home import HOME, local_day

REFERENCE = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def test_day_zero_is_the_monday_of_the_week_in_which_it_is_loaded() -> None:
    assert REFERENCE.day_zero == date(2026, 11, 16)
    assert REFERENCE.date_of(43).isocalendar()[:2] == (2026, 53)
    late = Clock(datetime(2026, 11, 15, 23, 30, tzinfo=UTC))  # half past midnight on Monday, in Sweden
    assert late.day_zero == date(2026, 11, 16)


def test_a_time_that_happens_twice_means_the_first_and_a_day_may_end_at_24() -> None:
    assert REFERENCE.at(-22, "02:45") == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert REFERENCE.span(-23, "22:30", "03:15")[1] == datetime(2026, 10, 25, 2, 15, tzinfo=UTC)
    assert REFERENCE.at(0, "24:00") == REFERENCE.at(1, "00:00")


@pytest.mark.parametrize(
    ("now", "squeeze"), [("2026-11-22", date(2027, 5, 7)), ("2027-04-20", date(2027, 5, 7)), ("2027-04-25", None)]
)
def test_the_squeeze_day_is_one_working_day_between_free_ones(now: str, squeeze: date | None) -> None:
    clock = Clock(datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    found = clock.date_of(clock.squeeze_day())
    assert found - local_day(clock.now) >= timedelta(days=14)
    assert squeeze is None or found == squeeze


def test_the_pledges_year_changes_on_17_february() -> None:
    assert [Clock(datetime(2027, 2, d, 12, tzinfo=UTC)).year(0) for d in (16, 17)] == [2026, 2027]


@given(st.integers(0, 7 * 366 * 24), st.integers(-700, 400))
def test_a_day_of_the_town_has_the_weekday_that_its_number_says(hour: int, day: int) -> None:
    clock = Clock(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hour))
    assert clock.date_of(day).weekday() == day % 7
    assert clock.day_of(clock.date_of(day)) == day
    assert clock.at(day, "18:30").astimezone(HOME).strftime("%H:%M") == "18:30"
    assert 0 <= clock.day_of(local_day(clock.now)) <= 6


def test_a_week_is_told_by_ranges_of_days() -> None:
    assert list(weekly({"thu-sat": "16:00-02:00"})) == [(day, "16:00", "02:00") for day in (3, 4, 5)]
