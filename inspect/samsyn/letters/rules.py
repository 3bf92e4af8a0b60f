"""What a letter has to say, when one may be written before a visit, and what a saved one must not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.operations.queries import PartCard
from samsyn.operations.rules import OperationState

BEFORE: Final = ("who", "why", "law", "ready", "contact")
AFTER: Final = ("was", "seen", "next", "say", "contact")
"""The sections of a letter, in their order."""
BLANK: Final = "…"
"""Stands in a draft where somebody has to write: nothing is saved with it."""
MOST: Final = 4_000
"""Characters of a section."""
WRITTEN_IN: Final = frozenset({OperationState.SCHEDULED, OperationState.INVITED, OperationState.CONFIRMED})
"""States in which a letter before the visit may be written: every part has answered, and the plan stands."""


class Words(NamedTuple):
    """A letter as it is saved: its language and sections, when it was sent, and what came back."""

    language: str
    content: Mapping[str, str]
    sent_on: date | None = None
    receipt: str | None = None
    new_time_at: datetime | None = None
    seen_version: int = 0


class Saved(NamedTuple):
    """The newest version of a letter."""

    version: int
    language: str
    content: Mapping[str, str]
    sent_on: date | None
    receipt: str | None
    new_time_at: datetime | None
    written_by: UUID
    written_at: datetime


def why_no_letter(state: OperationState, *, announced: bool, parts: Sequence[PartCard]) -> tuple[str, ...]:
    """Return why the business may not be told before a visit; empty where it may.

    ``unannounced``: the visit is; ``part_unannounced``: an authority comes unannounced, and a letter would warn of it;
    ``unanswered``: somebody has not said whether it does; ``state``: the plan does not stand, or the visit has begun.
    """
    asked = [part for part in parts if not part.withdrawn and part.accepted is not False]
    found = [] if announced else ["unannounced"]
    if any(part.announced is False for part in asked):
        found.append("part_unannounced")
    if not asked or any(part.accepted is None or part.announced is None for part in asked):
        found.append("unanswered")
    if state not in WRITTEN_IN:
        found.append("state")
    return tuple(found)


def checked(content: Mapping[str, str], sections: Sequence[str]) -> dict[str, str]:
    """Return a letter's sections as they may be kept; ``InvalidError`` names the section and what is wrong."""
    faults: dict[str, list[str]] = {}
    kept = {name: content.get(name, "").replace("\x00", "").strip() for name in sections}
    for name, words in kept.items():
        if not 0 < len(words) <= MOST:
            faults[name] = [f"must have 1 to {MOST} characters"]
        elif BLANK in words:
            faults[name] = ["must be filled in where it says …"]
        elif has_personal_number(words):
            faults[name] = ["must not hold a personal identity number"]
    if faults:
        raise InvalidError("the letter is not whole", fields=faults)
    return kept
