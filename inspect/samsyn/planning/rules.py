"""Words of planning."""

from __future__ import annotations

from enum import StrEnum


class LeaveKind(StrEnum):
    """Why somebody is away, as far as it may be kept: never anything of a person's health (R5)."""

    HOLIDAY = "holiday"
    TRAINING = "training"
    COMPENSATORY = "compensatory"
    OTHER = "other"


class Unavailability(StrEnum):
    """What others learn of a person's time: that it is taken, or that nobody knows; never that it is free."""

    BUSY = "busy"
    UNKNOWN = "unknown"


class TemplateKind(StrEnum):
    """What a template begins."""

    OPERATION = "operation"
    ANSWER = "answer"
