"""Why a visit is left out: impossible even alone, and whom it lacks; or crowded out, and by which visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samsyn.planning.campaigns.board import Board, earlier
from samsyn.planning.campaigns.instance import NumberedVisit
from samsyn.planning.campaigns.matching import augment, possible

MOST_LOOKED_AT = 200
"""So many starts are looked at for the fewest visits that stand in the way."""


@dataclass(frozen=True)
class AgencyStarts:
    """At how many of the starts inside opening hours an agency could staff a visit, if nothing else were planned."""

    agency: str
    starts: int


@dataclass(frozen=True)
class Reason:
    """Why a visit is left out. ``alone``: it is impossible even with nothing else planned; else others crowd it out.

    ``starts`` inside opening hours, ``together`` of them at which all agencies could; the visits in ``crowded_by`` are
    the fewest found whose people, or vehicles, it would need, at the start ``at``.
    """

    visit: str
    alone: bool
    starts: int
    together: int
    agencies: tuple[AgencyStarts, ...]
    crowded_by: tuple[str, ...] = ()
    at: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as an entry of ``unscheduled``."""
        return {
            "id": self.visit,
            "why": "impossible_alone" if self.alone else "crowded_out",
            "starts": self.starts,
            "together": self.together,
            "agencies": [{"agency": one.agency, "starts": one.starts} for one in self.agencies],
            "crowded_by": list(self.crowded_by),
            "at": self.at,
        }


def why(board: Board, empty: Board, v: int) -> Reason:
    """Return why a visit that has no place on a board has none; ``empty`` is one of the same problem without visits."""
    at = board.at
    one = at.visits[v]
    together = possible(empty, v)
    agencies = tuple(
        AgencyStarts(at.problem.agencies[place.agency].id, empty.staffed(v, place).bit_count())
        for place in sorted(one.places, key=lambda place: place.agency)
    )
    starts = one.starts.bit_count()
    if not together:
        return Reason(one.name, alone=True, starts=starts, together=0, agencies=agencies)
    blockers, slot = fewest(board, empty, v, together)
    return Reason(
        one.name,
        alone=False,
        starts=starts,
        together=together.bit_count(),
        agencies=agencies,
        crowded_by=tuple(at.visits[n].name for n in sorted(blockers, key=lambda n: (-at.visits[n].risk, n))),
        at=(slot - at.offset) * at.grid,
    )


def fewest(board: Board, empty: Board, v: int, together: int) -> tuple[set[int], int]:
    """Return the start at which the fewest planned visits stand in the way, by their risk, and which these are."""
    best: set[int] = set()
    best_key, best_slot, looked = (1 << 30, 1 << 30), -1, 0
    stride = max(together.bit_count() // MOST_LOOKED_AT, 1)
    while together:
        low = together & -together
        together ^= low
        looked += 1
        if (looked - 1) % stride:
            continue
        slot = low.bit_length() - 1
        found = in_the_way(board, empty, v, slot)
        key = (len(found), sum(board.at.visits[n].risk for n in found))
        if key < best_key:
            best, best_key, best_slot = found, key, slot
    return best, best_slot


def in_the_way(board: Board, empty: Board, v: int, slot: int) -> set[int]:
    """Return planned visits that would have to make room at a start, of the people easiest to free and of vehicles."""
    one, bit = board.at.visits[v], 1 << slot
    found: set[int] = set()
    for agency in one.agencies:
        if earlier(board.full[agency], one.slots) & bit:
            found |= {n for n in running(board, agency) if overlaps(board, n, slot, one)}
    return found | of_people(board, empty, v, slot)


def of_people(board: Board, empty: Board, v: int, slot: int) -> set[int]:
    """Return the visits of those people who are freed most easily for a start, each in a place of their own.

    Places may share people. People are taken in the order of how easily they are freed, where the places can hold them
    beside those before: such sets are the independent ones of a transversal matroid, and that order finds the least.
    """
    one, bit = board.at.visits[v], 1 << slot
    seats = [place for place in one.places for _ in range(place.count)]
    ways: list[tuple[int, int, int, list[int]]] = []
    for who in sorted({who for place in one.places for who in place.people}):
        if empty.person_room(v, who) & bit:
            held = held_by(board, v, who, slot)
            ways.append((len(held), sum(board.at.visits[n].risk for n in held), who, held))
    ways.sort()
    wants = [[k for k, place in enumerate(seats) if way[2] in place.people] for way in ways]
    taken: dict[int, int] = {}
    for n in range(len(ways)):
        if len(taken) < len(seats):
            augment(n, wants, taken, set())
    return {n for chosen in taken.values() for n in ways[chosen][3]}


def held_by(board: Board, v: int, who: int, slot: int) -> list[int]:
    """Return the visits of a person that stand in the way of a start: those that meet it, or else the closest."""
    if board.person_room(v, who) & 1 << slot:
        return []
    route = sorted(board.route[board.shift_at(v, who, slot)], key=lambda n: (abs(board.start[n] - slot), n))[:2]
    return [n for n in route if overlaps(board, n, slot, board.at.visits[v])] or route[:1]


def running(board: Board, agency: int) -> list[int]:
    """Return the planned visits of an agency."""
    return [n for n, one in enumerate(board.at.visits) if board.start[n] >= 0 and agency in one.agencies]


def overlaps(board: Board, n: int, slot: int, one: NumberedVisit) -> bool:
    """Tell whether a planned visit's commitment meets that of a visit at a start."""
    at, other = board.at, board.at.visits[n]
    begins, mine = board.start[n] * at.grid, slot * at.grid
    return begins - other.ahead < mine + one.lasts and mine - one.ahead < begins + other.lasts
