"""Words of authorities and their units."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

USUAL_GAP_DAYS: Final = 30
MOST_GAP_DAYS: Final = 365
"""Days within which another visit to the same place is told of: as long as nobody decides, and at most."""


class AuthorityKind(StrEnum):
    """What sort of authority; each municipal board or federation is one of its own (OSL 8:1-2)."""

    BOARD = "board"
    FEDERATION = "federation"
    NATIONAL = "national"
    RESERVED = "reserved"


class Field(StrEnum):
    """What a unit supervises."""

    POLICE = "police"
    TOBACCO = "tobacco"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    ALCOHOL = "alcohol"
    FOOD = "food"
    FIRE = "fire"
    TAX = "tax"
    WORK_ENVIRONMENT = "work_environment"
    BUILDING = "building"
    OTHER = "other"


OF_WORK: Final = f"fields <@ ARRAY[{', '.join(repr(field.value) for field in Field)}]::text[]"
"""The condition of a column ``fields``: it holds these words and no other."""
MUST_GIVE_REASON_FOR_NO_NOTICE: frozenset[Field] = frozenset({Field.ENVIRONMENT, Field.HEALTH})
"""Fields whose unannounced visit must be justified (MB 28:1, 28:6; JO 2545-2015)."""
