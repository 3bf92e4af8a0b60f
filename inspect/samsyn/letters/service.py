"""Save letters; each saving is a new version."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, select

from samsyn.access.queries import unit_of_person
from samsyn.audit.service import record
from samsyn.core.errors import (
    ChangedMeanwhileError,
    GateClosedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.findings.rules import WRITERS
from samsyn.letters.models import NoticeLetter, ResultLetter
from samsyn.letters.rules import AFTER, BEFORE, Words, checked, why_no_letter
from samsyn.operations.queries import get_operation, get_part, get_visit, parts_of, targets_of
from samsyn.operations.rules import VisitState


def save_notice(uow: UnitOfWork, visit_id: UUID, words: Words) -> int:
    """Save the letter before an announced visit and return its version.

    ``NotAllowedError`` for anybody but a planner of the lead, ``GateClosedError`` naming why the business may not be
    told, ``InvalidError`` naming a section, ``ChangedMeanwhileError`` where somebody saved a newer one.
    """
    visit = get_visit(uow, visit_id)
    operation = get_operation(uow, visit.operation_id)
    if operation.lead_id != uow.me or "planner" not in uow.viewer.roles:
        raise NotAllowedError("a planner of the lead writes to the business")
    target = targets_of(uow, operation.id).get(visit_id)
    if target is None:
        raise NotFoundError("no such visit")
    parts = [part for part in parts_of(uow, operation.id) if part.visit_id == visit_id]
    if why := why_no_letter(operation.state, announced=target.announced, parts=parts):
        raise GateClosedError("the business may not be told before the visit", why)
    newest = uow.session.scalar(select(func.max(NoticeLetter.version)).where(NoticeLetter.visit_id == visit_id)) or 0
    row = {"visit_id": visit_id, "operation_id": operation.id, "lead_id": operation.lead_id}
    said = kept(uow, words, BEFORE, newest)
    uow.session.execute(insert(NoticeLetter).values(new_time_at=words.new_time_at, **row, **said))
    record(uow, "letter.write", visit_id)
    return newest + 1


def save_result(uow: UnitOfWork, part_id: UUID, words: Words) -> int:
    """Save the own authority's letter after a visit and return its version; refusals as of ``save_notice``."""
    if not uow.viewer.roles & WRITERS:
        raise NotAllowedError("this role writes no letters")
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    if get_visit(uow, part.visit_id).state is VisitState.PLANNED:
        raise GateClosedError("the visit has not ended", ("visit",))
    newest = uow.session.scalar(select(func.max(ResultLetter.version)).where(ResultLetter.part_id == part_id)) or 0
    row = {"part_id": part_id, "visit_id": part.visit_id, "operation_id": part.operation_id, "authority_id": uow.me}
    unit, said = part.unit_id or unit_of_person(uow, uow.person), kept(uow, words, AFTER, newest)
    uow.session.execute(insert(ResultLetter).values(unit_id=unit, unit_only=False, **row, **said))
    record(uow, "letter.write", part_id)
    return newest + 1


def kept(uow: UnitOfWork, words: Words, sections: tuple[str, ...], newest: int) -> dict[str, object]:
    """Return what every version holds, checked."""
    if words.seen_version != newest:
        raise ChangedMeanwhileError("somebody saved a newer letter")
    if words.language not in {"sv", "en"}:
        raise InvalidError("no such language", fields={"language": ["must be sv or en"]})
    if words.sent_on is not None and words.sent_on > uow.today:
        raise InvalidError("not yet", fields={"sent_on": ["must not be in the future"]})
    if words.receipt and has_personal_number(words.receipt):
        raise InvalidError("no numbers", fields={"receipt": ["must not hold a personal identity number"]})
    return {
        "version": newest + 1,
        "language": words.language,
        "content": checked(words.content, sections),
        "sent_on": words.sent_on,
        "receipt": words.receipt,
        "written_by": uow.person,
        "written_at": uow.now,
    }
