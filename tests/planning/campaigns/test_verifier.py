"""The verifier: each rule seen broken, random changes of good plans refused, and what it lets through is right."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from samsyn.planning.campaigns import board, instance, ledger
from samsyn.planning.campaigns.plans import solve
from samsyn.planning.verifier.verifying import verify
from tests.planning.campaigns.by_hand import Minutes
from tests.planning.campaigns.made_up import neutral, problem, solved, verdict

Json = dict[str, Any]


def small() -> Json:
    """Return a problem of two inspectors and three visits that can be gone over in the head."""
    who = {"agency": "police", "skills": [], "base": "hall", "busy": [], "max_visits_per_shift": 2, "load_before": 0}
    visit = {"location": "shop", "duration": 60, "windows": [[540, 1020]], "briefing": None, "due": None, "history": []}
    one = {"units": [{"agency": "police", "count": 1, "skills": []}], "risk": 10, "mandatory": False, "pinned": None}
    return {
        "format": "samsyn-problem/1",
        "horizon": {"start": "2027-03-01T00:00", "days": 1},
        "grid": 15,
        "locations": [{"id": "hall"}, {"id": "shop"}],
        "travel": [[0, 20], [20, 0]],
        "agencies": [{"id": "police", "vehicles": 1}, {"id": "fire", "vehicles": None}],
        "inspectors": [
            who | {"id": "ann", "shifts": [[480, 960]], "busy": [[600, 630]]},
            who | {"id": "bo", "shifts": [[480, 960]], "skills": ["lead"], "load_before": 30},
            who | {"id": "cy", "shifts": [[480, 960]], "agency": "fire"},
        ],
        "visits": [visit | one | {"id": name} for name in ("a", "b", "c")],
        "weights": {
            "unserved": 1000, "late": 50, "travel": 5, "idle": 1, "fairness": 2, "repeat": 60, "clustering": 3,
            "moved": 200, "staff_changed": 60, "notified_factor": 3,
        },
        "baseline": None,
        "notified": [],
    }  # fmt: skip


def plan(*visits: tuple[str, int, list[str]], left: tuple[str, ...] = ()) -> Json:
    entries = [{"id": name, "start": start, "inspectors": who} for name, start, who in visits]
    return {"format": "samsyn-plan/1", "visits": entries, "unscheduled": [{"id": one} for one in left]}


def rules(asked: Json, made: Any) -> set[str]:
    return {one.rule for one in verify(asked, made).violations}


GOOD = (("a", 660, ["ann"]), ("b", 720, ["bo"]), ("c", 810, ["bo"]))


def test_a_good_plan_is_accepted_and_its_objective_is_the_one_of_the_head() -> None:
    found = verify(small(), plan(*GOOD))
    assert found.accepted
    # Ways: Ann out and back, Bo out and back; Bo waits from 780 to 810. Loads: Ann 60, Bo 30 + 120, one of fire.
    assert found.parts["travel"] == 5 * 80
    assert found.parts["idle"] == 30
    assert found.parts["fairness"] == 2 * 90
    assert found.parts["clustering"] == 3
    assert found.objective == 400 + 30 + 180 + 3


def changed(**parts: Any) -> Json:
    data = small()
    data["visits"][0] |= parts
    return data


@pytest.mark.parametrize(
    ("rule", "asked", "made"),
    [
        ("H1", small(), None),
        ("H1", small(), {"format": "samsyn-plan/1", "visits": "abc", "unscheduled": []}),
        ("H1", small(), plan(*GOOD[:2])),
        ("H1", small(), plan(*GOOD, ("a", 900, ["bo"]))),
        ("H1", small(), plan(*GOOD, left=("a",))),
        ("H1", small(), plan(*GOOD, left=("x",))),
        ("H1", small(), plan(("a", 661, ["ann"]), *GOOD[1:])),
        ("H1", small(), plan(("a", True, ["ann"]), *GOOD[1:])),
        ("H1", small(), plan(("a", 660, ["ann", "ann"]), *GOOD[1:])),
        ("H1", small(), plan(("a", 660, ["nobody"]), *GOOD[1:])),
        ("H1", small(), plan(("a", 660, "ann"), *GOOD[1:])),  # type: ignore[arg-type]
        ("H2", small(), plan(("a", 525, ["ann"]), *GOOD[1:])),
        ("H2", changed(windows=[[540, 600], [600, 1020]]), plan(("a", 570, ["bo"]), left=("b", "c"))),
        ("H3", small(), plan(("a", 660, []), *GOOD[1:])),
        ("H3", small(), plan(("a", 660, ["cy"]), *GOOD[1:])),
        ("H3", small(), plan(("a", 660, ["ann", "bo"]), left=("b", "c"))),
        ("H3", changed(units=[{"agency": "police", "count": 1, "skills": ["lead"]}]), plan(*GOOD)),
        ("H4", small(), plan(("a", 615, ["ann"]), *GOOD[1:])),
        ("H4", small(), plan(*GOOD[:2], ("c", 915, ["bo"]))),
        ("H5", small(), plan(("a", 645, ["ann"]), ("b", 720, ["bo"]), ("c", 885, ["bo"]))),
        ("H5", small(), plan(*GOOD[:2], ("c", 765, ["bo"]))),
        ("H6", small(), plan(("a", 540, ["bo"]), ("b", 720, ["bo"]), ("c", 810, ["bo"]))),
        ("H7", small(), plan(("a", 660, ["ann"]), ("b", 690, ["bo"]), left=("c",))),
        ("H8", changed(pinned={"start": 660, "inspectors": ["bo"]}), plan(*GOOD)),
        ("H8", changed(pinned={"start": 675, "inspectors": ["ann"]}), plan(*GOOD)),
        ("H9", changed(mandatory=True), plan(*GOOD[1:], left=("a",))),
        ("H9", changed(pinned={"start": 660, "inspectors": ["ann"]}), plan(*GOOD[1:], left=("a",))),
        ("claims", small(), plan(*GOOD) | {"claims": {"objective": 612}}),
        ("claims", small(), plan(*GOOD) | {"claims": {"bound": 614}}),
        ("claims", small(), plan(*GOOD) | {"claims": [613]}),
    ],
)
def test_each_rule_is_seen_broken(rule: str, asked: Json, made: Any) -> None:
    assert rule in rules(asked, made)


def test_the_way_has_to_fit_beside_what_is_busy() -> None:
    asked = small()
    asked["inspectors"][0]["busy"] = [[480, 510], [520, 540]]
    assert rules(asked, plan(("a", 540, ["ann"]), left=("b", "c"))) == {"H5"}
    assert not rules(asked, plan(("a", 555, ["ann"]), left=("b", "c")))


def test_claims_that_are_so_are_accepted() -> None:
    assert not rules(small(), plan(*GOOD) | {"claims": {"objective": 613, "bound": 613}})


def mutated(chance: Random, asked: Json, made: Json) -> Json:
    """Return a plan with one thing changed that a fault in a planner might change."""
    new = deepcopy(made)
    new.pop("claims")
    one = chance.choice(new["visits"])
    people = [who["id"] for who in asked["inspectors"]]
    kind = chance.randrange(8)
    if kind == 0:
        one["start"] += chance.choice((-1, 1)) * asked["grid"] * chance.randint(1, 40)
    elif kind == 1 and one["inspectors"]:
        one["inspectors"][chance.randrange(len(one["inspectors"]))] = chance.choice(people)
    elif kind == 2:
        one["start"] = chance.choice(new["visits"])["start"]
    elif kind == 3:
        one["inspectors"].append(chance.choice(people))
    elif kind == 4:
        new["visits"].remove(one)
    elif kind == 5:
        other = chance.choice(new["visits"])
        one["inspectors"], other["inspectors"] = other["inspectors"], one["inspectors"]
    elif kind == 6:
        one["start"] += chance.randint(1, asked["grid"] - 1)
    else:
        new["unscheduled"].append({"id": one["id"]})
    return new


def test_nearly_all_of_400_random_changes_are_refused_and_the_others_are_right() -> None:
    chance, refused, same = Random(1), 0, 0
    for n in range(4):
        asked = problem(n, visits=60, people=4, days=7, agencies=5)
        made = solved(asked, iterations=60).as_json()
        data, clock = neutral(asked), Minutes(neutral(asked))
        for _ in range(100):
            new = mutated(chance, data, made)
            if new["visits"] == made["visits"] and new["unscheduled"] == made["unscheduled"]:
                same += 1
            elif verify(data, new).violations:
                refused += 1
            else:
                assert clock.holds(new["visits"])
    assert refused >= 0.98 * (400 - same)


def no_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planner overlooks what people are busy with."""
    old = instance.Shift.__init__
    monkeypatch.setattr(
        instance.Shift, "__init__", lambda me, person, span, _, **more: old(me, person, span, (), **more)
    )


def no_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planner takes every way for one of no time."""
    old = instance.Instance.__init__

    def ways(me: instance.Instance, asked: Any) -> None:
        old(me, asked)
        me.travel = [[0] * len(row) for row in me.travel]

    monkeypatch.setattr(instance.Instance, "__init__", ways)


def double_booking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planner forgets what it has put into a shift."""
    monkeypatch.setattr(board.Board, "fresh_room", alone)


def alone(me: board.Board, v: int, g: int) -> board.Room:
    room = board.Room(me.age[g])
    bits = me.at.static[v].get(g, 0)
    if bits:
        room.add(bits, 0)
    return room


@pytest.mark.parametrize("fault", [no_holds, no_travel, double_booking])
def test_a_fault_in_the_planner_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = problem(6, visits=40, people=3)
    assert verdict(asked, solve(asked, iterations=30)).accepted
    fault(monkeypatch)
    assert {one.rule for one in verdict(asked, solve(asked, iterations=30)).violations} & {"H4", "H5", "H6"}


def test_a_wrong_count_of_the_cost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.Ledger, "road_of", lambda *_: 7)
    asked = problem(6, visits=10)
    assert {one.rule for one in verdict(asked, solve(asked, iterations=5)).violations} == {"claims"}
