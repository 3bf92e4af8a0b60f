"""Hold a plan against a problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn.planning.verifier.objective import objective
from samsyn.planning.verifier.rules import Look
from samsyn.planning.verifier.words import Entries, Json, Violation

MOST_TOLD = 200


@dataclass(frozen=True)
class Verdict:
    """What the verifier says: the violations, and of a plan without any its objective, weighted, by part and in all."""

    violations: tuple[Violation, ...]
    parts: Mapping[str, int] = field(default_factory=dict)
    objective: int | None = None

    @property
    def accepted(self) -> bool:
        """Whether the plan breaks no rule."""
        return not self.violations


def verify(problem: Json, plan: Any) -> Verdict:
    """Return what is wrong with a plan of a problem that can be read; at most 200 violations are named.

    ``claims.objective`` must equal the objective found here and ``claims.bound`` not exceed it (format of PLANNER.md).
    """
    found, entries = shape(problem, plan)
    if found:
        return Verdict(tuple(found[:MOST_TOLD]))
    look = Look(problem, entries)
    found = [*look.times(), *look.people(), *look.days(), *look.vehicles(), *look.pins()]
    if found:
        return Verdict(tuple(found[:MOST_TOLD]))
    parts = objective(look)
    total = sum(parts.values())
    wrong = claims(plan.get("claims"), total)
    return Verdict(tuple(wrong), parts, total)


def claims(said: Any, total: int) -> list[Violation]:
    """Return where a plan says more of itself than is so."""
    if said is None:
        return []
    if not isinstance(said, Mapping):
        return [Violation("claims", "plan", "is no object")]
    found = []
    objective, bound = said.get("objective"), said.get("bound")
    if objective is not None and objective != total:
        found.append(Violation("claims", "objective", f"says {objective}, it is {total}"))
    if bound is not None and (not isinstance(bound, int | float) or isinstance(bound, bool) or bound > total):
        found.append(Violation("claims", "bound", f"says {bound}, the objective is {total}"))
    return found


def shape(problem: Json, plan: Any) -> tuple[list[Violation], Entries]:
    """H1: known ids, each visit in one list once, starts on the grid, nobody twice."""
    if not isinstance(plan, Mapping) or plan.get("format") != "samsyn-plan/1":
        return [Violation("H1", "plan", "is no samsyn-plan/1")], {}
    visits, left = plan.get("visits"), plan.get("unscheduled")
    if not isinstance(visits, list) or not isinstance(left, list):
        return [Violation("H1", "plan", "wants the lists visits and unscheduled")], {}
    people = {one["id"] for one in problem["inspectors"]}
    named: Counter[str] = Counter()
    entries: Entries = {}
    found: list[Violation] = []
    for entry in [*visits, *left]:
        if isinstance(entry, Mapping) and isinstance(entry.get("id"), str):
            named[entry["id"]] += 1
        else:
            found.append(Violation("H1", "plan", "has an entry without an id"))
    for entry in visits:
        if isinstance(entry, Mapping) and isinstance(entry.get("id"), str):
            wrong = wrong_entry(entry, problem["grid"], people)
            if wrong:
                found.append(Violation("H1", entry["id"], wrong))
            else:
                entries[entry["id"]] = (entry["start"], tuple(entry["inspectors"]))
    known = dict.fromkeys(one["id"] for one in problem["visits"])
    found += [Violation("H1", name, "is no visit of the problem") for name in named if name not in known]
    found += [Violation("H1", name, "stands in no list") for name in known if named[name] == 0]
    found += [Violation("H1", name, "stands there more than once") for name in known if named[name] > 1]
    return found, entries


def wrong_entry(entry: Json, grid: int, people: set[str]) -> str:
    """Return what is wrong with a planned visit by itself, or nothing."""
    start, who = entry.get("start"), entry.get("inspectors")
    if not isinstance(start, int) or isinstance(start, bool) or start % grid:
        return f"starts at {start}, which is not on the grid of {grid}"
    if not isinstance(who, list) or not all(isinstance(one, str) for one in who):
        return "wants a list of inspectors"
    unknown = [one for one in who if one not in people]
    if unknown:
        return f"knows no inspector {unknown[0]}"
    return "has somebody twice" if len(set(who)) < len(who) else ""
