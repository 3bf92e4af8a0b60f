"""Problems made up from a seed: towns, people with shifts and appointments, businesses with opening hours."""

from __future__ import annotations

from random import Random
from typing import Any

from samsyn.planning.campaigns.plans import CampaignPlan, solve
from samsyn.planning.campaigns.problem import Problem
from samsyn.planning.verifier.verifying import Verdict, verify

FIELDS = ("police", "tobacco", "environment", "health", "tax", "fire", "alcohol", "building")
SKILLS = ("lead", "food", "interpreter")
SIZES, LOADS, AGENCIES = (20, 50, 90, 150), (0.0, 0.5, 1.0, 2.0), range(2, 9)


def problem(
    seed: int,
    *,
    visits: int = 8,
    days: int = 5,
    agencies: int = 3,
    people: int = 3,
    load: float = 1.0,
    **more: Any,
) -> Problem:
    """Return a problem; the same arguments give the same one. ``more`` replaces parts of it.

    ``load``: how much leave and how many appointments people have; 0 is an empty calendar.
    """
    chance = Random(f"{seed}-{visits}-{days}-{agencies}-{people}")
    points = [(chance.randint(0, 25), chance.randint(0, 25)) for _ in range(visits + 2)]
    ways = [
        [0 if a == b else abs(a[0] - b[0]) + abs(a[1] - b[1]) + chance.randint(0, 3) for b in points] for a in points
    ]
    asked = {
        "format": "samsyn-problem/1",
        "horizon": {"start": "2027-03-01T00:00", "days": days},
        "grid": chance.choice((10, 15)),
        "locations": [{"id": f"p{n}", "x": x, "y": y} for n, (x, y) in enumerate(points)],
        "travel": ways,
        "agencies": [{"id": one, "name": one, "vehicles": chance.choice((None, 1, 2))} for one in FIELDS[:agencies]],
        "inspectors": [person(chance, one, k, days, load) for one in FIELDS[:agencies] for k in range(people)],
        "visits": [visit(chance, n, agencies, days) for n in range(visits)],
        "baseline": None,
        "notified": [],
    }
    return Problem.model_validate(asked | more)


def person(chance: Random, agency: str, k: int, days: int, load: float) -> dict[str, Any]:
    """Return an inspector with a shift on most days and some appointments, also across its ends."""
    shifts, busy = [], []
    for day in range(days):
        if chance.random() < 0.15 * load:
            continue
        begins = day * 1440 + chance.choice((450, 480, 720, 960))
        shifts.append([begins, begins + chance.choice((300, 480, 540))])
        for _ in range(round(load * chance.randint(0, 2))):
            at = begins - 30 + chance.randint(0, 500)
            busy.append([at, at + chance.choice((20, 45, 60))])
    return {
        "id": f"{agency}-{k}",
        "agency": agency,
        "skills": [one for one in SKILLS if chance.random() < 0.4],
        "base": f"p{chance.randint(0, 1)}",
        "shifts": shifts,
        "busy": busy,
        "max_visits_per_shift": chance.choice((1, 2, 3, 5)),
        "load_before": 15 * chance.randint(0, 8),
    }


def visit(chance: Random, n: int, agencies: int, days: int) -> dict[str, Any]:
    """Return a visit of one to three agencies; now and then two places of the same one."""
    who = chance.sample(FIELDS[:agencies], chance.randint(1, min(3, agencies)))
    units: list[dict[str, Any]] = [{"agency": one, "count": chance.choice((1, 1, 1, 2)), "skills": []} for one in who]
    if chance.random() < 0.3:
        units[0]["skills"] = [chance.choice(SKILLS)]
    if chance.random() < 0.15:
        units.append({"agency": who[0], "count": 1, "skills": [chance.choice(SKILLS)]})
    opens = [day * 1440 + chance.choice((480, 600, 660)) for day in range(days) if chance.random() < 0.8]
    return {
        "id": f"v{n}",
        "business": f"b{n}",
        "location": f"p{n + 2}",
        "duration": chance.choice((25, 45, 60, 90)),
        "windows": [[one, one + chance.choice((180, 420, 600))] for one in opens],
        "units": units,
        "briefing": {"minutes": 15, "location": f"p{chance.randint(0, 1)}"} if chance.random() < 0.5 else None,
        "risk": chance.randint(1, 100),
        "mandatory": False,
        "due": chance.randint(0, days) * 1440 if chance.random() < 0.3 else None,
        "history": [chance.randrange(0, 10080) for _ in range(chance.randint(0, 2))],
        "pinned": None,
    }


def neutral(asked: Problem) -> dict[str, Any]:
    """Return a problem as it lies in a file."""
    return asked.model_dump(mode="json")


def verdict(asked: Problem, plan: CampaignPlan) -> Verdict:
    """Return what the verifier says of a plan."""
    return verify(neutral(asked), plan.as_json())


def solved(asked: Problem, *, iterations: int | None = 30, **how: Any) -> CampaignPlan:
    """Return a plan that the verifier accepts."""
    plan = solve(asked, iterations=iterations, **how)
    found = verdict(asked, plan)
    assert found.accepted, [str(one) for one in found.violations]
    assert found.objective == plan.objective
    return plan


def further(seed: int) -> Problem:
    """One of many: every size with every load, with two to eight agencies of two to five people."""
    size, load = SIZES[seed % 4], LOADS[seed // 4 % 4]
    agencies, people = AGENCIES[seed % len(AGENCIES)], 2 + seed // 16 % 4
    return problem(1000 + seed, visits=size, days=7, agencies=agencies, people=people, load=load)
