"""A campaign put as a problem: places, hours and people's time as minutes since the first day's midnight in Sweden.

Minutes are counted as they go by, so a day on which the clocks change has 1,380 or 1,500 of them. Time is taken in
quarters; a quarter that is taken in part is taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from samsyn.planning.campaigns.problem import Problem
from samsyn.planning.campaigns.travel import Point, middle, minutes_between, table

FORMAT: Final = "samsyn-problem/1"
GRID: Final = 15
MEETS: Final = "meets-"


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its key; ``at`` where somebody said where it lies."""

    key: str
    at: Point | None


@dataclass(frozen=True, slots=True)
class Sender:
    """An authority that sends people."""

    key: str
    vehicles: int | None


@dataclass(frozen=True, slots=True)
class Goer:
    """A person who may be asked, by whom sent, from when until when on each day, and what of that is taken; in runs of
    quarters.

    ``carried``: minutes of joint visits before; ``able``: what is wanted of people (a competence, a team) and this one
    has.
    """

    key: str
    sender: str
    days: Sequence[tuple[int, int]]
    taken: Sequence[tuple[int, int]] = ()
    carried: int = 0
    able: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pinned:
    """How a visit has to stay: from which minute, and who."""

    start: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that is wanted. ``open``: runs of quarters; ``asked``: how many people by sender.

    ``able``: what each of a sender's people has to have; ``due``: from which minute each started day costs. ``ahead``:
    how many minutes before it its people are held, where that is settled.
    """

    key: str
    place: str
    minutes: int
    open: Sequence[tuple[int, int]]
    asked: Mapping[str, int]
    risk: int
    mandatory: bool = False
    before: tuple[int, ...] = ()
    pinned: Pinned | None = None
    able: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    due: int | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a plan depends on. ``begins_at`` is on Sweden's clock.

    ``briefing``: minutes at the nearest meeting place before each visit.
    """

    begins_at: datetime
    days: int
    briefing: int
    per_shift: int
    meeting: Sequence[Place]
    places: Sequence[Place]
    senders: Sequence[Sender]
    goers: Sequence[Goer]
    visits: Sequence[Wanted]
    baseline: Sequence[Mapping[str, Any]] = ()


def problem_of(asked: Asked) -> Problem:
    """Return the problem in the neutral format."""
    known = [one.at for one in (*asked.places, *asked.meeting) if one.at is not None]
    centre = middle(known)
    keys = [*(f"{MEETS}{n}" for n in range(len(asked.meeting))), *(one.key for one in asked.places)]
    points = [one.at or centre for one in (*asked.meeting, *asked.places)]
    where = dict(zip(keys, points, strict=True))
    kept = {one.key for one in asked.visits}
    value: dict[str, Any] = {
        "format": FORMAT,
        "horizon": {"start": asked.begins_at.replace(tzinfo=None).isoformat(timespec="minutes"), "days": asked.days},
        "grid": GRID,
        "locations": [{"id": key} for key in keys],
        "travel": table(points),
        "agencies": [{"id": one.key, "vehicles": one.vehicles} for one in asked.senders],
        "inspectors": [goer(one, asked.per_shift) for one in asked.goers],
        "visits": [visit(one, asked, where) for one in asked.visits],
        "baseline": {"visits": [dict(one) for one in asked.baseline if one["id"] in kept]} if asked.baseline else None,
    }
    return Problem.model_validate(value)


def goer(one: Goer, per_shift: int) -> dict[str, Any]:
    """Return a person; whoever is wanted begins and ends the day at the first meeting place."""
    return {
        "id": one.key,
        "agency": one.sender,
        "skills": list(one.able),
        "base": f"{MEETS}0",
        "shifts": minutes_of(one.days),
        "busy": minutes_of(one.taken),
        "max_visits_per_shift": per_shift,
        "load_before": one.carried,
    }


def visit(one: Wanted, asked: Asked, where: Mapping[str, Point]) -> dict[str, Any]:
    """Return a visit; everybody meets at the meeting place that is nearest to it, be it for no minute."""
    meets = [f"{MEETS}{n}" for n in range(len(asked.meeting))]
    near = min(meets, key=lambda key: (minutes_between(where[key], where[one.place]), key))
    briefing = max(asked.briefing, one.ahead - minutes_between(where[near], where[one.place]))
    pinned = {"start": one.pinned.start, "inspectors": list(one.pinned.people)} if one.pinned else None
    return {
        "id": one.key,
        "location": one.place,
        "duration": one.minutes,
        "windows": minutes_of(one.open),
        "units": [
            {"agency": key, "count": n, "skills": list(one.able.get(key, ()))} for key, n in sorted(one.asked.items())
        ],
        "briefing": {"minutes": briefing, "location": near},
        "risk": one.risk,
        "mandatory": one.mandatory,
        "due": one.due,
        "history": list(one.before),
        "pinned": pinned,
    }


def minutes_of(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return runs of quarters as runs of minutes."""
    return [(first * GRID, last * GRID) for first, last in runs]


def digest_of(problem: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a problem in its canonical form: the same question has the same one."""
    said = json.dumps(problem, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
