"""A plan made in steps that may each be done again: what is best so far goes from one to the next as plain data.

A step's chance comes from the seed and the step's number, so a worker that dies costs its step and changes nothing:
the same problem, seed, budget and steps give the same plan, however often it was interrupted.
"""

from __future__ import annotations

from typing import Any, Final

from samsyn.planning.campaigns.instance import Instance
from samsyn.planning.campaigns.plans import SEEDS_APART, CampaignPlan, plan_of
from samsyn.planning.campaigns.problem import Problem, ProblemError
from samsyn.planning.campaigns.search import Search

STEP: Final = 500
LEAST_STEP: Final = 10
"""The most iterations of a step, and the least."""
IN_SECONDS: Final = 160_000
"""Iterations times the people's days that a visit could be in: about four seconds of plain Python on one core, a
fifteenth of its task's time limit.
"""
_LAST: Final[dict[str, Instance]] = {}


def instance_of(problem: Problem, digest: str) -> Instance:
    """Return a problem in numbers; the last one is kept, since its next step comes at once."""
    if digest not in _LAST:
        _LAST.clear()
        _LAST[digest] = Instance(problem)
    return _LAST[digest]


def step_of(at: Instance) -> int:
    """Return how many iterations a step has; it hangs on the problem alone, so that a plan can be made again."""
    days = sum(map(len, at.static)) // max(len(at.visits), 1)
    return max(LEAST_STEP, min(IN_SECONDS // max(days, 1), STEP))


def begun(at: Instance, seed: int) -> dict[str, Any]:
    """Return a first plan: what is pinned, what was before where it still holds, the rest greedily by risk.

    Raises:
        ProblemError: a visit cannot stay as it is pinned; each is named by its key.
    """
    search = Search(at, seed)
    if broken := search.begin():
        raise ProblemError([at.visits[v].name for v in broken])
    return plain(search)


def improved(at: Instance, seed: int, best: dict[str, Any], done: int, budget: int) -> tuple[dict[str, Any], int]:
    """Do the step that comes after ``done`` iterations; return the best then, and how many are done."""
    step = step_of(at)
    search = taken_up(at, seed + (done // step + 1) * SEEDS_APART, best)
    last = min(done + step, budget)
    search.run(done, last, budget, search.hottest())
    return plain(search), last


def finished(at: Instance, seed: int, best: dict[str, Any], budget: int, done: int) -> CampaignPlan:
    """Return the plan with reasons and bounds; whatever still has room is put in first.

    Raises:
        ProblemError: a mandatory visit has no place; each is named by its key.
    """
    search = taken_up(at, seed, best)
    search.finish()
    if missing := [at.visits[v].name for v in search.out if at.visits[v].mandatory]:
        raise ProblemError(missing)
    return plan_of(search, seed=seed, budget=budget, iterations=done)


def taken_up(at: Instance, seed: int, best: dict[str, Any]) -> Search:
    """Return a search that stands where the best plan so far is."""
    search = Search(at, seed)
    number = {one.name: v for v, one in enumerate(at.visits)}
    for one in best["visits"]:
        slot = one["start"] // at.grid + at.offset
        search.board.add(number[one["id"]], slot, [at.person[who] for who in one["inspectors"]])
    search.left_out()
    search.keep()
    return search


def plain(search: Search) -> dict[str, Any]:
    """Return the best plan of a search in the format ``samsyn-plan/1``, without reasons."""
    at = search.at
    visits, left = [], []
    for v, (slot, who) in enumerate(search.best):
        if slot < 0:
            left.append({"id": at.visits[v].name})
            continue
        start = (slot - at.offset) * at.grid
        visits.append({"id": at.visits[v].name, "start": start, "inspectors": [at.people[one] for one in who]})
    return {"format": "samsyn-plan/1", "visits": visits, "unscheduled": left}
