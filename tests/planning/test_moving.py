"""Moving by hand: what is tried beside what lies near says what the whole plan says, and costs little."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from samsyn.core.errors import NotFoundError
from samsyn.planning.service import moving
from samsyn.planning.service.moving import behind, near, tried, try_move
from samsyn.planning.verifier.verifying import Verdict, verify
from tests.planning.campaigns.made_up import neutral, problem, solved


def a_plan(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = problem(seed, visits=40, agencies=4, people=4, days=7)
    return neutral(asked), solved(asked, iterations=30).as_json()


def somewhere(chance: Random, asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """A visit and a start on the grid in its opening hours, mostly."""
    visit = chance.choice([one for one in asked["visits"] if one["windows"]])
    first, last = chance.choice(visit["windows"])
    return visit, -(-chance.randint(first, last) // asked["grid"]) * asked["grid"]


def test_near_says_what_the_whole_plan_says() -> None:
    told = 0
    for seed in range(6):
        (asked, plan), chance = a_plan(seed), Random(seed)
        for _ in range(25):
            visit, start = somewhere(chance, asked)
            agencies = {unit["agency"] for unit in visit["units"]}
            able = [one["id"] for one in asked["inspectors"] if one["agency"] in agencies]
            people = chance.sample(able, min(len(able), sum(unit["count"] for unit in visit["units"])))
            without = tried(asked, plan, visit["id"], start, people).plan
            rest = {"format": "samsyn-plan/1", "unscheduled": [{"id": visit["id"]}]}
            before = {str(one) for one in verify(asked, {**rest, "visits": [
                one for one in without["visits"] if one["id"] != visit["id"]
            ], "unscheduled": [*without["unscheduled"], {"id": visit["id"]}]}).violations}  # fmt: skip
            whole = {str(one) for one in tried(asked, plan, visit["id"], start, people).clashes}
            close = {str(one) for one in tried(*near(asked, plan, visit, start), visit["id"], start, people).clashes}
            assert close <= whole
            assert whole - close <= before
            told += bool(close)
    assert told > 50


def test_the_whole_plan_is_looked_at_twice_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def counted(asked: Any, plan: Any) -> Verdict:
        looks.append(len(asked["visits"]))
        return verify(asked, plan)

    monkeypatch.setattr(moving, "verify", counted)
    many = 0
    for seed in range(6):
        (asked, plan), chance = a_plan(seed), Random(seed)
        for _ in range(10):
            visit, start = somewhere(chance, asked)
            looks.clear()
            found = try_move(asked, plan, visit["id"], start)
            assert found.clashes == verify(asked, found.plan).violations
            assert sum(n == len(asked["visits"]) for n in looks) <= 2
            assert len(looks) <= moving.MOST_TRIED + 3
            many += len(looks) > 10
    assert many > 10


def test_behind_another_visit_is_after_the_way_to_the_meeting_the_briefing_and_the_way_on() -> None:
    checked = 0
    for seed in range(4):
        asked, plan = a_plan(seed)
        order = {one["id"]: n for n, one in enumerate(asked["locations"])}
        known, starts = {one["id"]: one for one in asked["visits"]}, {one["id"]: one["start"] for one in plan["visits"]}
        for other, visit in itertools.permutations(sorted(starts)[:8], 2):
            start, of = behind(asked, plan, visit, other), known[visit]
            ends, left = starts[other] + known[other]["duration"], order[known[other]["location"]]
            meets = order[of["briefing"]["location"]] if of["briefing"] else order[of["location"]]
            begins = start - (of["briefing"]["minutes"] if of["briefing"] else 0)
            begins -= asked["travel"][meets][order[of["location"]]] if of["briefing"] else 0
            spare = begins - ends - asked["travel"][left][meets]
            assert 0 <= spare < asked["grid"]
            assert start % asked["grid"] == 0
            checked += of["briefing"] is not None
    assert checked > 20


def test_behind_what_the_plan_has_not_is_nowhere() -> None:
    asked, plan = a_plan(0)
    with pytest.raises(NotFoundError):
        behind(asked, plan, plan["visits"][0]["id"], "nowhere")
