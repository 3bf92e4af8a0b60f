"""How long it takes from one place to another, as far as nobody measured it: by the distance as the crow flies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
EARTH: Final = 6371.0
DETOUR: Final = 1.3
"""A road is so many times as long as the distance."""
PER_HOUR: Final = 45.0
OFF_AND_ON: Final = 4
"""Minutes to get off and to find a place for the car, however near it is."""
FARTHEST: Final = 600


def kilometres(one: Point, other: Point) -> float:
    """Return the distance between two points on the earth (haversine)."""
    north, south = math.radians(one[0]), math.radians(other[0])
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(half, 1.0)))


def minutes_between(one: Point, other: Point) -> int:
    """Return whole minutes of travel, as estimated; none where it is the same place."""
    if one == other:
        return 0
    return min(math.ceil(OFF_AND_ON + kilometres(one, other) * DETOUR / PER_HOUR * 60), FARTHEST)


def table(points: Sequence[Point]) -> list[list[int]]:
    """Return the minutes from each point to each."""
    return [[minutes_between(one, other) for other in points] for one in points]


def middle(points: Sequence[Point]) -> Point:
    """Return the middle of some points; the equator's where there are none, which is as near to everywhere as any."""
    if not points:
        return (0.0, 0.0)
    return (sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points))
