"""Write the plan: what the lead decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.exc import IntegrityError

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of
from samsyn.core.errors import (
    ChangedMeanwhileError,
    ConflictError,
    GateClosedError,
    InvalidError,
    NotAllowedError,
)
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.code_words import draw
from samsyn.operations.models import Operation, OperationOrder, Participation, StateReached, Visit, VisitTarget
from samsyn.operations.queries.operations import find_operation, participations
from samsyn.operations.queries.order import is_recused
from samsyn.operations.queries.people import is_out
from samsyn.operations.rules import BEFORE_ONGOING, OPENS_BEFORE, OperationState, VisitState, tells, usual_opening
from samsyn.operations.service.people import go_now

COUNT_OPERATION: Final = "samsyn.pledges.count_operation"
LONGEST: Final = timedelta(days=3)
DRAWS: Final = 20


@dataclass(frozen=True, slots=True)
class ProposeOperation:
    """A new operation led by the viewer's authority; an ad-hoc one begins at ``ongoing``."""

    collaboration_id: UUID
    starts_at: datetime
    ends_at: datetime
    meets_at: datetime | None = None
    meeting_place: str | None = None
    ad_hoc: bool = False


@dataclass(frozen=True, slots=True)
class PlanMeeting:
    """Where and when the people meet, and who leads on site."""

    operation_id: UUID
    meets_at: datetime
    meeting_place: str
    lead_person_id: UUID
    seen_version: int


