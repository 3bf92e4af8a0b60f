"""Weeks, red days, common times, closed doors: what the week planner counts, against counting by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.businesses.queries import OpenLine
from samsyn.core.home import HOME
from samsyn.planning.clashes import is_open
from samsyn.planning.free_time import common_times, on_duty
from samsyn.planning.iso_week import Week, at, working
from samsyn.planning.red_days import DayKind, kind_of, red_days
from samsyn.planning.rules import Span

MONDAY = date(2027, 3, 1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "today", "name"),
    [
        ("", date(2026, 12, 31), "2026-W53"),
        ("", date(2027, 1, 1), "2026-W53"),
        ("", date(2026, 1, 1), "2026-W01"),
        ("2026-W53", date(2026, 1, 1), "2026-W53"),
        ("v. 48", date(2026, 11, 25), "2026-W48"),
        ("48", date(2026, 11, 25), "2026-W48"),
        ("2026 48", date(2026, 11, 25), "2026-W48"),
        ("1", date(2026, 12, 31), "2027-W01"),
        ("53", date(2027, 1, 5), "2026-W53"),
        ("1", date(2026, 1, 1), "2026-W01"),
    ],
)
def test_a_week_is_an_iso_week_with_its_iso_year(typed: str, today: date, name: str) -> None:
    week = Week.typed(typed, today)
    assert (week.name, f"{week.year}-W{week.number:02}") == (name, name)


@pytest.mark.parametrize("typed", ["54", "0", "2027-W53", "veckan", "2026-W99", "48; DROP", "W"])
def test_a_week_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"week|date"):
        Week.typed(typed, date(2026, 11, 25))


def test_weeks_fifty_three_and_one_stand_beside_each_other() -> None:
    assert Week.typed("2026-W53", MONDAY).beside(1).name == "2027-W01"
    assert Week.typed("2027-W01", MONDAY).beside(-1).name == "2026-W53"


@pytest.mark.parametrize(("name", "hours"), [("2027-W12", 167), ("2027-W43", 169), ("2027-W09", 168)])
def test_a_week_lasts_an_hour_less_or_more_where_the_clocks_change(name: str, hours: int) -> None:
    first, last = Week.typed(name, MONDAY).span
    assert last - first == timedelta(hours=hours)


@given(st.dates(date(2000, 1, 10), date(2099, 12, 20)))
def test_every_day_is_in_its_week_and_the_name_leads_back(day: date) -> None:
    week = Week.of(day)
    assert day in week.days
    assert Week.typed(week.name, MONDAY) == week
    assert week.span[0] <= at(day, time(12)) < week.span[1]


def test_red_squeeze_and_short_days_are_known_in_both_languages() -> None:
    days = Week.typed("2026-W20", MONDAY).days
    swedish, english = red_days(days, "sv"), red_days(days, "en")
    assert {day.isoformat(): one.kind for day, one in swedish.items()} == {
        "2026-05-13": DayKind.SHORT,
        "2026-05-14": DayKind.RED,
        "2026-05-15": DayKind.SQUEEZE,
    }
    assert swedish[date(2026, 5, 15)].name == "Klämdag"
    assert english[date(2026, 5, 14)].name == "Ascension Day"
    assert kind_of(date(2026, 12, 31)) is DayKind.RED
    assert kind_of(MONDAY) is None


minutes = st.integers(0, 14 * 4).map(lambda n: at(MONDAY, time(6)) + timedelta(minutes=15 * n))
spans = st.tuples(minutes, minutes).filter(lambda one: one[0] < one[1])
taken = st.lists(st.lists(spans, max_size=4), min_size=1, max_size=5)
QUARTERS = [at(MONDAY, time(8)) + timedelta(minutes=15 * n) for n in range(9 * 4)]


def is_free(moment: datetime, busy: list[Span]) -> bool:
    return not any(first <= moment < last for first, last in busy)


@settings(deadline=None)
@given(taken)
def test_who_is_on_duty_is_who_has_a_quarter_left(busy: list[list[Span]]) -> None:
    away = {UUID(int=n): times for n, times in enumerate(busy)}
    by_hand = sum(any(is_free(q, times) for q in QUARTERS) for times in busy)
    assert on_duty(away, away, [MONDAY]) == by_hand


@settings(deadline=None)
@given(taken, taken)
def test_common_times_are_the_hours_for_which_each_group_has_somebody(
    first: list[list[Span]], second: list[list[Span]]
) -> None:
    everybody = [*first, *second]
    away = {UUID(int=n): times for n, times in enumerate(everybody)}
    people = list(away)
    groups = [people[: len(first)], people[len(first) :]]
    found = common_times(groups, away, [MONDAY], LONG_AGO)
    hour = [timedelta(minutes=15 * n) for n in range(4)]

    def good(begins: datetime) -> bool:
        """Whether each group has somebody who is free in each quarter of an hour from then on."""
        quarters = [begins + one for one in hour]
        return quarters[-1] in QUARTERS and all(
            any(all(is_free(q, away[one]) for q in quarters) for one in group) for group in groups
        )

    whole: list[Span] = []
    for q in filter(good, QUARTERS):
        if whole and good(q - hour[1]):
            whole[-1] = (whole[-1][0], q + timedelta(hours=1))
        else:
            whole.append((q, q + timedelta(hours=1)))
    assert found == whole


def test_nobody_chosen_is_no_suggestion_and_what_is_past_is_none() -> None:
    whole = working(MONDAY)
    assert common_times([], {}, [MONDAY], LONG_AGO) == []
    assert common_times([[UUID(int=1)], []], {}, [MONDAY], LONG_AGO) == []
    assert common_times([[UUID(int=1)]], {}, [MONDAY], LONG_AGO) == [whole]
    assert common_times([[UUID(int=1)]], {}, [MONDAY], at(MONDAY, time(10, 7))) == [
        (at(MONDAY, time(10, 15)), whole[1])
    ]
    assert common_times([[UUID(int=1)]], {}, [MONDAY], at(MONDAY, time(16, 30))) == []


@pytest.mark.parametrize("monday", ["2027-W12", "2027-W43"])
def test_working_hours_stay_eight_to_seventeen_when_the_clocks_change(monday: str) -> None:
    for day in Week.typed(monday, MONDAY).days:
        first, last = (one.astimezone(HOME) for one in working(day))
        assert (first.hour, last.hour, first.date(), last.date()) == (8, 17, day, day)


def test_a_bar_that_closes_after_midnight_is_open_then() -> None:
    friday = date(2027, 3, 5)
    lines = [OpenLine(5, 18 * 60, 26 * 60), OpenLine(7, 12 * 60, 25 * 60)]
    assert not is_open(lines, at(friday, time(17, 59)))
    assert is_open(lines, at(friday, time(18)))
    assert is_open(lines, at(friday + timedelta(days=1), time(1, 59)))
    assert not is_open(lines, at(friday + timedelta(days=1), time(2)))
    assert is_open(lines, at(friday + timedelta(days=3), time(0, 30)))  # Sunday's, on Monday
