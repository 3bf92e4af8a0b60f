"""Walk an operation of police (lead), tobacco and environment to a state, as its people would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.service import MoveOperation, ask_for_person, change_meeting, move_operation
from samsyn.operations.queries import get_operation, get_part, parts_of
from samsyn.operations.rules import OperationState, PoliceRole
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AnswerPart,
    AskPart,
    AskPerson,
    PlanMeeting,
    ProposeOperation,
    add_visit,
    answer_assignment,
    answer_part,
    propose_operation,
)
from tests.factories import START, Office, Town, hours, in_time

ORDER = [
    OperationState.PROPOSED,
    OperationState.PREPARING,
    OperationState.SCHEDULED,
    OperationState.INVITED,
    OperationState.CONFIRMED,
    OperationState.ONGOING,
]


@dataclass
class Walk:
    """An operation: its visit, and the part and the asked person's place of each authority."""

    operation: UUID
    visit: UUID
    parts: dict[UUID, UUID] = field(default_factory=dict)
    places: dict[UUID, UUID] = field(default_factory=dict)

    def answer(self, town: Town, office: Office, *, no_notice_reason: str | None = "annars syns inget") -> None:
        with unit_of_work(town.planner(office)) as uow:
            part_id = self.parts[office.id]
            answer_part(
                uow,
                AnswerPart(
                    part_id,
                    accepted=True,
                    legal_basis="LTLP 7:18",
                    announced=False,
                    no_notice_reason=no_notice_reason,
                    police_role=PoliceRole.OWN_SUPERVISION if office is town.police else None,
                    seen_version=get_part(uow, part_id).version,
                ),
            )

    def say(self, town: Town, office: Office, *, accepted: bool) -> None:
        with unit_of_work(town.inspector(office)) as uow:
            answer_assignment(uow, AnswerAssignment(self.places[office.id], accepted))

    def move(self, town: Town, to: OperationState) -> None:
        with unit_of_work(town.planner(town.police)) as uow:
            seen = get_operation(uow, self.operation).version
            move_operation(uow, MoveOperation(self.operation, to, seen))


def propose(town: Town, starts_at: datetime) -> Walk:
    offices = (town.police, town.tobacco, town.environment)
    with unit_of_work(town.planner(town.police), in_time(starts_at)) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, starts_at, starts_at + hours(3)))
        visit = add_visit(
            uow,
            AddVisit(
                operation,
                town.businesses[0],
                starts_at,
                starts_at + hours(1),
                parts=tuple(AskPart(o.id, o.unit, competence=o.field.value) for o in offices),
            ),
        )
        walk = Walk(operation, visit, {p.authority_id: p.id for p in parts_of(uow, operation)})
    return walk


def meet(town: Town, walk: Walk, starts_at: datetime) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, walk.operation).version
        lead = town.police.inspectors[0]
        change_meeting(uow, PlanMeeting(walk.operation, starts_at - hours(0.5), "Polishuset, plan 2", lead, seen))


def walk_to(town: Town, to: OperationState, *, meeting: bool = True, starts_at: datetime = START) -> Walk:
    """Return the operation in the state; from ``scheduled`` on one inspector of each authority is asked."""
    walk = propose(town, starts_at)
    steps = ORDER[1 : ORDER.index(to) + 1]
    offices = (town.police, town.tobacco, town.environment)
    for step in steps:
        if step is OperationState.SCHEDULED:
            for office in offices:
                walk.answer(town, office)
            if meeting:
                meet(town, walk, starts_at)
            for office in offices:
                with unit_of_work(town.planner(town.police)) as uow:
                    place = ask_for_person(uow, AskPerson(walk.operation, office.id, office.inspectors[0]))
                    walk.places[office.id] = place.assignment_id
        if step is OperationState.CONFIRMED:
            for office in offices:
                walk.say(town, office, accepted=True)
        walk.move(town, step)
    return walk
