"""When a visit of a plan could be instead of a time that cannot be: what a person would try by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from samsyn.planning.service.moving import order_of, try_move, way_to

MOST: Final = 4
"""So many times are told."""
MOST_LOOKED: Final = 12
"""So many are held against the rules, each as a move by hand; what is plainly taken is passed over before."""
APART: Final = 60
"""Minutes between the times that are told: a quarter later is no other choice."""
Span = tuple[int, int]
Json = Mapping[str, Any]


def nearest_starts(problem: Json, plan: Json, visit: str, start: int) -> list[int]:
    """Return the starts nearest to a minute at which a visit can be moved, in their order; none where none was found.

    Each is one that ``try_move`` has nothing against. What only a change of other visits would make possible is none.
    """
    wanted = next((one for one in problem["visits"] if one["id"] == visit), None)
    if wanted is None:
        return []
    look, found, looked = Look(problem, plan, wanted), list[int](), 0
    now = {one["start"] for one in plan["visits"] if one["id"] == visit}
    for at in sorted(set(look.starts()) - now, key=lambda one: (abs(one - start), one)):
        if len(found) == MOST or looked == MOST_LOOKED:
            break
        if any(abs(at - one) < APART for one in found) or not look.has_room(at):
            continue
        looked += 1
        if not try_move(problem, plan, visit, at).clashes:
            found.append(at)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Room:
    """A person's: of which authority, able to what, when the visit could begin in each shift, and when it could not."""

    agency: str
    able: frozenset[str]
    shifts: list[Span]
    taken: list[Span]

    def holds(self, at: int) -> bool:
        """Say whether the visit could begin then."""
        works = any(first <= at <= last for first, last in self.shifts)
        return works and not any(after < at < before for after, before in self.taken)


class Look:
    """A visit that is to be moved, in a plan of a problem: where there might be room for it, whatever the way there."""

    def __init__(self, problem: Json, plan: Json, wanted: Json) -> None:
        """Look at all that is planned beside the visit."""
        self.problem, self.wanted, self.lasts = problem, wanted, int(wanted["duration"])
        self.place = order_of(problem)
        self.agencies = {unit["agency"] for unit in wanted["units"]}
        known = {one["id"]: one for one in problem["visits"]}
        self.others = [(one, known[one["id"]]) for one in plan["visits"] if one["id"] != wanted["id"]]
        self.ahead = self.way(wanted["briefing"]["location"], wanted) if wanted["briefing"] else 0
        self.rooms = list(self.rooms_of(self.going()))

    def starts(self) -> Iterator[int]:
        """Return each start of the problem's grid at which the visit is over while its place is open."""
        grid = self.problem["grid"]
        for opens, closes in self.wanted["windows"]:
            yield from range(-(-opens // grid) * grid, closes - self.lasts + 1, grid)

    def minutes(self, place: str, to: str) -> int:
        """Return the way from a place to another."""
        return int(self.problem["travel"][self.place[place]][self.place[to]])

    def way(self, place: str, visit: Json) -> int:
        """Return the minutes from a place to a visit's start, by where it is briefed."""
        return way_to(self.problem, self.place, place, visit)

    def going(self) -> dict[str, list[tuple[int, Span]]]:
        """Return by person each other visit: when it begins, and between which minutes this one cannot."""
        going: dict[str, list[tuple[int, Span]]] = {}
        for one, visit in self.others:
            after = one["start"] - self.way(self.wanted["location"], visit) - self.lasts
            before = one["start"] + visit["duration"] + self.way(visit["location"], self.wanted)
            for person in one["inspectors"]:
                going.setdefault(person, []).append((one["start"], (after, before)))
        return going

    def rooms_of(self, going: Mapping[str, list[tuple[int, Span]]]) -> Iterator[Room]:
        """Return where each person of the visit's authorities has room for it; no shift that is full."""
        for one in self.problem["inspectors"]:
            if one["agency"] not in self.agencies:
                continue
            mine = going.get(one["id"], [])
            there, back = self.way(one["base"], self.wanted), self.minutes(self.wanted["location"], one["base"])
            most = one["max_visits_per_shift"]
            shifts = [
                (first + there, last - self.lasts - back)
                for first, last in one["shifts"]
                if most is None or sum(first <= begins < last for begins, _ in mine) < most
            ]
            busy = [(first - self.lasts, last + self.ahead) for first, last in one["busy"]]
            yield Room(one["agency"], frozenset(one["skills"]), shifts, [*busy, *(span for _, span in mine)])

    def has_room(self, at: int) -> bool:
        """Say whether each authority of the visit has the people, and a vehicle where it has so many only."""
        asked = Counter[str]()
        for unit in self.wanted["units"]:
            asked[unit["agency"]] += unit["count"]
        there = [one for one in self.rooms if one.holds(at)]
        able = all(
            sum(one.agency == unit["agency"] and one.able >= set(unit["skills"]) for one in there) >= unit["count"]
            for unit in self.wanted["units"]
        )
        count = Counter(one.agency for one in there)
        return able and all(count[one] >= n for one, n in asked.items()) and self.has_vehicles(at)

    def has_vehicles(self, at: int) -> bool:
        """Say whether no authority of the visit would have more visits at once than vehicles."""
        return all(
            self.at_once(one["id"], at) < one["vehicles"]
            for one in self.problem["agencies"]
            if one["id"] in self.agencies and one["vehicles"] is not None
        )

    def at_once(self, agency: str, at: int) -> int:
        """Return how many other visits of an authority run at once at most, while this one does."""
        spans: list[Span] = [
            (one["start"], one["start"] + visit["duration"])
            for one, visit in self.others
            if any(unit["agency"] == agency for unit in visit["units"])
        ]
        during = [(first, last) for first, last in spans if first < at + self.lasts and at < last]
        moments = {at, *(first for first, _ in during if first > at)}
        return max(sum(first <= moment < last for first, last in during) for moment in moments)
