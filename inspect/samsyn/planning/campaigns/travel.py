"""How long it takes from one place to another, as far as nobody measured it: by the distance as the crow flies.

All of it is assumed and nothing measured; the plan's page says so, with the numbers. A road is ``DETOUR`` times as long
as the distance. There are no roads here to know the class of, so the length stands for it: a short way goes through
streets, a longer one has roads between, the rest is highway. The speeds lie below what is allowed (50 km/h in densely
built areas, 70 outside, trafikförordningen 1998:1276, 3 kap. 17 §), for crossings, lights and tractors. A place that
nobody put on the map counts as lying in the middle of the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
EARTH: Final = 6371.0
DETOUR: Final = 1.3
"""A road is so many times as long as the distance."""
STREETS: Final = (3.0, 30.0)
"""So many kilometres of a way are streets, at so many an hour."""
ROADS: Final = (10.0, 50.0)
"""What lies between those and so many kilometres is road."""
HIGHWAY: Final = 70.0
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
    return min(math.ceil(OFF_AND_ON + 60 * hours_on(kilometres(one, other) * DETOUR)), FARTHEST)


def hours_on(road: float) -> float:
    """Return how many hours so many kilometres of road take."""
    streets, roads = min(road, STREETS[0]), min(max(road - STREETS[0], 0.0), ROADS[0] - STREETS[0])
    return streets / STREETS[1] + roads / ROADS[1] + max(road - ROADS[0], 0.0) / HIGHWAY


def table(points: Sequence[Point]) -> list[list[int]]:
    """Return the minutes from each point to each."""
    return [[minutes_between(one, other) for other in points] for one in points]


def middle(points: Sequence[Point]) -> Point:
    """Return the middle of some points; the equator's where there are none, which is as near to everywhere as any."""
    if not points:
        return (0.0, 0.0)
    return (sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points))
