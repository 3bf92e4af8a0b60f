"""Words of places."""

from __future__ import annotations

from collections.abc import Mapping
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
