"""Plans of campaigns: no rule broken, nothing left out that had room, the same bytes again, reasons for the rest."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samsyn.planning.campaigns.plans import Progress, solve
from samsyn.planning.campaigns.problem import Problem, ProblemError
from tests.planning.campaigns.by_hand import Minutes
from tests.planning.campaigns.made_up import AGENCIES, LOADS, SIZES, further, neutral, problem, solved, verdict


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    visits=st.integers(1, 10),
    people=st.integers(1, 3),
    iterations=st.sampled_from((0, 7, 40)),
)
@example(seed=249523, visits=10, people=3, iterations=0)  # two places share people: each alone had somebody free
def test_no_plan_breaks_a_rule_or_leaves_room(seed: int, visits: int, people: int, iterations: int) -> None:
    asked = problem(seed, visits=visits, people=people, days=3)
    plan = solved(asked, seed=seed, iterations=iterations)
    clock = Minutes(neutral(asked))
    entries = plan.as_json()["visits"]
    assert clock.holds(entries)
    for one in plan.left_out:
        assert clock.addable(entries, one.visit) is None
        assert one.alone == (clock.addable([], one.visit) is None)
        assert one.alone or set(one.crowded_by) <= {placed.visit for placed in plan.placed}
        assert one.alone or one.crowded_by


def test_the_same_seed_and_iterations_give_the_same_bytes() -> None:
    asked = problem(3, visits=30)
    plans = [json.dumps(solved(asked, seed=7, iterations=100).as_json()) for _ in range(2)]
    assert plans[0] == plans[1]
    assert len({json.dumps(solved(asked, seed=n, iterations=100).as_json()["visits"]) for n in range(4)}) > 1


def test_more_iterations_are_never_worse_and_mostly_better() -> None:
    at_once = [solved(problem(n, visits=40, people=4), iterations=0).objective for n in range(3)]
    later = [solved(problem(n, visits=40, people=4), iterations=300).objective for n in range(3)]
    assert all(a > b for a, b in zip(at_once, later, strict=True))


def test_the_best_so_far_can_be_taken_at_any_moment() -> None:
    heard: list[Progress] = []

    def tell(now: Progress) -> bool:
        heard.append(now)
        return now.done < 100

    plan = solved(problem(1, visits=30), iterations=1000, tell=tell)
    assert (plan.iterations, plan.budget) == (100, 1000)
    assert [one.done for one in heard] == [0, 50, 100, 100]
    assert heard[-1].objective >= plan.objective
    assert all(a.objective >= b.objective for a, b in pairwise(heard))


def pinned(asked: Problem, name: str, start: int, people: list[str]) -> Problem:
    data = neutral(asked)
    next(one for one in data["visits"] if one["id"] == name)["pinned"] = {"start": start, "inspectors": people}
    return Problem.model_validate(data)


def test_what_is_pinned_stays_and_what_cannot_stay_is_refused() -> None:
    asked = problem(5, visits=12)
    first = solved(asked, seed=2).placed[0]
    plan = solved(pinned(asked, first.visit, first.start, list(first.inspectors)), seed=9, iterations=200)
    assert first in plan.placed
    with pytest.raises(ProblemError, match=f"{first.visit}: cannot stay as it is pinned"):
        solve(pinned(asked, first.visit, first.start + 1440 * 3, list(first.inspectors)), iterations=1)
    with pytest.raises(ProblemError, match=f"{first.visit}: cannot stay as it is pinned"):
        solve(pinned(asked, first.visit, first.start, []), iterations=1)
    with pytest.raises(ProblemError, match=f"{first.visit}: cannot stay as it is pinned"):
        solve(pinned(asked, first.visit, first.start + 1, list(first.inspectors)), iterations=1)


def test_what_is_mandatory_goes_before_any_risk_or_is_refused() -> None:
    asked = problem(11, visits=40, agencies=2, people=2, days=2)
    left = solved(asked).left_out
    wanted = min((one for one in left if not one.alone), key=lambda one: one.together)
    data = neutral(asked)
    for one in data["visits"]:
        one["mandatory"] = one["id"] == wanted.visit
    assert wanted.visit in {one.visit for one in solved(Problem.model_validate(data)).placed}
    never = neutral(asked)
    never["visits"][3] |= {"mandatory": True, "windows": []}
    with pytest.raises(ProblemError, match="v3: is mandatory and has no place"):
        solve(Problem.model_validate(never), iterations=1)


def replanned(asked: Problem, ill: str) -> tuple[Problem, dict[str, Any]]:
    """Return the problem after a plan was made and somebody fell ill, and that plan."""
    before = solved(asked, iterations=200).as_json()
    data = neutral(asked) | {
        "baseline": {"visits": before["visits"]},
        "notified": [one["id"] for one in before["visits"][::2]],
    }
    data["inspectors"] = [one | ({"shifts": []} if one["id"] == ill else {}) for one in data["inspectors"]]
    return Problem.model_validate(data), before


def test_a_plan_is_changed_as_little_as_an_illness_wants() -> None:
    dear = {"moved": 100_000, "staff_changed": 1000}
    asked, before = replanned(problem(4, visits=14, people=4, weights=dear), "police-0")
    plan = solved(asked, iterations=200)
    was = {one["id"]: one for one in before["visits"]}
    held = {name for name, one in was.items() if "police-0" in one["inspectors"]}
    moved = {one.visit for one in plan.placed if one.visit in was and one.start != was[one.visit]["start"]}
    moved |= {one.visit for one in plan.left_out if one.visit in was}
    afresh = solved(Problem.model_validate(neutral(asked) | {"baseline": None}), iterations=200, seed=5)
    anew = {one.visit for one in afresh.placed if one.visit in was and one.start != was[one.visit]["start"]}
    assert held
    assert moved <= held
    assert len(moved) < len(anew)


def test_the_bound_is_what_is_impossible_even_alone() -> None:
    data = neutral(problem(2, visits=6))
    data["visits"][1]["windows"] = []
    plan = solved(Problem.model_validate(data))
    lost = data["visits"][1]["risk"]
    others = sum(data["visits"][n]["risk"] for n in range(6) if n != 1)
    more = sum(one.alone for one in plan.left_out) - 1
    assert plan.bound >= 1000 * lost
    assert more > 0 or (plan.risk_at_most, plan.bound) == (others, 1000 * lost)
    assert plan.risk <= plan.risk_at_most <= plan.risk_wanted


def test_an_empty_problem_has_an_empty_plan() -> None:
    plan = solved(problem(1, visits=0), iterations=5)
    assert (plan.placed, plan.left_out, plan.risk_wanted) == ((), (), 0)


def test_seconds_are_made_a_budget_that_makes_the_plan_again() -> None:
    asked = problem(8, visits=20)
    plan = solved(asked, iterations=None, seconds=0.4)
    assert plan.budget >= 50
    if plan.iterations == plan.budget:
        assert solved(asked, iterations=plan.budget).as_json() == plan.as_json()


def test_further_seeds_are_of_every_size_load_and_number_of_agencies() -> None:
    asked = [further(seed) for seed in range(len(SIZES) * len(LOADS) * len(AGENCIES))]
    assert len({(len(one.visits), len(one.agencies)) for one in asked}) == len(SIZES) * len(AGENCIES)
    taken = [sum(len(who.busy) for who in one.inspectors) / len(one.inspectors) for one in asked]
    by_load = [sum(n for seed, n in enumerate(taken) if seed // 4 % 4 == at) for at in range(len(LOADS))]
    assert by_load[0] == 0
    assert all(less < more for less, more in pairwise(by_load))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_further_seeds(seed: int) -> None:
    asked = further(seed)
    plan = solved(asked, seed=seed, iterations=300)
    assert verdict(asked, plan).accepted
    assert json.dumps(solved(asked, seed=seed, iterations=300).as_json()) == json.dumps(plan.as_json())
    clock = Minutes(neutral(asked))
    entries = plan.as_json()["visits"]
    assert clock.holds(entries)
    for one in plan.left_out[:5]:
        assert clock.addable(entries, one.visit) is None
