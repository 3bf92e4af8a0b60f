"""Campaign plans: what some seconds give beside greedy alone and beside OR-Tools' routing, for several sizes."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from samsyn.planning.campaigns.differences import Change, differences
from samsyn.planning.campaigns.plans import solve
from samsyn.planning.campaigns.problem import Problem
from samsyn.planning.verifier.verifying import verify
from tests.bench.place import Place
from tests.bench.result import Result
from tests.planning.campaigns.made_up import neutral, problem

SIZES = (20, 50, 100, 200)
SECONDS = 10.0
AGAIN = 300
"""Iterations of replanning."""
PEER = Path(__file__).with_name("peer_routing.py")


def bench(place: Place) -> list[Result]:
    """One problem of each size: objectives, the least first where they were reached; a plan that illness broke."""
    return [line for size in SIZES for line in one_size(place.folder, size)] + replanning()


def one_size(folder: Path, size: int) -> list[Result]:
    """Plan one problem in three ways."""
    asked = problem(1, visits=size, people=5, agencies=8, days=14)
    begun = time.process_time()
    at_once = solve(asked, iterations=0).objective
    took = time.process_time() - begun
    begun = time.process_time()
    plan = solve(asked, seconds=SECONDS)
    used = time.process_time() - begun
    assert verify(neutral(asked), plan.as_json()).accepted
    found = [
        Result(f"greedy for {size} visits, CPU ms", took * 1000, None, None, "2 s", took < 2),
        Result(
            f"objective for {size} visits in {used:.1f} CPU s, {plan.iterations} iterations, beside greedy",
            plan.objective, at_once, at_once / max(plan.objective, 1), "less", plan.objective <= at_once,
        ),
    ]  # fmt: skip
    other = by_routing(folder, asked)
    if other is not None:
        peer, used = other
        found.append(
            Result(
                f"objective for {size} visits beside OR-Tools routing in {used:.1f} CPU s",
                plan.objective, peer, peer / max(plan.objective, 1), "less from 50 on",
                size < 50 or plan.objective < peer,
            )
        )  # fmt: skip
    return found


def replanning() -> list[Result]:
    """Plan anew after a tenth of the people fell ill for two days and a tenth of the businesses open two hours later.

    Of half of the visits the invitations have gone out.
    """
    asked = problem(1, visits=60, people=5, agencies=8, days=14)
    before = solve(asked, iterations=1_000).as_json()
    data = neutral(asked) | {
        "baseline": {"visits": before["visits"]},
        "notified": [one["id"] for one in before["visits"][::2]],
    }
    begins, day = min(one["start"] for one in before["visits"]) // 1440, 1440
    away = range(begins * day, (begins + 2) * day)
    ill = {one["id"] for n, one in enumerate(data["inspectors"]) if n % 10 == 3}
    data["inspectors"] = [
        one | {"shifts": [span for span in one["shifts"] if one["id"] not in ill or span[0] not in away]}
        for one in data["inspectors"]
    ]
    data["visits"] = [
        one | {"windows": [[a + 120 * (n % 10 == 0), b + 120 * (n % 10 == 0)] for a, b in one["windows"]]}
        for n, one in enumerate(data["visits"])
    ]
    broken = len(verify(data, before | {"claims": None}).violations)
    begun = time.process_time()
    plan = solve(Problem.model_validate(data), iterations=AGAIN).as_json()
    took = time.process_time() - begun
    assert verify(data, plan).accepted
    changes = differences(before, plan)
    moved = sum(one.change in {Change.MOVED, Change.DROPPED} for one in changes)
    staff = sum(bool(one.left) for one in changes if one.change is not Change.DROPPED)
    share = 100 * moved / len(before["visits"])
    return [
        Result(
            f"replanned, {len(ill)} of {len(data['inspectors'])} ill for two days, CPU s",
            took,
            None,
            None,
            "<= 1",
            took <= 1,
        ),
        Result(f"visits moved or dropped, {broken} rules were broken, %", share, None, None, "<= 15", share <= 15),
        Result("visits with other people, n", staff, None, None, "none", ok=True),
    ]


def by_routing(folder: Path, asked: Problem) -> tuple[int, float] | None:
    """Return the objective that OR-Tools reaches, and the CPU it took; nothing where it is not installed."""
    python = os.environ.get("SAMSYN_BENCH_ORTOOLS_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec("ortools") is None:
        return None
    path = folder / "campaign.json"
    path.write_text(json.dumps(neutral(asked)), encoding="utf-8")
    before = os.times()
    made = subprocess.run([python, PEER, path, str(SECONDS)], check=True, capture_output=True, timeout=300)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    let_off = neutral(asked)
    let_off["agencies"] = [one | {"vehicles": None} for one in let_off["agencies"]]
    verdict = verify(let_off, json.loads(made.stdout))
    assert verdict.objective is not None, [str(one) for one in verdict.violations[:5]]
    return verdict.objective, used
