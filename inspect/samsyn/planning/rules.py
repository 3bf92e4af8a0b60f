"""Words of planning, and what follows for others from when somebody works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

Span = tuple[datetime, datetime]
"""From a moment until before another."""


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


class PollState(StrEnum):
    """How a time poll stands. ``none``: the deadline came and no proposal would do."""

    OPEN = "open"
    CHOSEN = "chosen"
    NONE = "none"
    WITHDRAWN = "withdrawn"


class PollAnswer(StrEnum):
    """What is answered to one proposal."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"


class TemplateKind(StrEnum):
    """What a template begins."""

    OPERATION = "operation"
    ANSWER = "answer"


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same time in order, without overlaps and seams."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def without(whole: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what is left of ``whole``."""
    gone, left = merged(taken), []
    for begin, end in merged(whole):
        start = begin
        for off, on in gone:
            if off < end and on > start:
                left.append((start, off))
                start = max(start, on)
        left.append((start, end))
    return [(start, end) for start, end in left if start < end]


def within(whole: Iterable[Span], limits: Iterable[Span]) -> list[Span]:
    """Return what of ``whole`` lies in the limits."""
    inside = merged(whole)
    return without(inside, without(inside, limits))


def unavailable(
    horizon: Span,
    shifts: Sequence[Span],
    away: Sequence[Span],
    *,
    readable: bool,
    usual: Sequence[Span] = (),
    tells: Span | None = None,
) -> list[tuple[Span, Unavailability]]:
    """Return what others learn of the horizon, nothing twice.

    Taken: leave and busy times, and between the first and the last known shift what lies outside of shifts. Unknown:
    what lies before the first and after the last shift, and every shift whose own calendar could not be read.
    ``tells``: the time that the own calendar was read for; beyond it nothing is known, and in it ``usual`` hours of a
    person without shifts are free where the calendar has nothing.
    """
    known = [(min(s for s, _ in shifts), max(e for _, e in shifts))] if shifts else []
    taken = merged([*away, *without(known, shifts)])
    free = [*shifts, *without(usual, known)] if readable else []
    unknown = without([horizon], [*taken, *(free if tells is None else within(free, [tells]))])
    busy = without([horizon], without([horizon], taken))
    return [(span, Unavailability.BUSY) for span in busy] + [(span, Unavailability.UNKNOWN) for span in unknown]


PLAN_CAMPAIGN: Final = "samsyn.planning.plan_campaign"
"""The task that makes a campaign's plan, step by step."""
