"""The objective of a plan without violations, part by part (PLANNER.md, Objective)."""

from __future__ import annotations

from collections import Counter, defaultdict

from samsyn.planning.verifier.rules import Look

WEEK = 10080
DAY = 1440
REPEATED = 60
CELL = 120


def objective(look: Look) -> dict[str, int]:
    """Return the weighted parts of the objective, in PLANNER.md's words."""
    weights = look.problem["weights"]
    parts = {"unserved": 0, "late": 0, **on_the_way(look), "fairness": unfair(look), "repeat": 0}
    cells: Counter[int] = Counter()
    for name, visit in look.visits.items():
        if name not in look.entries:
            parts["unserved"] += visit["risk"]
            continue
        start = look.entries[name][0]
        due = visit.get("due")
        if due is not None and start > due:
            parts["late"] += visit["risk"] * -(-(start - due) // DAY)
        for before in visit.get("history", ()):
            apart = abs(start % WEEK - before)
            parts["repeat"] += min(apart, WEEK - apart) <= REPEATED
        cells[start % WEEK // CELL] += 1
    parts["clustering"] = sum(n * (n - 1) // 2 for n in cells.values())
    moved, staff = changes(look)
    parts |= {"moved": moved, "staff_changed": staff}
    return {part: n * weights.get(part, 0) for part, n in parts.items()}


def on_the_way(look: Look) -> dict[str, int]:
    """Return the minutes on the way, with the ways from and to base, and those of waiting between commitments."""
    travel = idle = 0
    for person, mine in look.by_person.items():
        who = look.inspectors[person]
        for shift in who["shifts"]:
            day = [one for one in mine if shift[0] <= one.begins and one.ends <= shift[1]]
            legs = look.legs(who, tuple(shift), day) if day else []
            travel += sum(drive for _, drive, _ in legs)
            idle += sum(free - drive for free, drive, _ in legs[1:-1])
    return {"travel": travel, "idle": idle}


def unfair(look: Look) -> int:
    """Return the sum over agencies of the largest load less the smallest, in minutes."""
    loads: dict[str, list[int]] = defaultdict(list)
    for person, who in look.inspectors.items():
        carried = sum(one.ends - one.begins for one in look.by_person.get(person, ()))
        loads[who["agency"]].append(who.get("load_before", 0) + carried)
    return sum(max(one) - min(one) for one in loads.values())


def changes(look: Look) -> tuple[int, int]:
    """Return the baseline's visits that moved or fell out and its people who no longer go; notified ones more."""
    baseline, factor = look.problem.get("baseline"), look.problem["weights"].get("notified_factor", 1)
    told = set(look.problem.get("notified") or ())
    moved = staff = 0
    for entry in (baseline or {}).get("visits", ()):
        times = factor if entry["id"] in told else 1
        now = look.entries.get(entry["id"])
        moved += times * (now is None or now[0] != entry["start"])
        if now is not None:
            staff += times * len(set(entry["inspectors"]) - set(now[1]))
    return moved, staff
