"""Words of the queue and of long pieces of work."""

from __future__ import annotations

from enum import StrEnum


class OutboxState(StrEnum):
    """Where a row of the queue stands; ``held`` waits for a person, ``dead`` has used up its attempts."""

    DUE = "due"
    LEASED = "leased"
    DONE = "done"
    HELD = "held"
    DEAD = "dead"


class JobState(StrEnum):
    """Where a long piece of work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
