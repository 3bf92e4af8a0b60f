"""What a phone sends, by kind: the request that it would have been, its checks, and how it is done for whose it was.

A phone whose field session was ended hands its items over under ``/quarantine``; taken in, each is the very request
that it would have been: the same model, service and key, so that sent twice or by both ways it is written once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic import BaseModel, ValidationError

from samsyn.assistance.commands import check_words
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import mask_personal_numbers
from samsyn.core.uow import UnitOfWork
from samsyn.findings.cleaning import CleanPicture
from samsyn.findings.commands import AnswerPoint, RecordFact, checked_answer, checked_fact
from samsyn.findings.evidence import AddEvidence, add_evidence
from samsyn.findings.quarantine import LateItem, digest_of
from samsyn.findings.rules import LateKind
from samsyn.findings.service import answer_point, record_fact
from samsyn.lifecycle.service import hand_in
from samsyn.operations.service import EndVisit, NotePresence, end_visit, note_presence
from samsyn.web.api.assistance import HelpAnswerIn, HelpIn, RefusalIn
from samsyn.web.api.findings import FactIn, FindingIn, own_part
from samsyn.web.api.presence import PresenceIn
from samsyn.web.api.visits import EndIn, HandInIn, shown_part, shown_visit
from samsyn.web.house import house
from samsyn.web.idempotency import asked_of
from samsyn.web.installation import current_keys
from samsyn.web.parsing import invalid
from samsyn.web.shown.assistance import WrittenOut
from samsyn.web.shown.findings import AnsweredOut, FactWrittenOut, NewEvidenceOut
from samsyn.web.shown.presence import PresenceNotedOut


class PhotoIn(BaseModel):
    """A photo has no words."""


@dataclass(frozen=True, slots=True)
class About:
    """What an item is of: the ids that stand in its address."""

    visit_id: UUID
    part_id: UUID | None = None
    finding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item: the address that it is sent to, its body's model, and what is done with it."""

    path: str
    model: type[BaseModel]
    make: Callable[[UnitOfWork, About, Any], BaseModel]
    check: Callable[[About, Any], object] = lambda _about, _body: None


def answer(about: About, body: FindingIn) -> AnswerPoint:
    """Return the command of an answer."""
    return AnswerPoint(part_id=wanted(about.part_id), **dict(body))


def make_fact(uow: UnitOfWork, about: About, body: FactIn) -> BaseModel:
    """Record a common fact, as its route does."""
    said = RecordFact(body.fact_id, own_part(uow, about.visit_id), body.question, body.answer, body.mask)
    return FactWrittenOut(fact_id=body.fact_id, written=record_fact(uow, said))


def make_presence(uow: UnitOfWork, about: About, body: PresenceIn) -> BaseModel:
    """Note presence, as its route does."""
    written = note_presence(uow, NotePresence(visit_id=about.visit_id, **dict(body)))
    return PresenceNotedOut(presence_id=body.presence_id, written=written)


def make_end(uow: UnitOfWork, about: About, body: EndIn) -> BaseModel:
    """End the visit, as its route does."""
    end_visit(uow, EndVisit(about.visit_id, body.state, body.ended_at))
    return shown_visit(uow, about.visit_id)


def refusal(about: About, body: RefusalIn) -> RefuseEntry:
    """Return the command of a refused entry."""
    return RefuseEntry(visit_id=about.visit_id, **dict(body))


def asking(about: About, body: HelpIn) -> AskHelp:
    """Return the command of a request for help."""
    return AskHelp(visit_id=about.visit_id, **dict(body))


def answering(about: About, body: HelpAnswerIn) -> AnswerHelp:
    """Return the command of what came of a request."""
    return AnswerHelp(visit_id=about.visit_id, **dict(body))


def make_refusal(uow: UnitOfWork, about: About, body: RefusalIn) -> BaseModel:
    """Write that entry was refused, as its route does."""
    return WrittenOut(id=body.refusal_id, written=refuse_entry(uow, refusal(about, body)))


def make_help(uow: UnitOfWork, about: About, body: HelpIn) -> BaseModel:
    """Ask for help, as its route does."""
    return WrittenOut(id=body.request_id, written=ask_help(uow, asking(about, body)))


def make_help_answer(uow: UnitOfWork, about: About, body: HelpAnswerIn) -> BaseModel:
    """Answer a request, as its route does."""
    return WrittenOut(id=body.answer_id, written=answer_help(uow, answering(about, body)))


def make_hand_in(uow: UnitOfWork, about: About, body: HandInIn) -> BaseModel:
    """Hand the part in, as its route does."""
    part_id = wanted(about.part_id)
    hand_in(uow, part_id, nothing_to_report=body.nothing_to_report)
    return shown_part(uow, part_id)


