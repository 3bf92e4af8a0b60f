"""Words of places."""

from __future__ import annotations

from enum import StrEnum


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
