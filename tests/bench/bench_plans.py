"""Campaign plans: what some seconds give beside greedy alone and beside OR-Tools' routing, for several sizes."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from samsyn.planning.campaigns.differences import Change, differences
from samsyn.planning.campaigns.plans import CampaignPlan, solve
from samsyn.planning.campaigns.problem import Problem, read_problem
from samsyn.planning.verifier.verifying import verify
from tests.bench.place import Place
from tests.bench.result import Result
from tests.planning.campaigns.made_up import further, neutral

SIZES = (20, 50, 60, 100, 200)
SECONDS = 10.0
"""Of CPU, for us and for whoever is beside us."""
LONG = 60.0
"""Of CPU, for the largest."""
ARBOGA = Path(__file__).with_name("arboga")
"""Problems like Arboga's: 14 days, 8 agencies, seed 1, a file for each number of businesses (PLANNER)."""
TRIAL = 100
"""Iterations that say how many go into a second, at first."""
ENOUGH = 0.8
MOST_MORE = 6
"""How many times as many iterations are tried next, at most: what a few take is lost in what greedy takes."""
AGAIN = 300
"""Iterations of replanning."""
FURTHER = tuple(seed for seed in range(16) if seed % 4)
"""Of the long test's hundred: 50, 90 and 150 visits, each with every load."""
SOON = 4.0
"""Of CPU, for each of those."""
PEER = Path(__file__).with_name("peer_routing.py")


def bench(place: Place) -> list[Result]:
    """One problem of each size: objectives, the least first where they were reached; a plan that illness broke."""
    return [line for size in SIZES for line in one_size(place.folder, size)] + replanning() + others(place.folder)


def one_size(folder: Path, size: int) -> list[Result]:
    """Plan one problem in three ways."""
    asked = arboga(size)
    begun = time.process_time()
    first = solve(asked, iterations=0)
    took = time.process_time() - begun
    plan, used = for_seconds(asked, took, SECONDS)
    assert verify(neutral(asked), plan.as_json()).accepted
    found = [
        *goals(size, asked, (took, first), plan),
        Result(f"greedy for {size} visits, CPU ms", took * 1000, None, None, "2 s", took < 2),
        Result(
            f"objective for {size} visits in {used:.1f} CPU s, {plan.iterations} iterations, beside greedy",
            plan.objective, first.objective, first.objective / max(plan.objective, 1), "less",
            plan.objective <= first.objective,
        ),
    ]  # fmt: skip
    peer = by_routing(folder, asked, first, used)
    if peer is not None:
        found.append(
            Result(
                f"objective for {size} visits beside OR-Tools routing from greedy on, in {used:.1f} CPU s each",
                plan.objective, peer, peer / max(plan.objective, 1), "less from 50 on",
                size < 50 or plan.objective < peer,
            )
        )  # fmt: skip
    return found


def others(folder: Path) -> list[Result]:
    """Plan other towns, each beside greedy and beside OR-Tools' routing in as much CPU: how many come out better."""
    over_greedy, over_routing = [], []
    for seed in FURTHER:
        asked = further(seed)
        begun = time.process_time()
        first = solve(asked, iterations=0)
        plan, used = for_seconds(asked, time.process_time() - begun, SOON)
        assert verify(neutral(asked), plan.as_json()).accepted
        over_greedy.append(plan.objective < first.objective)
        peer = by_routing(folder, asked, first, used)
        if peer is not None:
            over_routing.append(plan.objective < peer)
    return [
        Result(
            f"of {len(won)} further problems of 50 to 150 visits better than {who}, n",
            sum(won),
            None,
            None,
            "all",
            all(won),
        )
        for who, won in (("greedy", over_greedy), ("OR-Tools routing", over_routing))
        if won
    ]


def arboga(size: int) -> Problem:
    """Return a problem as it lies in its file."""
    return read_problem(gzip.decompress((ARBOGA / f"{size}.json.gz").read_bytes()))


def goals(size: int, asked: Problem, at_once: tuple[float, CampaignPlan], plan: CampaignPlan) -> list[Result]:
    """Return what PLANNER asks of 60 and of 200 businesses; ``at_once``: the greedy plan with the CPU that it took."""
    took, first = at_once
    if size == 60:
        n = len(first.placed)
        return [
            Result(f"planned of 60 in {took:.2f} CPU s, n", n, None, None, "60 in 2 s", n == 60 and took <= 2),
            Result("objective for 60 in 10 CPU s", plan.objective, None, None, "<= 15000", plan.objective <= 15_000),
        ]
    if size == 200:
        long, used = for_seconds(asked, took, LONG)
        assert verify(neutral(asked), long.as_json()).accepted
        left = long.risk_wanted - long.risk
        return [Result(f"risk left out of 200 in {used:.1f} CPU s", left, None, None, "<= 725", left <= 725)]
    return []


def for_seconds(asked: Problem, at_once: float, seconds: float) -> tuple[CampaignPlan, float]:
    """Return a plan of about so many seconds of CPU, and how many it took.

    ``at_once``: what the plan without iterations takes of them. A few iterations say how many go into a second only
    roughly, the first ones are the cheapest: it is asked again with more until four fifths of the time were used.
    """
    iterations = TRIAL
    while True:
        begun = time.process_time()
        plan = solve(asked, iterations=iterations)
        used = time.process_time() - begun
        if used >= ENOUGH * seconds:
            return plan, used
        more = (seconds - at_once) / max(used - at_once, 0.01)
        iterations = int(iterations * min(max(more, 1.2), MOST_MORE))


def replanning() -> list[Result]:
    """Plan anew after a tenth of the people fell ill for two days and a tenth of the businesses open two hours later.

    Of half of the visits the invitations have gone out.
    """
    asked = arboga(60)
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


def by_routing(folder: Path, asked: Problem, first: CampaignPlan, seconds: float) -> int | None:
    """Return the objective that OR-Tools reaches from a plan in so long; nothing where it is not installed.

    It is let off vehicles and appointments between visits, and nothing is counted of its waiting (``peer_routing``).
    """
    python = os.environ.get("SAMSYN_BENCH_ORTOOLS_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec("ortools") is None:
        return None
    files = {folder / "campaign.json": neutral(asked), folder / "first.json": first.as_json()}
    for path, said in files.items():
        path.write_text(json.dumps(said), encoding="utf-8")
    how: list[str | Path] = [python, PEER, *files, str(seconds)]
    made = subprocess.run(how, check=True, capture_output=True, timeout=900)
    let_off = neutral(asked)
    let_off["agencies"] = [one | {"vehicles": None} for one in let_off["agencies"]]
    let_off["inspectors"] = [one | {"busy": []} for one in let_off["inspectors"]]
    verdict = verify(let_off, json.loads(made.stdout))
    assert verdict.objective is not None, [str(one) for one in verdict.violations[:5]]
    return verdict.objective - verdict.parts["idle"]
