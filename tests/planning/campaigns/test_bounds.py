"""No plan serves more risk than the bound says: of small problems every plan is tried, by code of its own."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from samsyn.planning.campaigns.bounds import SCALE, most_risk, priced, sums_of
from samsyn.planning.campaigns.instance import Instance
from samsyn.planning.campaigns.problem import Problem
from tests.planning.campaigns.by_hand import Minutes
from tests.planning.campaigns.made_up import neutral, problem, solved


def most(asked: dict[str, Any], at_least: int) -> int:
    """Return the greatest risk that any plan serves, or ``at_least`` where none serves more: all are tried."""
    clock, best = Minutes(asked), at_least
    visits = sorted(asked["visits"], key=lambda one: -one["risk"])
    ways: dict[str, list[dict[str, Any]]] = {}
    for visit in visits:
        agencies = {want["agency"] for want in visit["units"]}
        able = sorted(one for one in clock.who if clock.who[one]["agency"] in agencies)
        groups = list(combinations(able, sum(want["count"] for want in visit["units"])))
        starts = sorted({t for a, b in visit["windows"] for t in range(a, b) if t % asked["grid"] == 0})
        told = [{"id": visit["id"], "start": t, "inspectors": list(group)} for t in starts for group in groups]
        ways[visit["id"]] = [entry for entry in told if clock.holds([entry])]

    def go_on(n: int, entries: list[dict[str, Any]], risk: int, left: int) -> None:
        nonlocal best
        if risk + left <= best:
            return
        if n == len(visits):
            best = risk
            return
        one = visits[n]
        for entry in ways[one["id"]]:
            if clock.holds([*entries, entry]):
                go_on(n + 1, [*entries, entry], risk + one["risk"], left - one["risk"])
        go_on(n + 1, entries, risk, left - one["risk"])

    go_on(0, [], 0, sum(one["risk"] for one in visits))
    return best


def small(seed: int) -> dict[str, Any]:
    """A problem with more to do than its few people can: some with one shift over midnight, some without a car."""
    asked = neutral(problem(seed, visits=5, days=1 + seed % 2, agencies=2, people=1 + seed % 2))
    asked["grid"] = 60
    if seed % 3 == 0:
        asked["inspectors"] = [one | {"shifts": [[1020, 1020 + 660]]} for one in asked["inspectors"]]
        asked["visits"] = [one | {"windows": [[1080, 1500]]} for one in asked["visits"]]
        asked["horizon"] = asked["horizon"] | {"days": 2}
    return asked


@pytest.mark.parametrize("seed", [*range(21), *range(22, 30)])  # 21 alone has 17 seconds of plans to try
def test_no_plan_serves_more_than_the_bound(seed: int) -> None:
    asked = small(seed)
    plan = solved(Problem.model_validate(asked), iterations=20)
    assert plan.risk <= most(asked, plan.risk) <= plan.risk_at_most <= plan.risk_wanted


def test_the_bound_says_more_than_that_each_is_possible_alone() -> None:
    tighter = 0
    for seed in range(20):
        plan = solved(problem(seed, visits=25, days=2, people=2), iterations=5)
        alone = plan.risk_wanted - sum(
            one["risk"] for one in neutral(problem(seed, visits=25, days=2, people=2))["visits"]
            if one["id"] in {out.visit for out in plan.left_out if out.alone}
        )  # fmt: skip
        assert plan.risk <= plan.risk_at_most <= alone
        tighter += plan.risk_at_most < alone
    assert tighter >= 15


def test_any_prices_give_a_bound() -> None:
    asked = problem(3, visits=25, days=2, people=2)
    plan, at = solved(asked, iterations=20), Instance(asked)
    sums = sums_of(at, [one.starts for one in at.visits])
    for price in (0, 1, SCALE // 7, SCALE, 50 * SCALE):
        assert priced(sums, [price * (n % 3) for n in range(len(sums.there))])[0] >= plan.risk


def by_hand(shift: list[int], window: list[int], people: int, vehicles: int | None, per_shift: int = 9) -> Instance:
    """Five visits of an hour with the risks 1, 2, 4, 8 and 16, no way between them, and people who do the same."""
    asked = neutral(problem(1, visits=5, agencies=1, people=people, days=2))
    plain: dict[str, Any] = {"skills": [], "shifts": [shift], "busy": [], "max_visits_per_shift": per_shift}
    visit: dict[str, Any] = {"duration": 60, "windows": [window], "briefing": None, "due": None}
    units = [{"agency": "police", "count": 1, "skills": []}]
    asked |= {
        "grid": 60,
        "travel": [[0] * 7 for _ in range(7)],
        "agencies": [{"id": "police", "name": "police", "vehicles": vehicles}],
        "inspectors": [one | plain for one in asked["inspectors"]],
        "visits": [one | visit | {"units": units, "risk": 2**n} for n, one in enumerate(asked["visits"])],
    }
    return Instance(Problem.model_validate(asked))


@pytest.mark.parametrize(
    ("at", "fit"),
    [
        (by_hand([600, 780], [480, 900], 1, None), 3),  # three hours of one person
        (by_hand([600, 840], [480, 900], 2, None, per_shift=2), 4),  # two a shift, two people
        (by_hand([600, 720], [480, 900], 5, 1), 2),  # people enough, one vehicle for two hours
        (by_hand([1020, 1560], [1440, 1560], 1, None, per_shift=2), 2),  # after midnight, in yesterday's shift
    ],
)
def test_each_sum_is_held_to_the_minute(at: Instance, fit: int) -> None:
    served = sum(sorted((one.risk for one in at.visits), reverse=True)[:fit])
    found = most_risk(at, [one.starts for one in at.visits], 0)  # nothing is served: it goes on as low as it comes
    assert served <= found <= served + 1