def make_photo(uow: UnitOfWork, about: About, body: CleanPicture) -> BaseModel:
    """Keep a picture, as its route does."""
    finding_id = wanted(about.finding_id)
    command = AddEvidence(uuid4(), finding_id, body)
    kept = add_evidence(uow, current_keys(), house().settings.data_dir, command)
    return NewEvidenceOut(id=kept, finding_id=finding_id)


KINDS: Final[Mapping[LateKind, Kind]] = {
    LateKind.FINDING: Kind(
        "/api/v1/parts/{part_id}/findings",
        FindingIn,
        lambda uow, about, body: AnsweredOut.model_validate(answer_point(uow, answer(about, body))),
        lambda about, body: checked_answer(answer(about, body)),
    ),
    LateKind.FACT: Kind(
        "/api/v1/visits/{visit_id}/facts",
        FactIn,
        make_fact,
        lambda about, body: checked_fact(
            RecordFact(body.fact_id, about.visit_id, body.question, body.answer, body.mask)
        ),
    ),
    LateKind.PRESENCE: Kind("/api/v1/visits/{visit_id}/presence", PresenceIn, make_presence),
    LateKind.END: Kind("/api/v1/visits/{visit_id}/end", EndIn, make_end),
    LateKind.REFUSAL: Kind(
        "/api/v1/visits/{visit_id}/refusals",
        RefusalIn,
        make_refusal,
        lambda about, body: check_words(refusal(about, body)),
    ),
    LateKind.HELP: Kind(
        "/api/v1/visits/{visit_id}/help-requests",
        HelpIn,
        make_help,
        lambda about, body: check_words(asking(about, body)),
    ),
    LateKind.HELP_ANSWER: Kind(
        "/api/v1/visits/{visit_id}/help-answers",
        HelpAnswerIn,
        make_help_answer,
        lambda about, body: check_words(answering(about, body)),
    ),
    LateKind.HAND_IN: Kind("/api/v1/parts/{part_id}/hand-in", HandInIn, make_hand_in),
    LateKind.PHOTO: Kind("/api/v1/findings/{finding_id}/evidence", PhotoIn, make_photo),
}


TEXTS: Final = ("text", "marking", "answer", "by_role", "said", "reason")
"""Members of a body that somebody wrote in words."""


def wanted(key: UUID | None) -> UUID:
    """Return an id that the kind needs."""
    if key is None:
        raise InvalidError("what was sent cannot be taken", fields={"item": ["missing"]})
    return key


def checked(what: LateKind, about: About, body: Mapping[str, Any]) -> None:
    """Raise ``InvalidError`` for a body that its own route would not take, also for a personal number in it (R5)."""
    kind = KINDS[what]
    for name in ("part_id", "finding_id"):
        if f"{{{name}}}" in kind.path:
            wanted(getattr(about, name))
    kind.check(about, parsed(kind.model, body))


def parsed(model: type[BaseModel], body: Mapping[str, Any]) -> Any:
    """Return the body as its route reads it: JSON, strictly."""
    try:
        return model.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        raise invalid(error) from None


def kept_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body as it may be kept: where ``mask`` was asked for, no personal number in its texts (R5).

    Done later it says the same: what is masked is masked as it was.
    """
    if body.get("mask") is not True:
        return dict(body)
    texts = {name: body[name] for name in TEXTS if isinstance(body.get(name), str)}
    return {**body, **{name: mask_personal_numbers(said.replace("\x00", "")) for name, said in texts.items()}}


def asked_as(what: LateKind, about: About, body: Mapping[str, Any], photo: bytes | None) -> str:
    """Return the digest of the request that an item would have been on its own address."""
    path = KINDS[what].path.format(visit_id=about.visit_id, part_id=about.part_id, finding_id=about.finding_id)
    if photo is not None:
        return asked_of("POST", path, file=digest_of(photo))
    return asked_of("POST", path, dict(body))


def do(uow: UnitOfWork, item: LateItem) -> str:
    """Do what an item asks, for the viewer; return the receipt that its own route gives."""
    kind, content = KINDS[item.line.what], item.content
    part_id, finding_id = (UUID(content[name]) if content.get(name) else None for name in ("part_id", "finding_id"))
    about = About(item.line.visit_id, part_id, finding_id)
    if item.line.what is LateKind.PHOTO:
        return kind.make(uow, about, CleanPicture(item.picture or b"")).model_dump_json()
    return kind.make(uow, about, parsed(kind.model, content["body"])).model_dump_json()
