"""What people send about refused entry and help of the police, and the checks of its texts that need no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.assistance.rules import MOST_ROLE, MOST_TEXT, Helped, HelpGround, HelpLaw
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number, mask_personal_numbers

Faults = dict[str, list[str]]
NUMBER: Final = "personal_number"
"""The word that a finding's text is refused with: who wrote it takes the number out, or has it masked."""


@dataclass(frozen=True, slots=True)
class RefuseEntry:
    """Entry was refused at a visit: when, by somebody in which role, and what was said; the key is the client's.

    ``mask``, here and below: personal numbers in the texts become asterisks; without it such a text is refused (R5).
    """

    refusal_id: UUID
    visit_id: UUID
    at: datetime
    by_role: str
    said: str = ""
    mask: bool = False


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Help of the police is asked for, by a section; ``ground`` where the section is conditional, and nowhere else."""

    request_id: UUID
    visit_id: UUID
    law: HelpLaw
    reason: str
    at: datetime
    ground: HelpGround | None = None
    refusal_id: UUID | None = None
    mask: bool = False


@dataclass(frozen=True, slots=True)
class AnswerHelp:
    """What comes of a request. ``presence_id``: the key of the change of role that goes with help that is given."""

    answer_id: UUID
    request_id: UUID
    visit_id: UUID
    what: Helped
    at: datetime
    text: str = ""
    presence_id: UUID | None = None
    mask: bool = False


def refusal_words(command: RefuseEntry, faults: Faults) -> tuple[str, str]:
    """Return who refused and what was said as they may be kept; note what is wrong."""
    by_role = _kept("by_role", command.by_role, MOST_ROLE, faults, mask=command.mask)
    _demand("by_role", by_role, faults)
    return by_role, _kept("said", command.said, MOST_TEXT, faults, mask=command.mask)


def help_words(command: AskHelp, faults: Faults) -> str:
    """Return the reason of a request as it may be kept; note what is wrong."""
    reason = _kept("reason", command.reason, MOST_TEXT, faults, mask=command.mask)
    _demand("reason", reason, faults)
    return reason


def answer_words(command: AnswerHelp, faults: Faults) -> str:
    """Return the text of an answer as it may be kept; note what is wrong: who cannot come says why."""
    text = _kept("text", command.text, MOST_TEXT, faults, mask=command.mask)
    if command.what is Helped.CANNOT:
        _demand("text", text, faults)
    return text


def check_words(command: RefuseEntry | AskHelp | AnswerHelp) -> None:
    """Raise ``InvalidError`` naming each text that may not be kept as it is."""
    faults: Faults = {}
    if isinstance(command, RefuseEntry):
        refusal_words(command, faults)
    elif isinstance(command, AskHelp):
        help_words(command, faults)
    else:
        answer_words(command, faults)
    if faults:
        raise InvalidError("that is not written", fields=faults)


def _kept(name: str, text: str, limit: int, faults: Faults, *, mask: bool) -> str:
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no NUL in a text
    text = mask_personal_numbers(text) if mask else text
    if len(text) > limit:
        faults[name] = ["too long"]
    elif has_personal_number(text):
        faults[name] = [NUMBER]
    return text


def _demand(name: str, text: str, faults: Faults) -> None:
    if not text:
        faults.setdefault(name, ["must not be empty"])
