"""A campaign's minutes and travel, and the planner's kernel, which no web process loads."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.planning.campaigns.travel import hours_on, kilometres, minutes_between, table
from samsyn.planning.queries.asked_plan import campaign_hours
from samsyn.planning.queries.campaigns import CampaignCard
from samsyn.planning.slots.bits import runs_of

LOADED = "import samsyn.web.app, sys; print([m for m in sys.modules if m.startswith('samsyn.planning.campaigns.')])"
POINT = st.tuples(st.floats(55, 69), st.floats(11, 24))


def card(first_on: date, days: int, *, weekends: bool) -> CampaignCard:
    key = UUID(int=1)
    return CampaignCard(key, key, key, "Kampanj", first_on, days, 960, 1320, weekends, (), 15, 4)


@pytest.mark.parametrize(
    ("first_on", "days", "weekends", "expected"),
    [
        (date(2027, 3, 4), 4, False, 2),  # Thursday and Friday of an ordinary week
        (date(2027, 3, 4), 4, True, 4),
        (date(2027, 3, 25), 6, False, 2),  # Good Friday and Easter Monday are red
    ],
)
def test_a_campaign_has_its_hours_on_ordinary_days(first_on: date, days: int, *, weekends: bool, expected: int) -> None:
    runs = list(runs_of(campaign_hours(card(first_on, days, weekends=weekends))))
    assert len(runs) == expected
    assert {last - first for first, last in runs} == {24}


def test_the_hours_stay_on_the_clock_where_it_changes() -> None:
    spring = card(date(2027, 3, 27), 3, weekends=True)  # the clocks change in the night to the 28th
    moments = [spring.moment(first * 15).astimezone().timestamp() for first, _ in runs_of(campaign_hours(spring))]
    assert [later - earlier for earlier, later in itertools.pairwise(moments)] == [23 * 3600, 24 * 3600]


@given(POINT, POINT)
def test_a_way_is_as_long_back_and_never_shorter_than_the_distance(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = minutes_between(one, other)
    assert there == minutes_between(other, one)
    assert 0 <= there <= 600
    assert there == 600 or there >= kilometres(one, other) / 70 * 60 - 1e-6
    assert table([one, other])[0][0] == 0


@pytest.mark.parametrize(
    ("road", "minutes"), [(0.0, 0.0), (3.0, 6.0), (10.0, 6.0 + 7 / 50 * 60), (80.0, 6.0 + 7 / 50 * 60 + 60.0)]
)
def test_a_way_goes_through_streets_then_roads_then_highway(road: float, minutes: float) -> None:
    assert hours_on(road) * 60 == pytest.approx(minutes)


def test_the_web_loads_nothing_of_the_planners_kernel() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout
    for name in ("board", "search", "instance", "steps", "ledger"):
        assert f"campaigns.{name}'" not in loaded
