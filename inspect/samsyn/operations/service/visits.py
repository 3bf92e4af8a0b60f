"""Write visits: where they go, what is asked of whom, how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select, update

from samsyn.audit.service import record
from samsyn.businesses.queries import get_business
from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import OperationOrder, Participation, Visit, VisitPart, VisitTarget
from samsyn.operations.queries.operations import participations
from samsyn.operations.queries.visits import find_visit
from samsyn.operations.rules import BEFORE_ONGOING, TELL_PART_ASKED, OperationState, VisitState, tells, usual_opening
from samsyn.operations.service.plan import add_participation, check_times, demand_planner_of, led_operation

COUNT_VISIT: Final = "samsyn.pledges.count_visit"
SLACK: Final = timedelta(hours=12)
"""Operations pass midnight, and people note the time afterwards."""


@dataclass(frozen=True, slots=True)
class AskPart:
    """What is asked of one authority (and one of its units) at a visit."""

    authority_id: UUID
    unit_id: UUID | None = None
    people: int = 1
    competence: str | None = None


@dataclass(frozen=True, slots=True)
class AddVisit:
    """A visit at a business, with what is asked of whom."""

    operation_id: UUID
    business_id: UUID
    starts_at: datetime
    ends_at: datetime
    announced: bool = False
    open_at: datetime | None = None
    safety_note: str | None = None
    parts: tuple[AskPart, ...] = ()


@dataclass(frozen=True, slots=True)
class EndVisit:
    """How and when a visit ended."""

    visit_id: UUID
    state: VisitState
    ended_at: datetime


def add_visit(uow: UnitOfWork, command: AddVisit) -> UUID:
    """Write a visit, where it goes, and its parts; an authority that is asked thereby takes part."""
    row = led_operation(uow, command.operation_id, BEFORE_ONGOING | {OperationState.ONGOING})
    demand_planner_of(uow, row)
    check_times(command.starts_at, command.ends_at, None)
    if not row.starts_at <= command.starts_at <= command.ends_at <= row.ends_at:
        raise InvalidError("outside the operation", fields={"starts_at": ["must lie within the operation's time"]})
    business = get_business(uow, command.business_id)
    if business.collaboration_id != row.collaboration_id:
        raise NotFoundError("no such business")
    if not command.announced and tells(row.meeting_place or "", business.name, business.address):
        fault = {"business_id": ["must not be where the operation meets"]}
        raise InvalidError("the meeting place names it", fields=fault)
    visit = Visit(
        id=uuid4(),
        operation_id=row.id,
        lead_id=row.lead_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        state=VisitState.PLANNED,
    )
    uow.session.add(visit)
    uow.session.flush()
    uow.session.add(
        VisitTarget(
            visit_id=visit.id,
            operation_id=row.id,
            lead_id=row.lead_id,
            business_id=business.id,
            premises_id=business.premises_id,
            name=business.name,
            address=business.address,
            announced=command.announced,
            open_at=command.open_at or (uow.now if row.ad_hoc else usual_opening(row.meets_at, command.starts_at)),
            safety_note=command.safety_note,
        )
    )
    for part in command.parts:
        add_part(uow, visit.id, part)
    uow.session.flush()
    record(uow, "visit.add", visit.id)
    return visit.id


def add_part(uow: UnitOfWork, visit_id: UUID, ask: AskPart) -> UUID:
    """Ask an authority for people at a visit."""
    visit = find_visit(uow, visit_id)
    demand_planner_of(uow, led_operation(uow, visit.operation_id, BEFORE_ONGOING | {OperationState.ONGOING}))
    if uow.session.get(Participation, (visit.operation_id, ask.authority_id)) is None:
        add_participation(uow, visit.operation_id, ask.authority_id, required=True, minimum=1)
    part = VisitPart(
        id=uuid4(),
        visit_id=visit.id,
        operation_id=visit.operation_id,
        lead_id=visit.lead_id,
        authority_id=ask.authority_id,
        unit_id=ask.unit_id,
        people=ask.people,
        competence=ask.competence,
    )
    uow.session.add(part)
    uow.session.flush()
    if ask.authority_id != visit.lead_id:
        emit(uow, TELL_PART_ASKED, part.id, acts_for=visit.lead_id)
    record(uow, "part.ask", part.id, owner=ask.authority_id)
    return part.id


def open_targets(uow: UnitOfWork, operation_id: UUID) -> None:
    """Open where the visits go, and the order, to those who go: the evening began, maybe before the usual time."""
    for table in (VisitTarget, OperationOrder):
        uow.session.execute(
            update(table)
            .where(table.operation_id == operation_id, table.open_at > uow.now)
            .values(open_at=uow.now)
            .execution_options(synchronize_session=False)
        )


def check_end(uow: UnitOfWork, visit: Visit, began_at: datetime, ended_at: datetime) -> None:
    """Raise ``InvalidError`` for an end that cannot be: a day before it began, or later than now and than planned."""
    if ended_at > max(uow.now, visit.ends_at) + SLACK:
        raise InvalidError("not yet", fields={"ended_at": ["must not be in the future"]})
    if ended_at < min(began_at, visit.starts_at) - SLACK:
        raise InvalidError("not then", fields={"ended_at": ["must not be before the operation"]})


def end_visit(uow: UnitOfWork, command: EndVisit) -> None:
    """End a visit; each authority that took part writes its own trace and count from it."""
    if not uow.viewer.roles & {"planner", "inspector", "decider"}:
        raise NotAllowedError("your role does not end a visit")
    visit = find_visit(uow, command.visit_id)
    operation = led_operation(uow, visit.operation_id, frozenset({OperationState.ONGOING}))
    if visit.state is not VisitState.PLANNED:
        raise GateClosedError("the visit has ended already", ("state",))
    if command.state is VisitState.PLANNED:
        raise InvalidError("say how it ended", fields={"state": ["must be an end"]})
    check_end(uow, visit, operation.changed_at, command.ended_at)
    visit.state, visit.ended_at = command.state, command.ended_at
    uow.session.flush()
    for line in participations(uow, visit.operation_id):
        emit(uow, COUNT_VISIT, visit.id, acts_for=line.authority_id)
    record(uow, "visit.end", visit.id)


def count_ended(uow: UnitOfWork, visit_id: UUID) -> None:
    """Where a visit ended already, let all that it asked, and its lead, count it anew; nothing for one to come."""
    visit = uow.session.get(Visit, visit_id)
    if visit is None or visit.state is VisitState.PLANNED:
        return
    asked = select(VisitPart.authority_id).where(VisitPart.visit_id == visit_id)
    for authority in sorted({visit.lead_id, *uow.session.scalars(asked)}):
        emit(uow, COUNT_VISIT, visit_id, acts_for=authority)
