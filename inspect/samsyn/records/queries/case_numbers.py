"""The own case numbers (R17)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.records.models import CaseNumber


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A case number; ``part_id`` none: of the whole operation."""

    operation_id: UUID
    part_id: UUID | None
    visit_id: UUID | None
    number: str


def numbers_of_operation(uow: UnitOfWork, operation_id: UUID) -> list[NumberLine]:
    """The own case numbers of an operation and of its parts."""
    c = CaseNumber
    rows = select(c.part_id, c.visit_id, c.number).where(c.operation_id == operation_id)
    found = uow.session.execute(rows.order_by(c.number, c.id))
    return [NumberLine(operation_id, row.part_id, row.visit_id, row.number) for row in found]


def numbers_of_requests(uow: UnitOfWork, requests: Collection[UUID]) -> dict[UUID, str]:
    """The case numbers of some records requests."""
    rows = select(CaseNumber.request_id, CaseNumber.number).where(CaseNumber.request_id.in_(requests))
    return {row.request_id: row.number for row in uow.session.execute(rows) if row.request_id is not None}
