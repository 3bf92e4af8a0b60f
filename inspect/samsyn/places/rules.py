"""Words of places."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class HotSpotState(StrEnum):
    """Whether a hot spot is followed now."""

    FOLLOWED = "followed"
    ENDED = "ended"


class HotSpotChange(StrEnum):
    """What happened to a hot spot."""

    IDENTIFIED = "identified"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class SignalSource(StrEnum):
    """Where an observation came from, as a class: never who made it."""

    PUBLIC = "public"
    OWN = "own"
    AUTHORITY = "authority"
    TRADE = "trade"
    STATISTICS = "statistics"
    OPEN_SOURCE = "open_source"


class Bucket(StrEnum):
    """How many signals an authority has of a place, as far as others learn it."""

    SOME = "some"
    SEVERAL = "several"


SEVERAL_FROM: Final = 5
LEVELS: Final[Mapping[Bucket, int]] = {Bucket.SOME: 1, Bucket.SEVERAL: 2}
LEAST_WEIGHT, MOST_WEIGHT = 1, 3
MOST_IN_A_WEEK: Final = 999
LIVES: Final = timedelta(days=182)
"""As long as a signal counts where nothing else is said."""
LONGEST: Final = timedelta(days=366)
MOST_TEXT: Final = 500


def bucket_of(n: int) -> Bucket | None:
    """Return what others may learn of a number; nothing of none."""
    if n <= 0:
        return None
    return Bucket.SOME if n < SEVERAL_FROM else Bucket.SEVERAL


def level_of(n: int) -> int:
    """Return 0, 1 or 2: none, some, several."""
    bucket = bucket_of(n)
    return LEVELS[bucket] if bucket else 0


def monday_of(year: int, week: int) -> date | None:
    """Return the first day of an ISO week; nothing where the year has no such week (54, or 53 in most years)."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


class RemarkKind(StrEnum):
    """What of the physical environment a remark is about."""

    LIGHTING = "lighting"
    GREENERY = "greenery"
    DAMAGE = "damage"
    LITTER = "litter"
    TRAFFIC = "traffic"
    OTHER = "other"


class RemarkState(StrEnum):
    """What the asked unit says: nothing yet, that it will, that it did, that it will not."""

    WAITING = "waiting"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


OPEN_REMARKS: Final = (RemarkState.WAITING, RemarkState.PLANNED)
ANSWERS: Final = (RemarkState.PLANNED, RemarkState.DONE, RemarkState.DECLINED)
ANSWER_WITHIN: Final = timedelta(days=30)
"""When an answer is wanted where nothing else is said."""
MOST_PLACE: Final = 200


NEAR_DEGREES: Final = 0.0009
"""About 100 metres of latitude: what lies so near a hot spot that is a point lies in it."""
Point = tuple[float, float]


def box_around(outline: Sequence[Point]) -> tuple[Point, Point]:
    """Return the south-western and the north-eastern corner (latitude, longitude) of what may lie in an outline."""
    latitudes, longitudes = [at[0] for at in outline], [at[1] for at in outline]
    (south, north), (west, east) = ((min(one), max(one)) for one in (latitudes, longitudes))
    if len(outline) > 1:
        return (south, west), (north, east)
    wide = NEAR_DEGREES / max(math.cos(math.radians(south)), 0.01)
    return (south - NEAR_DEGREES, west - wide), (north + NEAR_DEGREES, east + wide)


def lies_in(outline: Sequence[Point], at: Point) -> bool:
    """Say whether a place (latitude, longitude) lies in an outline; by how many of its edges are east of the place."""
    if len(outline) == 1:
        (south, west), (north, east) = box_around(outline)
        return south <= at[0] <= north and west <= at[1] <= east
    inside = False
    for (lat, lon), (to_lat, to_lon) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (lat > at[0]) != (to_lat > at[0]) and at[1] < lon + (at[0] - lat) * (to_lon - lon) / (to_lat - lat):
            inside = not inside
    return inside
