"""What a template holds: the form of a plan or of an answer, never a person, a business or a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from samsyn.authorities.rules import Field
from samsyn.operations.rules import PoliceRole
from samsyn.planning.rules import TemplateKind

LONGEST: Final = 3 * 24 * 60
MOST_PEOPLE: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an authority, or of one of its units, at every visit: so many people, able to do something."""

    authority_id: UUID
    unit_id: UUID | None = None
    people: int = 1
    competence: str | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of an authority must have said yes."""

    authority_id: UUID
    minimum: int


@dataclass(frozen=True, slots=True)
class OperationContent:
    """How an operation is laid out; times in minutes. ``meets_before``: the meeting before the start, or none."""

    lasts: int
    visit_lasts: int
    meets_before: int | None = None
    asked: tuple[Asked, ...] = ()
    quorum: tuple[Quorum, ...] = ()
    stop_word: str | None = None
    safety_note: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """How an authority usually answers: for one field or unit, or for any where neither is named."""

    field: Field | None = None
    unit_id: UUID | None = None
    legal_basis: str | None = None
    announced: bool | None = None
    no_notice_reason: str | None = None
    police_role: PoliceRole | None = None


Content = OperationContent | AnswerContent
CONTENTS: Final[dict[TemplateKind, TypeAdapter[Any]]] = {
    TemplateKind.OPERATION: TypeAdapter(OperationContent),
    TemplateKind.ANSWER: TypeAdapter(AnswerContent),
}


def kind_of(content: Content) -> TemplateKind:
    """Return what a content begins."""
    return TemplateKind.OPERATION if isinstance(content, OperationContent) else TemplateKind.ANSWER


def to_json(content: Content) -> dict[str, Any]:
    """Return a content as it is kept."""
    kept: dict[str, Any] = CONTENTS[kind_of(content)].dump_python(content, mode="json")
    return kept


def from_json(kind: TemplateKind, kept: dict[str, Any]) -> Content | None:
    """Return a content from what is kept; none for what no version of ours has written."""
    try:
        content: Content = CONTENTS[kind].validate_python(kept)
    except ValidationError:
        return None
    return content


def texts_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the free texts by field, to be looked through before they are kept."""
    names = (
        ("stop_word", "safety_note") if isinstance(content, OperationContent) else ("legal_basis", "no_notice_reason")
    )
    for name in names:
        if text := getattr(content, name):
            yield name, text


def faults_of(content: Content) -> dict[str, list[str]]:
    """Return what cannot be, by field."""
    faults: dict[str, list[str]] = {}
    if isinstance(content, OperationContent):
        if not 0 < content.lasts <= LONGEST:
            faults["lasts"] = ["from one minute to three days"]
        if not 0 < content.visit_lasts <= content.lasts:
            faults["visit_lasts"] = ["must fit into the operation"]
        if content.meets_before is not None and not 0 <= content.meets_before <= 24 * 60:
            faults["meets_before"] = ["at most 24 hours before the start"]
        if any(not 1 <= one.people <= MOST_PEOPLE for one in content.asked):
            faults["asked"] = ["one to fifty people"]
        if any(not 0 <= one.minimum <= MOST_PEOPLE for one in content.quorum):
            faults["quorum"] = ["at most fifty people"]
    return faults


def fits(content: AnswerContent, fields: frozenset[Field], unit_id: UUID | None) -> bool:
    """Say whether a usual answer is for a part: of that unit, of one of its fields, or of any."""
    if content.unit_id is not None:
        return content.unit_id == unit_id
    return content.field is None or content.field in fields
