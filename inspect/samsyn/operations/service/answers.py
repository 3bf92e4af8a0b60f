"""Write what an authority answers about its part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.authorities.queries import stewarded_by
from samsyn.core.errors import ChangedMeanwhileError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import PartAnswer, Recusal, VisitPart
from samsyn.operations.queries.operations import find_operation
from samsyn.operations.queries.parts import PartCard, get_part
from samsyn.operations.queries.visits import find_visit
from samsyn.operations.rules import BEFORE_ONGOING, TELL_PART_ANSWERED, OperationState, PoliceRole, Summary
from samsyn.operations.service.people import WEIGH
from samsyn.operations.service.plan import demand_planner, led_operation
from samsyn.operations.service.visits import count_ended


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Yes or no, on which legal basis, announced or not and why, in which police role."""

    part_id: UUID
    accepted: bool
    legal_basis: str | None = None
    announced: bool | None = None
    no_notice_reason: str | None = None
    police_role: PoliceRole | None = None
    seen_version: int = 0


def answer_of(uow: UnitOfWork, part: PartCard) -> PartAnswer:
    """Return the row to write; a new one where nothing was answered yet."""
    return uow.session.get(PartAnswer, part.id) or PartAnswer(
        part_id=part.id,
        visit_id=part.visit_id,
        operation_id=part.operation_id,
        authority_id=part.authority_id,
        nothing_to_report=False,
        summary=Summary.PENDING,
    )


def answer_part(uow: UnitOfWork, command: AnswerPart) -> None:
    """Answer for the own authority, or for one without accounts that we are steward of; marked with who wrote it."""
    if not uow.viewer.roles & {"planner", "decider", "inspector"}:
        raise NotAllowedError("your role does not answer for the authority")
    part = get_part(uow, command.part_id)
    if part.authority_id != uow.me and part.authority_id not in stewarded_by(uow, uow.me):
        raise NotFoundError("no such part of yours")
    if part.withdrawn or part.handed_in:
        raise GateClosedError("the part is closed", ("part",))
    if part.operation_state not in BEFORE_ONGOING | {OperationState.ONGOING}:
        raise GateClosedError(f"not while the operation is {part.operation_state}", ("state",))
    if command.seen_version != part.version:
        raise ChangedMeanwhileError(f"you saw version {command.seen_version}, it is now {part.version}")
    answer = answer_of(uow, part)
    answer.written_by_id = uow.me
    answer.accepted, answer.legal_basis, answer.answered_at = command.accepted, command.legal_basis, uow.now
    answer.announced, answer.no_notice_reason = command.announced, command.no_notice_reason
    answer.police_role = command.police_role
    uow.session.add(answer)
    uow.session.flush()
    lead_id = find_operation(uow, part.operation_id).lead_id
    count_ended(uow, part.visit_id)
    if not command.accepted:
        # A "no" after all: the lead's worker takes a confirmed operation back.
        emit(uow, WEIGH, part.operation_id, acts_for=lead_id)
    if lead_id != uow.me:
        emit(uow, TELL_PART_ANSWERED, part.id, acts_for=lead_id)
    record(uow, "part.answer", part.id, owner=part.authority_id)


def mark_handed_in(uow: UnitOfWork, part_id: UUID, summary: Summary, *, nothing_to_report: bool) -> None:
    """Say that the own authority has handed in, with the one word that the others may read."""
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part of yours")
    if part.operation_state not in {OperationState.ONGOING, OperationState.DONE}:
        raise GateClosedError(f"not while the operation is {part.operation_state}", ("state",))
    if part.handed_in:
        raise GateClosedError("handed in already", ("handed_in",))
    answer = answer_of(uow, part)
    answer.written_by_id, answer.handed_in_at = uow.me, uow.now
    answer.nothing_to_report, answer.summary = nothing_to_report, summary
    uow.session.add(answer)
    uow.session.flush()
    record(uow, "part.hand_in", part.id)


def withdraw_part(uow: UnitOfWork, part_id: UUID) -> None:
    """Take a question back: a state, never a delete, whose foreign keys would tell whether there are findings.

    Of a visit that ended all that take part count anew: who is taken back was not there, and joint is by who was.
    """
    demand_planner(uow)
    row = uow.session.get(VisitPart, part_id)
    if row is None:
        raise NotFoundError("no such part")
    led_operation(uow, row.operation_id, BEFORE_ONGOING | {OperationState.ONGOING})
    row.withdrawn_at = row.withdrawn_at or uow.now
    uow.session.flush()
    count_ended(uow, row.visit_id)
    record(uow, "part.withdraw", part_id, owner=row.authority_id)


def declare_recusal(uow: UnitOfWork, visit_id: UUID, reason: str) -> None:
    """Declare the viewer's own conflict of interest (FL 16-17 §§): from now on the visit is closed to that person."""
    visit = find_visit(uow, visit_id)
    # Written last and without reading back: the row hides the visit from its own writer.
    record(uow, "recusal.declare", visit.id)
    uow.session.execute(
        insert(Recusal).values(
            visit_id=visit.id,
            person_id=uow.person,
            operation_id=visit.operation_id,
            authority_id=uow.me,
            reason=reason,
            at=uow.now,
        )
    )
