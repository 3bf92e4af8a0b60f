"""A campaign's plan: made within a budget, with what it cannot hold and why, in the format ``samsyn-plan/1``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from time import monotonic
from typing import Any

from samsyn.planning.campaigns import board as kernel
from samsyn.planning.campaigns.board import Board
from samsyn.planning.campaigns.bounds import most_risk
from samsyn.planning.campaigns.instance import Instance
from samsyn.planning.campaigns.matching import possible
from samsyn.planning.campaigns.problem import Problem, ProblemError
from samsyn.planning.campaigns.reasons import Reason, why
from samsyn.planning.campaigns.search import Search

USUAL_ITERATIONS = 5_000
MOST_ITERATIONS = 10_000_000
SEEDS_APART = 1_000_003
STRIDE = 50
"""Iterations between two looks at the clock, at progress, and at whether somebody takes what there is."""
TRIAL = 0.05
"""The share of a time limit that goes to finding out how fast this machine is."""


@dataclass(frozen=True)
class Progress:
    """How far it is: iterations done and to do, the objective of the best plan so far, its visits and their risk."""

    done: int
    budget: int
    objective: int
    planned: int
    risk: int


@dataclass(frozen=True)
class Placed:
    """A visit that is planned: from which minute since the horizon's start, and who goes."""

    visit: str
    start: int
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class CampaignPlan:
    """A plan, with everything that makes it again: the same problem, seed, budget and iterations give the same bytes.

    ``iterations`` is less than ``budget`` where the time was out or somebody took the best so far. ``risk_at_most`` is
    what the planned visits' risk can be at most: without what is impossible even alone, and within what the people's
    shifts and the vehicles hold in sum (``bounds``). Of the other parts nothing is proven.
    """

    placed: tuple[Placed, ...]
    left_out: tuple[Reason, ...]
    objective: int
    bound: int
    risk: int
    risk_wanted: int
    risk_at_most: int
    seed: int
    budget: int
    iterations: int

    def as_json(self) -> dict[str, Any]:
        """Return it in the format ``samsyn-plan/1``."""
        return {
            "format": "samsyn-plan/1",
            "visits": [
                {"id": one.visit, "start": one.start, "inspectors": list(one.inspectors)} for one in self.placed
            ],
            "unscheduled": [one.as_json() for one in self.left_out],
            "claims": {"objective": self.objective, "bound": self.bound},
            "made": {"seed": self.seed, "budget": self.budget, "iterations": self.iterations},
        }


def compiled() -> bool:
    """Tell whether the kernel was built ahead, or runs as plain Python."""
    return not str(kernel.__file__).endswith(".py")


def solve_by_many(
    problem: Problem, *, seed: int, iterations: int | None, seconds: float | None, workers: int
) -> CampaignPlan:
    """Return the best of several runs, each in a process of its own with a seed of its own, all derived from one.

    Raises:
        ProblemError: as ``solve``.
    """
    run = partial(solve, problem, iterations=iterations, seconds=seconds)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(run, seed=seed + n * SEEDS_APART) for n in range(workers)]
        plans = [one.result() for one in runs]
    return min(plans, key=lambda one: (one.objective, one.seed))


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    iterations: int | None = None,
    seconds: float | None = None,
    tell: Callable[[Progress], bool] | None = None,
) -> CampaignPlan:
    """Return a plan for a problem.

    It stops after ``iterations`` (so many without a time), or after ``seconds``, of which it makes a budget of
    iterations first. ``tell`` hears how far it is and stops it by answering False: what is best then is the plan.

    Raises:
        ProblemError: what is pinned cannot be, or what is mandatory can be planned nowhere; each visit is named.
    """
    started = monotonic()
    instance = Instance(problem)
    search = Search(instance, seed)
    broken = search.begin()
    if broken:
        raise ProblemError([f"visit {instance.visits[v].name}: cannot stay as it is pinned" for v in broken])
    budget = iterations if iterations is not None else USUAL_ITERATIONS
    if iterations is None and seconds is not None:
        budget = budget_of(instance, seconds, monotonic() - started)
    done = anneal(search, budget, started + seconds if seconds is not None else None, tell)
    search.finish()
    missing = [v for v in search.out if instance.visits[v].mandatory]
    if missing:
        raise ProblemError([f"visit {instance.visits[v].name}: is mandatory and has no place" for v in missing])
    return plan_of(search, seed=seed, budget=budget, iterations=done)


def anneal(search: Search, budget: int, until: float | None, tell: Callable[[Progress], bool] | None) -> int:
    """Do a budget of iterations, or fewer where the time is out or somebody says that it is enough; return how many."""
    hot, done = search.hottest(), 0
    while done < budget:
        if until is not None and monotonic() >= until:
            break
        if tell is not None and not tell(progress(search, done, budget)):
            break
        last = min(done + STRIDE, budget)
        search.run(done, last, budget, hot)
        done = last
    if tell is not None:
        tell(progress(search, done, budget))
    return done


def budget_of(instance: Instance, seconds: float, used: float) -> int:
    """Return how many iterations fit into what is left of a time, after a short trial on a plan that is thrown away."""
    trial = Search(instance, 0)
    trial.begin()
    started, done = monotonic(), 0
    while done < STRIDE or monotonic() - started < seconds * TRIAL:
        trial.run(done, done + 10, MOST_ITERATIONS, trial.hottest())
        done += 10
        if monotonic() - started > seconds / 4:
            break
    took = monotonic() - started
    left = seconds * 0.97 - used - took - (0.1 if seconds > 1 else 0)
    return max(STRIDE, min(int(done / max(took, 1e-6) * left), MOST_ITERATIONS)) if left > 0 else STRIDE


def progress(search: Search, done: int, budget: int) -> Progress:
    """Return how far a search is."""
    visits = search.at.visits
    planned = [v for v, (slot, _) in enumerate(search.best) if slot >= 0]
    return Progress(done, budget, search.best_cost, len(planned), sum(visits[v].risk for v in planned))


def plan_of(search: Search, *, seed: int, budget: int, iterations: int) -> CampaignPlan:
    """Return the finished plan of a search, its visits in time order."""
    at = search.at
    placed = [
        Placed(at.visits[v].name, (slot - at.offset) * at.grid, tuple(sorted(at.people[who] for who in people)))
        for v, (slot, people) in enumerate(search.best)
        if slot >= 0
    ]
    wanted = sum(one.risk for one in at.visits)
    empty = Board(at)
    alone = [possible(empty, v) for v in range(len(at.visits))]
    never = sum(one.risk for v, one in enumerate(at.visits) if not alone[v])
    risk = wanted - sum(at.visits[v].risk for v in search.out)
    at_most = wanted - never if risk == wanted - never else min(wanted - never, most_risk(at, alone, risk))
    left = sorted(search.out, key=lambda v: (-at.visits[v].risk, v))
    return CampaignPlan(
        placed=tuple(sorted(placed, key=lambda one: (one.start, one.visit))),
        left_out=tuple(why(search.board, empty, v) for v in left),
        objective=search.best_cost,
        bound=at.problem.weights.unserved * (wanted - at_most),
        risk=risk,
        risk_wanted=wanted,
        risk_at_most=at_most,
        seed=seed,
        budget=budget,
        iterations=iterations,
    )
