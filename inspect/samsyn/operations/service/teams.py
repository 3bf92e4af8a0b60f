"""Write teams (lag): people who go together through some of an operation's visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, Operation, Team, TeamMember, Visit, VisitOrder
from samsyn.operations.queries.people import find_assignment
from samsyn.operations.rules import BEFORE_ONGOING, OperationState
from samsyn.operations.service.plan import demand_planner, led_operation, refuse_recused

MAX_NAME: Final = 60
PLANNABLE: Final = BEFORE_ONGOING | {OperationState.ONGOING}


def form_team(uow: UnitOfWork, operation_id: UUID, name: str, visit_ids: Sequence[UUID]) -> UUID:
    """Let a team go to these visits, numbered in the order of their times; a team of that name gets them instead.

    ``NotFoundError`` for a visit of another operation.
    """
    operation, name, in_order = what_goes_where(uow, operation_id, name, visit_ids)
    team = uow.session.scalar(select(Team).where(Team.operation_id == operation_id, Team.name == name))
    if team is None:
        team = Team(id=uuid4(), operation_id=operation_id, lead_id=operation.lead_id, name=name)
        uow.session.add(team)
    team.withdrawn_at = None
    uow.session.flush()
    send_team(uow, operation, team.id, in_order)
    record(uow, "team.form", team.id)
    return team.id


def change_team(uow: UnitOfWork, operation_id: UUID, team_id: UUID, name: str, visit_ids: Sequence[UUID]) -> None:
    """Give a team another name or other visits; those who are in it stay.

    ``InvalidError`` where another team of the operation has the name, or had it before it was dissolved.
    """
    operation, name, in_order = what_goes_where(uow, operation_id, name, visit_ids)
    team = team_of(uow, operation, team_id)
    same = select(Team.id).where(Team.operation_id == operation_id, Team.name == name, Team.id != team_id)
    if uow.session.scalar(same) is not None:
        raise InvalidError("another team has that name", fields={"name": ["another team has that name"]})
    team.name = name
    uow.session.flush()
    send_team(uow, operation, team_id, in_order)
    record(uow, "team.form", team_id)


def dissolve_team(uow: UnitOfWork, operation_id: UUID, team_id: UUID) -> None:
    """Let a team go nowhere and nobody be in it: its people go with everybody. Twice is once."""
    demand_planner(uow)
    refuse_recused(uow, operation_id)
    operation = led_operation(uow, operation_id, PLANNABLE)
    team = team_of(uow, operation, team_id)
    send_team(uow, operation, team_id, [])
    for member in uow.session.scalars(select(TeamMember).where(TeamMember.team_id == team_id)):
        member.team_id = None
    team.withdrawn_at = team.withdrawn_at or uow.now
    uow.session.flush()
    record(uow, "team.dissolve", team_id)


def what_goes_where(
    uow: UnitOfWork, operation_id: UUID, name: str, visit_ids: Sequence[UUID]
) -> tuple[Operation, str, list[UUID]]:
    """Return the operation that the viewer may plan, the team's name, and the visits in the order of their times."""
    demand_planner(uow)
    refuse_recused(uow, operation_id)
    operation = led_operation(uow, operation_id, PLANNABLE)
    name = name.strip()
    if not name or len(name) > MAX_NAME:
        raise InvalidError("a team needs a name", fields={"name": ["too long" if name else "must not be empty"]})
    visits = select(Visit.id).where(Visit.operation_id == operation_id, Visit.id.in_(visit_ids))
    in_order = list(uow.session.scalars(visits.order_by(Visit.starts_at, Visit.id)))
    if len(in_order) != len(set(visit_ids)):
        raise NotFoundError("no such visit")
    return operation, name, in_order


def team_of(uow: UnitOfWork, operation: Operation, team_id: UUID) -> Team:
    """Return a team of this operation; ``NotFoundError`` for another's."""
    team = uow.session.get(Team, team_id)
    if team is None or team.operation_id != operation.id:
        raise NotFoundError("no such team")
    return team


def send_team(uow: UnitOfWork, operation: Operation, team_id: UUID, visits: Sequence[UUID]) -> None:
    """Write which visits a team goes to; one that it goes to no more is withdrawn, never deleted."""
    known = {row.visit_id: row for row in uow.session.scalars(select(VisitOrder).where(VisitOrder.team_id == team_id))}
    for position, visit_id in enumerate(visits, 1):
        row = known.pop(visit_id, None)
        if row is None:
            row = VisitOrder(team_id=team_id, visit_id=visit_id, operation_id=operation.id, lead_id=operation.lead_id)
            uow.session.add(row)
        row.position, row.withdrawn_at = position, None
    for row in known.values():
        row.withdrawn_at = row.withdrawn_at or uow.now
    uow.session.flush()


def join_team(uow: UnitOfWork, assignment_id: UUID, team_id: UUID | None) -> None:
    """Place somebody who goes in a team of the same operation; None: with everybody, to every visit."""
    demand_planner(uow)
    place: Assignment = find_assignment(uow, assignment_id)
    operation = led_operation(uow, place.operation_id, PLANNABLE)
    if team_id is not None and team_of(uow, operation, team_id).withdrawn_at is not None:
        raise NotFoundError("no such team")
    row = uow.session.get(TeamMember, assignment_id)
    if row is None:
        row = TeamMember(assignment_id=assignment_id, operation_id=operation.id, lead_id=operation.lead_id)
        uow.session.add(row)
    row.team_id = team_id
    uow.session.flush()
    record(uow, "team.join", assignment_id, owner=place.authority_id)
