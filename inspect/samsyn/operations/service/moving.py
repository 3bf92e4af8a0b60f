"""Move an operation in time: everything of it keeps its distance from the start."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, OperationOrder, Visit, VisitTarget
from samsyn.operations.rules import BEFORE_ONGOING
from samsyn.operations.service.plan import (
    check_times,
    check_version,
    demand_planner,
    led_operation,
    refuse_past,
    refuse_recused,
)


def set_times(
    uow: UnitOfWork, operation_id: UUID, starts_at: datetime, *, seen_version: int, ends_at: datetime | None = None
) -> timedelta:
    """Move the operation, its meeting and its planned visits so that it starts at ``starts_at``; return by how much.

    It keeps its length unless ``ends_at`` says otherwise, which is not before a visit ends.
    """
    demand_planner(uow)
    refuse_recused(uow, operation_id)
    row = led_operation(uow, operation_id, BEFORE_ONGOING)
    check_version(row, seen_version)
    refuse_past(uow, starts_at)
    by = starts_at - row.starts_at
    row.starts_at, row.ends_at, row.changed_at = row.starts_at + by, row.ends_at + by, uow.now
    row.meets_at = row.meets_at + by if row.meets_at else None
    last = starts_at
    for visit in uow.session.scalars(select(Visit).where(Visit.operation_id == operation_id).limit(200)):
        visit.starts_at, visit.ends_at = visit.starts_at + by, visit.ends_at + by
        last = max(last, visit.ends_at)
    for target in uow.session.scalars(select(VisitTarget).where(VisitTarget.operation_id == operation_id).limit(200)):
        target.open_at = target.open_at + by
    if ends_at is not None:
        end_then(row, ends_at, last)
    if (order := uow.session.get(OperationOrder, operation_id)) is not None:
        order.open_at += by
        order.briefing_at = order.briefing_at + by if order.briefing_at else None
    uow.session.flush()
    record(uow, "operation.move", row.id)
    return by


def end_then(row: Operation, ends_at: datetime, last: datetime) -> None:
    """Let an operation end at another time, or raise ``InvalidError``: before its last visit ends, or days later."""
    check_times(row.starts_at, ends_at, None)
    if ends_at < last:
        raise InvalidError("a visit would be outside", fields={"ends_at": ["must not be before the last visit ends"]})
    row.ends_at = ends_at
