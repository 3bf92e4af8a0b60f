"""Words of records requests: what may fall under one, how each thing is decided, and how words in it are masked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number

MOST_WORDS: Final = 4_000
MOST_REASON: Final = 2_000
MOST_SECTION: Final = 80
MOST_NUMBER: Final = 60
MOST_ITEMS: Final = 1_000
"""Of one request; one that finds more is to be narrowed."""
MOST_PICTURES: Final = 200
MASKED: Final = "█████"


class ItemKind(StrEnum):
    """What falls under a request."""

    OPERATION = "operation"
    VISIT = "visit"
    PART = "part"
    FACTS = "facts"
    FINDING = "finding"
    PICTURE = "picture"
    PURCHASE = "purchase"
    PRESENCE = "presence"
    REFUSAL = "refusal"
    POLICE_HELP = "police_help"
    OUTCOME = "outcome"
    FOLLOW_UP = "follow_up"
    LETTER = "letter"
    GIVEN = "given"
    RECEIVED = "received"
    ASKED = "asked"
    TALK = "talk"
    MAIL = "mail"


ORDER: Final = {kind: n for n, kind in enumerate(ItemKind)}


class Choice(StrEnum):
    """How one thing was decided. ``OUTSIDE``: examined, and not what was asked for."""

    UNDECIDED = "undecided"
    GIVE = "give"
    MASK = "mask"
    REFUSE = "refuse"
    OUTSIDE = "outside"


DECISIONS: Final = tuple(choice for choice in Choice if choice is not Choice.UNDECIDED)
GIVEN: Final = frozenset({Choice.GIVE, Choice.MASK})
NO: Final = frozenset({Choice.MASK, Choice.REFUSE})
"""A whole or partial no: decided by the authority, with a section, a reason and how to appeal (OSL 6:3, 6:7)."""


class Subject(StrEnum):
    """What a package holds: the answer to a request, or all of a business or an operation for the own diary."""

    REQUEST = "request"
    BUSINESS = "business"
    OPERATION = "operation"


class Fault(StrEnum):
    """Why something that was sent is not taken; the words stand under ``web.fault``."""

    NOTHING_NAMED = "records_nothing_named"
    FUTURE = "records_future"
    BACKWARDS = "records_backwards"
    NOTHING_CHOSEN = "records_nothing_chosen"
    SECTION_NEEDED = "records_section_needed"
    REASON_NEEDED = "records_reason_needed"
    NOTHING_MASKED = "records_nothing_masked"
    NO_PICTURE_MASK = "records_no_picture_mask"
    NUMBER_NEEDED = "records_number_needed"
    PERSONAL_NUMBER = "personal_number_found"
    TOO_LONG = "too_long_text"


class Missing(StrEnum):
    """What keeps a request open; the words stand under ``records.missing``."""

    UNDECIDED = "undecided"
    HIDDEN = "hidden"
    DECIDER = "decider"


class NotTakenError(InvalidError):
    """Something sent cannot be taken; ``fields`` carries the refusal's word. Never quotes what was sent."""

    def __init__(self, field: str, fault: Fault) -> None:
        super().__init__(f"{field}: {fault}", fields={field: (fault,)})


Content = dict[str, str]
"""A thing as it can be given out: fields by name, in their order; the names' words are ``records.field``."""


def digest_of(content: object) -> str:
    """Return the SHA-256 of something as canonical JSON."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def masked(content: Mapping[str, str], fields: Collection[str], words: Sequence[str]) -> Content:
    """Return the content with whole fields, and each occurrence of some words, replaced by a block.

    Words are found whatever their case; longer ones first, so that none is left in pieces. The block always has the
    same length: it tells nothing of what it hides.
    """
    found = sorted({word for word in words if word}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, found)), re.IGNORECASE) if found else None
    return {
        name: MASKED if name in fields and value else (pattern.sub(MASKED, value) if pattern else value)
        for name, value in content.items()
    }


def suspicious(content: Mapping[str, str]) -> bool:
    """Say whether something in it looks like a personal number (R5)."""
    return any(has_personal_number(value) for value in content.values())


def checked(field: str, text: str, limit: int) -> str:
    """Return a text as it may be kept; ``NotTakenError`` for one too long or with a personal number."""
    text = text.replace("\x00", "").strip()
    if len(text) > limit:
        raise NotTakenError(field, Fault.TOO_LONG)
    if has_personal_number(text):
        raise NotTakenError(field, Fault.PERSONAL_NUMBER)
    return text


def as_content(stored: Mapping[str, Any]) -> Content:
    """Return stored content with its fields in the order of ``FIELDS``."""
    return {name: str(stored[name]) for name in sorted(stored, key=place)}


FIELDS: Final = (
    *("code_word", "title", "lead", "period", "meeting_place", "state", "participants"),
    *("place", "address", "visited", "announced", "ended", "safety_note"),
    *("authority", "unit", "accepted", "legal_basis", "police_role", "no_notice_reason", "handed_in", "summary"),
    *("point", "question", "law", "answer", "text", "observed", "written", "by", "marking", "version", "earlier"),
    *("measure", "amount", "heard_on", "until_on", "delegation", "case_number", "owner", "due_on"),
    *("sent_on", "receipt", "new_time"),
    *("size", "on_date", "asked_for", "age_asked", "told_trader"),
    *("giver", "receiver", "decided", "decider", "basis", "reason", "withdrawn", "items"),
    *("asked_of", "asked_by", "reference", "asked_at", "lines"),
)
"""Every field there is: JSON in the database keeps no order."""


def place(name: str) -> int:
    """Return a field's place."""
    return FIELDS.index(name) if name in FIELDS else len(FIELDS)
