"""Words of authorities and their units."""

from __future__ import annotations

from enum import StrEnum


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


MUST_GIVE_REASON_FOR_NO_NOTICE: frozenset[Field] = frozenset({Field.ENVIRONMENT, Field.HEALTH})
"""Fields whose unannounced visit must be justified (MB 28:1, 28:6; JO 2545-2015)."""
