"""Read visits and, apart from them, where they go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Visit, VisitTarget
from samsyn.operations.rules import VisitState


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit without its place."""

    id: UUID
    operation_id: UUID
    lead_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: VisitState
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Where a visit goes; shown only to those that the target's rule lets know."""

    visit_id: UUID
    operation_id: UUID
    business_id: UUID
    premises_id: UUID
    name: str
    address: str
    announced: bool
    open_at: datetime
    safety_note: str | None


TARGET: Final = select(
    VisitTarget.visit_id,
    VisitTarget.operation_id,
    VisitTarget.business_id,
    VisitTarget.premises_id,
    VisitTarget.name,
    VisitTarget.address,
    VisitTarget.announced,
    VisitTarget.open_at,
    VisitTarget.safety_note,
)
"""A target as ``TargetLine`` takes it."""


def line(row: Visit) -> VisitLine:
    """Copy a mapped row into the public type."""
    return VisitLine(
        row.id, row.operation_id, row.lead_id, row.starts_at, row.ends_at, row.state, row.ended_at, row.version
    )


def find_visit(uow: UnitOfWork, visit_id: UUID) -> Visit:
    """Return the mapped row; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Visit, visit_id)
    if row is None:
        raise NotFoundError("no such visit")
    return row


def get_visit(uow: UnitOfWork, visit_id: UUID) -> VisitLine:
    """Return one visit; ``NotFoundError`` where it is hidden or absent."""
    return line(find_visit(uow, visit_id))


def visits_of(uow: UnitOfWork, operation_id: UUID) -> list[VisitLine]:
    """The visits of an operation in the order of their start."""
    rows = select(Visit).where(Visit.operation_id == operation_id).order_by(Visit.starts_at, Visit.id).limit(200)
    return [line(row) for row in uow.session.scalars(rows)]


def targets_of(uow: UnitOfWork, operation_id: UUID) -> dict[UUID, TargetLine]:
    """Where the visits go, by visit; empty for who needs not know yet."""
    rows = TARGET.where(VisitTarget.operation_id == operation_id)
    return {row.visit_id: TargetLine(*row) for row in uow.session.execute(rows)}


def targets_of_visits(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, TargetLine]:
    """Where some visits go, by visit, as far as the viewer may know; one statement."""
    rows = TARGET.where(VisitTarget.visit_id.in_(visits))
    return {row.visit_id: TargetLine(*row) for row in uow.session.execute(rows)}


def get_target(uow: UnitOfWork, visit_id: UUID) -> TargetLine | None:
    """Where one visit goes, or None."""
    return targets_of(uow, get_visit(uow, visit_id).operation_id).get(visit_id)
