"""The times that are told instead of one that cannot be: each goes by the rules, and none that goes is passed over."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from samsyn.planning.service.moving import tried, try_move
from samsyn.planning.service.nearby import APART, MOST, Look, nearest_starts
from samsyn.planning.verifier.verifying import verify
from tests.planning.test_moving import a_plan, somewhere


@pytest.mark.parametrize("seed", range(6))
def test_each_time_that_is_told_goes_by_the_rules(seed: int) -> None:
    (asked, plan), chance, told = a_plan(seed), Random(seed), 0
    now = {one["id"]: one["start"] for one in plan["visits"]}
    for _ in range(12):
        visit, start = somewhere(chance, asked)
        found = nearest_starts(asked, plan, visit["id"], start)
        assert len(found) <= MOST
        assert found == sorted(found)
        assert all(later - one >= APART for one, later in itertools.pairwise(found))
        assert now.get(visit["id"]) not in found
        for at in found:
            assert verify(asked, try_move(asked, plan, visit["id"], at).plan).violations == ()
        told += len(found)
    assert told > 12


@pytest.mark.parametrize("seed", range(6))
def test_where_a_visit_stands_there_is_room_for_it(seed: int) -> None:
    asked, plan = a_plan(seed)
    known = {one["id"]: one for one in asked["visits"]}
    for one in plan["visits"]:
        assert Look(asked, plan, known[one["id"]]).has_room(one["start"]), one


def test_what_is_nearest_is_what_a_search_of_every_start_finds() -> None:
    asked, plan = a_plan(1)
    known = {one["id"]: one for one in asked["visits"]}
    for one in plan["visits"][:6]:
        away = next(iter(sorted(Look(asked, plan, known[one["id"]]).starts(), reverse=True))) + 5 * asked["grid"]
        elsewhere = tried(asked, plan, one["id"], away, one["inspectors"]).plan
        goes = [
            at
            for at in Look(asked, elsewhere, known[one["id"]]).starts()
            if not try_move(asked, elsewhere, one["id"], at).clashes
        ]
        nearest = min(goes, key=lambda at: (abs(at - one["start"]), at))
        assert nearest in nearest_starts(asked, elsewhere, one["id"], one["start"])


def test_a_visit_that_is_none_has_no_time() -> None:
    asked, plan = a_plan(0)
    assert nearest_starts(asked, plan, "gone", 0) == []
