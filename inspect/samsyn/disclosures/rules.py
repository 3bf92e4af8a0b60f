"""Words of disclosures, what a frozen copy is made of, and the refusals that people read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, cast

from typing_extensions import TypedDict

from samsyn.access.rules import Role
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number, mask_personal_numbers
from samsyn.core.viewer import TASK

MOST_WORDS: Final = 4_000
MOST_REFERENCE: Final = 80
MOST_PICTURES: Final = 60
"""Of one disclosure: all of them are read and written in one transaction."""
READERS: Final = frozenset({Role.INSPECTOR, Role.PLANNER, Role.DECIDER, TASK})
"""Who reads copies and their decisions: who reads findings."""


class Decision(StrEnum):
    """What was decided; both are records."""

    GRANTED = "granted"
    REFUSED = "refused"


class Missing(StrEnum):
    """What keeps a disclosure closed; the words stand under ``disclosure.missing``."""

    VISIT_OVER = "visit_over"
    OPERATION_DONE = "operation_done"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"


class Refusal(StrEnum):
    """Why something that was sent is not taken; the words stand under ``web.fault``."""

    NOTHING_CHOSEN = "nothing_chosen"
    NO_RECEIVER = "no_receiver"
    NO_UNIT = "no_unit"
    NO_BASIS = "no_basis"
    NO_FIT = "no_fit"
    BALANCING_NEEDED = "balancing_needed"
    REASON_NEEDED = "reason_needed"
    PERSONAL_NUMBER = "personal_number_found"
    TOO_LONG = "too_long_text"
    TOO_MANY_PICTURES = "too_many_pictures"
    PICTURE_LOST = "picture_lost"


class NotTakenError(InvalidError):
    """Something sent cannot be taken; ``fields`` carries the refusal's word. Never quotes what was sent."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        super().__init__(f"{field}: {refusal}", fields={field: (refusal,)})


class Copy(TypedDict):
    """One finding as it was when it was handed over. Frozen: nothing in it changes with the finding."""

    giver: str
    place: str
    address: str
    visited_on: str
    point: str | None
    point_sv: str | None
    point_en: str | None
    law: str | None
    answer: str
    serious: bool
    text: str
    observed_at: str
    by: str
    marking: str
    pictures: list[str]


def digest_of(copies: Sequence[Copy]) -> str:
    """Return the checksum of what is handed over: the SHA-256 of the copies as canonical JSON, in their order."""
    said = json.dumps(list(copies), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def as_copy(stored: dict[str, Any]) -> Copy:
    """Return a stored copy in its shape."""
    return cast(Copy, stored)


def checked_words(field: str, text: str, *, mask: bool, confirmed: bool = False, limit: int = MOST_WORDS) -> str:
    """Return the text as it may be kept; refuse one with a personal number unless it is masked or confirmed (R5)."""
    text = text.replace("\x00", "").strip()
    if len(text) > limit:
        raise NotTakenError(field, Refusal.TOO_LONG)
    if mask:
        return mask_personal_numbers(text)
    if has_personal_number(text) and not confirmed:
        raise NotTakenError(field, Refusal.PERSONAL_NUMBER)
    return text
