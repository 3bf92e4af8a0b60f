"""Read operations as somebody follows them in a calendar: without a place in them, as the own authority takes part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, Operation, Participation, StateReached
from samsyn.operations.queries.operations import OperationCard, card
from samsyn.operations.queries.people import PersonLine, line
from samsyn.operations.rules import OperationState


@dataclass(frozen=True, slots=True)
class Followed:
    """An operation that the own authority takes part in; ``planned``: it has had a time that was meant to hold."""

    operation: OperationCard
    planned: bool


def followed_operations(
    uow: UnitOfWork,
    after: datetime,
    before: datetime,
    *,
    ids: Collection[UUID] | None = None,
    collaboration_id: UUID | None = None,
    limit: int = 2000,
) -> list[Followed]:
    """Operations that end after one time and begin before another, by start, of some or of one collaboration.

    Those that the own authority takes part in: one that it has left, or was let go from, is not among them.
    """
    o, p, reached = Operation, Participation, StateReached
    mine = exists().where(p.operation_id == o.id, p.authority_id == uow.me, p.withdrawn_at.is_(None))
    rows = (
        select(o, reached.reached_at)
        .outerjoin(reached, and_(reached.operation_id == o.id, reached.state == OperationState.SCHEDULED))
        .where(o.ends_at > after, func.coalesce(o.meets_at, o.starts_at) < before, or_(o.lead_id == uow.me, mine))
        .order_by(o.starts_at, o.id)
        .limit(limit)
    )
    if ids is not None:
        rows = rows.where(one_of(o.id, ids))
    if collaboration_id is not None:
        rows = rows.where(o.collaboration_id == collaboration_id)
    return [Followed(card(operation), at is not None) for operation, at in uow.session.execute(rows)]


def places_of(
    uow: UnitOfWork, people: Collection[UUID], after: datetime, before: datetime, limit: int = 5000
) -> list[tuple[PersonLine, OperationCard]]:
    """The places of some of the own authority's people that end after one time and begin before another, by start."""
    a = Assignment
    rows = (
        select(a, Operation)
        .join(Operation, Operation.id == a.operation_id)
        .where(one_of(a.person_id, people), a.authority_id == uow.me, a.ends_at > after, a.starts_at < before)
        .order_by(a.starts_at, a.id)
        .limit(limit)
    )
    return [(line(place, {}), card(operation)) for place, operation in uow.session.execute(rows)]
