"""An operation made through the services, as its people would make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import OperationCard, PersonLine, get_assignment, get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AnswerPart,
    AskPart,
    AskPerson,
    ProposeOperation,
    add_visit,
    answer_assignment,
    answer_part,
    ask_again,
    ask_person,
    propose_operation,
    set_state,
    set_times,
)
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Office, Town, hours, in_time

ENDS = START + hours(4)


@dataclass
class Plan:
    """An operation that the police lead; one visit, with a part for each office that was asked."""

    town: Town
    lead: Office
    operation: UUID
    visit: UUID
    parts: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def planner(self) -> Viewer:
        return self.town.planner(self.lead)

    def part(self, office: Office) -> UUID:
        return self.parts[office.id]

    def card(self, viewer: Viewer | None = None) -> OperationCard:
        with unit_of_work(viewer or self.planner) as uow:
            return get_operation(uow, self.operation)

    def place(self, assignment: UUID, viewer: Viewer | None = None) -> PersonLine:
        with unit_of_work(viewer or self.planner) as uow:
            return get_assignment(uow, assignment)

    def move(self, state: OperationState) -> None:
        with unit_of_work(self.planner) as uow:
            set_state(uow, self.operation, state)

    def ask(self, office: Office, person: UUID, by: Viewer | None = None) -> UUID:
        with unit_of_work(by or self.planner) as uow:
            return ask_person(uow, AskPerson(self.operation, office.id, person))

    def goes(self, office: Office, n: int = 0) -> UUID:
        """Ask an inspector, who accepts."""
        assignment = self.ask(office, office.inspectors[n])
        respond(self.town.inspector(office, n), assignment, True)
        return assignment

    def answer(self, by: Viewer, office: Office, *, seen: int = 0, accepted: bool = True) -> None:
        with unit_of_work(by) as uow:
            answer_part(uow, AnswerPart(self.part(office), accepted, "LTLP 7:18", announced=False, seen_version=seen))

    def move_to(self, starts_at: datetime) -> None:
        """Move it in time with all its people, or not at all."""
        with unit_of_work(self.planner) as uow:
            set_times(uow, self.operation, starts_at, seen_version=get_operation(uow, self.operation).version)
            ask_again(uow, self.operation)


def propose(
    town: Town,
    asked: Sequence[Office] | None = None,
    *,
    lead: Office | None = None,
    starts_at: datetime = START,
    lasts: timedelta = ENDS - START,
    open_at: datetime | None = None,
    announced: bool = False,
) -> Plan:
    """A proposed operation with one visit, asked of ``asked`` (default: tobacco and environment)."""
    lead = lead or town.police
    offices = [town.tobacco, town.environment] if asked is None else asked
    ends_at = starts_at + lasts
    with unit_of_work(town.planner(lead), in_time(starts_at)) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, starts_at, ends_at))
        visit = add_visit(
            uow,
            AddVisit(
                operation,
                town.businesses[0],
                starts_at,
                ends_at,
                announced,
                open_at,
                safety_note="hund på gården",
                parts=tuple(AskPart(office.id) for office in offices),
            ),
        )
    plan = Plan(town, lead, operation, visit)
    with unit_of_work(town.planner(lead)) as uow:
        rows = uow.session.execute(text("SELECT authority_id, id FROM visit_part WHERE visit_id = :v"), {"v": visit})
        plan.parts = {row.authority_id: row.id for row in rows}
    return plan


def respond(viewer: Viewer, assignment: UUID, accepted: bool | None) -> None:
    with unit_of_work(viewer) as uow:
        answer_assignment(uow, AnswerAssignment(assignment, accepted))


def rows(viewer: Viewer, sql: str, **values: Any) -> list[Any]:
    """What a statement shows this viewer."""
    with unit_of_work(viewer) as uow:
        return list(uow.session.execute(text(sql), values).all())


def truth(cluster: Cluster, database: str, sql: str, **values: Any) -> list[Any]:
    """What a statement shows the owner of the tables."""
    with as_owner(cluster, database) as db:
        return list(db.execute(text(sql), values).all())
