"""What people send about a visit, and its checks that need no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from samsyn.core.personal_numbers import has_personal_number, mask_personal_numbers
from samsyn.findings.rules import MAX_FACT, MAX_MARKING, MAX_TEXT, Answer, Question, Refusal, RefusedError


@dataclass(frozen=True, slots=True)
class AnswerPoint:
    """One answer to a check point, or with ``check_point`` None a free observation, which needs a text.

    ``finding_id`` is random and made by the client; ``base_version`` is the version that its writer saw (0: none).
    ``mask``: personal numbers in the text are replaced by asterisks; without it such a text is refused (R5).
    """

    finding_id: UUID
    base_version: int
    part_id: UUID
    check_point: str | None
    answer: Answer
    observed_at: datetime
    serious: bool = False
    text: str = ""
    marking: str | None = None
    mask: bool = False


@dataclass(frozen=True, slots=True)
class RecordFact:
    """An answer to a common question, read by every authority of the operation; ``fact_id`` is made by the client."""

    fact_id: UUID
    part_id: UUID
    question: Question
    answer: str
    mask: bool = False


def checked_answer(command: AnswerPoint) -> AnswerPoint:
    """Return the answer as it may be kept; raise ``RefusedError`` naming the field."""
    point, answer = command.check_point, command.answer
    text = checked_text("text", command.text, MAX_TEXT, mask=command.mask)
    marking = checked_text("marking", command.marking or "", MAX_MARKING, mask=command.mask) or None
    if point is None and not text:
        raise RefusedError("text", Refusal.TEXT_NEEDED)
    if point is None and answer is Answer.NOT_APPLICABLE:
        raise RefusedError("answer", Refusal.NOT_FOR_FREE)
    if point is not None and answer is Answer.OBSERVATION:
        raise RefusedError("answer", Refusal.NOT_FOR_A_POINT)
    if command.serious and answer is not Answer.DEFICIENCY:
        raise RefusedError("serious", Refusal.SERIOUS_WITHOUT_DEFICIENCY)
    if command.observed_at.utcoffset() is None:
        raise RefusedError("observed_at", Refusal.NO_TIME_ZONE)
    return replace(command, text=text, marking=marking)


def checked_fact(command: RecordFact) -> RecordFact:
    """Return the fact as it may be kept; raise ``RefusedError`` naming the field."""
    answer = checked_text("answer", command.answer, MAX_FACT, mask=command.mask)
    if not answer:
        raise RefusedError("answer", Refusal.TEXT_NEEDED)
    return replace(command, answer=answer)


def checked_text(field: str, text: str, limit: int, *, mask: bool) -> str:
    """Return the trimmed text, personal numbers masked where that was asked for; else refuse a text with one (R5)."""
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no NUL in a text
    if len(text) > limit:
        raise RefusedError(field, Refusal.TOO_LONG)
    if mask:
        return mask_personal_numbers(text)
    if has_personal_number(text):
        raise RefusedError(field, Refusal.PERSONAL_NUMBER)
    return text
