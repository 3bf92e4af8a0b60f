"""Numbers on a plot that hide no other: each at its point where there is room, else as near to it as there is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Spot = tuple[float, float]
"""Right and down, in the units of a picture."""
Cell = tuple[int, int]
ROOM: Final = 27.0
"""How far the middles of two numbers have to be from each other."""
EDGE: Final = ROOM / 2
FAR: Final = 12
"""So many times ``ROOM`` a number gives way; farther off it would tell of no place, and covers another instead."""
NEAR: Final = sorted(
    ((x, y) for x in range(-FAR, FAR + 1) for y in range(-FAR, FAR + 1)), key=lambda at: math.hypot(*at)
)


def apart(points: Sequence[Spot], wide: float, high: float) -> list[Spot]:
    """Return where each point's number stands; the same points give the same places.

    What gives way stands at a crossing of a grid, so that one look says whether there is room.
    """
    there: dict[Cell, list[Spot]] = {}
    covered: set[Cell] = set()
    found = []
    for point in points:
        column, row = middle = cell_of(point)
        near = (one for x in (-1, 0, 1) for y in (-1, 0, 1) for one in there.get((column + x, row + y), ()))
        spot = point
        if not inside(point, wide, high) or any(math.dist(one, point) < ROOM for one in near):
            cells = ((column + x, row + y) for x, y in NEAR)
            free = (crossing(one) for one in cells if one not in covered and inside(crossing(one), wide, high))
            spot = next(free, point)
            middle = cell_of(spot)
        there.setdefault(middle, []).append(spot)
        covered |= {one for one in beside(middle) if math.dist(crossing(one), spot) < ROOM}
        found.append(spot)
    return found


def cell_of(spot: Spot) -> Cell:
    """Return the crossing that a spot is nearest to; what is within ``ROOM`` is nearest to that or to one beside it."""
    return round(spot[0] / ROOM), round(spot[1] / ROOM)


def crossing(cell: Cell) -> Spot:
    """Return where a crossing lies."""
    return cell[0] * ROOM, cell[1] * ROOM


def beside(cell: Cell) -> list[Cell]:
    """Return a crossing and those around it."""
    return [(cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]


def inside(spot: Spot, wide: float, high: float) -> bool:
    """Say whether a number there is whole within the picture."""
    return EDGE <= spot[0] <= wide - EDGE and EDGE <= spot[1] <= high - EDGE