def demand_planner(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner may do that")


def demand_planner_of(uow: UnitOfWork, row: Operation) -> None:
    """Refuse anyone but a planner, or an inspector in an ad-hoc operation or in one that goes on and has them."""
    roles = uow.viewer.roles
    if "planner" not in roles and not ("inspector" in roles and (row.ad_hoc or is_out(uow, row.id))):
        raise NotAllowedError("only a planner may do that")


def led_operation(uow: UnitOfWork, operation_id: UUID, allowed: frozenset[OperationState]) -> Operation:
    """Return an operation that the viewer's authority leads and that is in one of the states."""
    row = find_operation(uow, operation_id)
    if row.lead_id != uow.me:
        raise NotAllowedError("only the lead authority may do that")
    if row.state not in allowed:
        raise GateClosedError(f"not while the operation is {row.state}", ("state",))
    return row


def check_times(starts_at: datetime, ends_at: datetime, meets_at: datetime | None) -> None:
    """Raise ``InvalidError`` naming the field: end before start, longer than three days, meeting after the start."""
    faults: dict[str, list[str]] = {}
    if ends_at <= starts_at:
        faults["ends_at"] = ["must be after starts_at"]
    elif ends_at - starts_at > LONGEST:
        faults["ends_at"] = ["at most three days after starts_at"]
    if meets_at is not None and not starts_at - timedelta(hours=24) <= meets_at <= starts_at:
        faults["meets_at"] = ["must be at or at most 24 hours before starts_at"]
    if faults:
        raise InvalidError("the times do not fit", fields=faults)


def refuse_past(uow: UnitOfWork, starts_at: datetime) -> None:
    """Raise ``InvalidError`` at the start of what would begin before the unit of work's own minute."""
    if starts_at < uow.now.replace(second=0, microsecond=0):
        raise InvalidError("that time is over", fields={"starts_at": ["must not be in the past"]})


def propose_operation(uow: UnitOfWork, command: ProposeOperation) -> UUID:
    """Write a new operation with its lead's participation; it gets a code word that no open operation has.

    Raises ``InvalidError`` naming the field: times that do not fit, a start that is over. An ad-hoc one may have begun.
    """
    if command.ad_hoc:
        if not uow.viewer.roles & {"planner", "inspector"}:
            raise NotAllowedError("only a planner or an inspector begins an ad-hoc visit")
    else:
        demand_planner(uow)
    check_times(command.starts_at, command.ends_at, command.meets_at)
    if not command.ad_hoc:
        refuse_past(uow, command.starts_at)
    row = Operation(
        id=uuid4(),
        lead_id=uow.me,
        collaboration_id=command.collaboration_id,
        code_word="",
        state=OperationState.ONGOING if command.ad_hoc else OperationState.PROPOSED,
        ad_hoc=command.ad_hoc,
        in_danger=False,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        meets_at=command.meets_at,
        meeting_place=command.meeting_place,
        lead_person_id=uow.viewer.person_id if command.ad_hoc else None,
        changed_at=uow.now,
    )
    write_with_code_word(uow, row)
    note_reached(uow, row)
    add_participation(uow, row.id, uow.me, required=False, minimum=0)
    if command.ad_hoc:
        go_now(uow, row)
    record(uow, "operation.propose", row.id)
    return row.id


def write_with_code_word(uow: UnitOfWork, row: Operation) -> None:
    """Draw until the word is free: which words are taken is not for us to read."""
    for n in range(DRAWS):
        row.code_word = draw(1 if n < DRAWS // 2 else 2)
        try:
            with uow.session.begin_nested():
                uow.session.add(row)
                uow.session.flush()
        except IntegrityError as error:
            if "code_word" not in str(error.orig):
                raise
        else:
            return
    raise ConflictError("no free code word; try again")


def add_participation(uow: UnitOfWork, operation_id: UUID, authority_id: UUID, *, required: bool, minimum: int) -> None:
    """Let an authority take part, or change how many people its quorum is."""
    row = led_operation(uow, operation_id, BEFORE_ONGOING | {OperationState.ONGOING})
    demand_planner_of(uow, row)
    found = uow.session.get(Participation, (operation_id, authority_id))
    if found is None:
        found = Participation(operation_id=operation_id, authority_id=authority_id, lead_id=row.lead_id)
        uow.session.add(found)
    found.required, found.minimum = required, minimum
    uow.session.flush()
    record(uow, "participation.ask", operation_id, owner=authority_id)


def plan_meeting(uow: UnitOfWork, command: PlanMeeting) -> None:
    """Set meeting time, place and who leads on site; before the operation begins."""
    demand_planner(uow)
    row = led_operation(uow, command.operation_id, BEFORE_ONGOING)
    check_version(row, command.seen_version)
    check_times(row.starts_at, row.ends_at, command.meets_at)
    refuse_telling(uow, row.id, command.meeting_place, "meeting_place", "must not name a place that is visited")
    open_with_meeting(uow, row, command.meets_at)
    row.meets_at, row.meeting_place = command.meets_at, command.meeting_place
    row.lead_person_id, row.changed_at = command.lead_person_id, uow.now
    uow.session.flush()
    record(uow, "operation.meeting", row.id)


def refuse_telling(uow: UnitOfWork, operation_id: UUID, text: str | None, field: str, fault: str) -> None:
    """Refuse a text that names where an unannounced visit goes, in the field that it was typed into.

    A meeting place stands in mails and calendars; a message about the plan is read by all that take part, also by
    those to whom the place has not opened.
    """
    places = (
        select(VisitTarget.name, VisitTarget.address)
        .join(Visit, Visit.id == VisitTarget.visit_id)
        .where(Visit.operation_id == operation_id, VisitTarget.announced.is_(False), Visit.state != VisitState.SKIPPED)
        .limit(200)
    )
    if any(tells(text or "", *row) for row in uow.session.execute(places)):
        raise InvalidError("it names a visit", fields={field: [fault]})


def open_with_meeting(uow: UnitOfWork, operation: Operation, meets_at: datetime) -> None:
    """Let what opens at the usual time open before the new meeting; a time that the lead chose stays.

    The briefing keeps its distance from the meeting.
    """
    rows = uow.session.execute(
        select(Visit, VisitTarget)
        .join(VisitTarget, VisitTarget.visit_id == Visit.id)
        .where(Visit.operation_id == operation.id)
        .limit(200)
    )
    for visit, target in rows:
        usual = {visit.starts_at - OPENS_BEFORE, (operation.meets_at or visit.starts_at) - OPENS_BEFORE}
        if target.open_at in usual:
            target.open_at = usual_opening(meets_at, visit.starts_at)
    order = uow.session.get(OperationOrder, operation.id)
    if order is None:
        return
    if order.open_at == usual_opening(operation.meets_at, operation.starts_at):
        order.open_at = usual_opening(meets_at, operation.starts_at)
    if order.briefing_at is not None and operation.meets_at is not None:
        order.briefing_at += meets_at - operation.meets_at


def check_version(row: Operation, seen: int) -> None:
    """Raise ``ChangedMeanwhileError`` unless the viewer saw the newest version."""
    if row.version != seen:
        raise ChangedMeanwhileError(f"you saw version {seen}, it is now {row.version}")


def refuse_recused(uow: UnitOfWork, operation_id: UUID) -> None:
    """Refuse a person who declared a conflict of interest for one of the visits: it is hidden, so it would be missed.

    A gate would not miss its unanswered parts, and a move would leave it where it was.
    """
    if is_recused(uow, operation_id):
        raise NotAllowedError("you declared a conflict of interest in this operation; a colleague has to do it")


def count_again(uow: UnitOfWork, operation_id: UUID, lead_id: UUID, collaboration_id: UUID) -> None:
    """Let an operation be counted for its pledge: by its lead, or by a member that takes part where a guest leads it.

    As its present lead, who alone knows all that take part.
    """
    emit(uow, COUNT_OPERATION, operation_id, acts_for=lead_id)
    members = {one.id for one in members_of(uow, collaboration_id)}
    if lead_id in members:
        return
    for line in participations(uow, operation_id):
        if line.authority_id in members:
            emit(uow, COUNT_OPERATION, operation_id, acts_for=line.authority_id)


def set_state(uow: UnitOfWork, operation_id: UUID, to: OperationState, *, seen_version: int | None = None) -> None:
    """Write a state; the gates are asked before, in ``lifecycle``."""
    refuse_recused(uow, operation_id)
    row = find_operation(uow, operation_id)
    if seen_version is not None:
        check_version(row, seen_version)
    row.state, row.changed_at = to, uow.now
    uow.session.flush()
    note_reached(uow, row)
    if to in {OperationState.DONE, OperationState.ABORTED}:
        count_again(uow, row.id, row.lead_id, row.collaboration_id)
    record(uow, f"operation.{to.value}", row.id)


def note_reached(uow: UnitOfWork, row: Operation) -> None:
    """Note when an operation came to the state that it has; coming to it again is what counts."""
    values = {"operation_id": row.id, "state": row.state, "lead_id": row.lead_id, "reached_at": uow.now}
    new = insert_or_leave(StateReached).values(values)
    again = new.on_conflict_do_update(
        index_elements=["operation_id", "state"], set_={"reached_at": new.excluded.reached_at}
    )
    uow.session.execute(again)


def mark_danger(uow: UnitOfWork, operation_id: UUID, *, in_danger: bool) -> None:
    """Say whether the operation has lost what it was confirmed on."""
    row = find_operation(uow, operation_id)
    if row.in_danger != in_danger:
        row.in_danger, row.changed_at = in_danger, uow.now
        uow.session.flush()


def hand_over_lead(uow: UnitOfWork, operation_id: UUID, to: UUID, *, seen_version: int) -> None:
    """Make another participant the lead, until all is reported; everything below follows in the same statement."""
    demand_planner(uow)
    row = led_operation(uow, operation_id, BEFORE_ONGOING | {OperationState.ONGOING, OperationState.DONE})
    check_version(row, seen_version)
    row.lead_id, row.lead_person_id, row.changed_at = to, None, uow.now
    record(uow, "operation.hand_over", row.id, owner=to)
    uow.session.flush()
    uow.session.expire_all()
