"""Which visits and operations a request to read the authority's records concerns (R16)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Operation, Recusal, Visit, VisitTarget
from samsyn.operations.queries.operations import OperationCard, card
from samsyn.operations.queries.visits import VisitLine, line
from samsyn.operations.rules import VisitState

MOST_VISITS: Final = 500


def visits_concerned(
    uow: UnitOfWork,
    business_id: UUID | None,
    operation_id: UUID | None,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> list[VisitLine]:
    """Return the visits of the authority's operations to a business, of an operation, within a time; oldest first.

    Where a coming visit goes is found by those alone who may know it (OSL 17:1). One more than ``MOST_VISITS`` says
    that there are more.
    """
    rows = select(Visit).order_by(Visit.starts_at, Visit.id).limit(MOST_VISITS + 1)
    if business_id is not None:
        t = VisitTarget
        rows = rows.where(exists().where(t.visit_id == Visit.id, t.business_id == business_id))
    if operation_id is not None:
        rows = rows.where(Visit.operation_id == operation_id)
    if span[0] is not None:
        rows = rows.where(Visit.starts_at >= span[0])
    if span[1] is not None:
        rows = rows.where(Visit.starts_at < span[1])
    return [line(row) for row in uow.session.scalars(rows)]


def kept_from(
    uow: UnitOfWork,
    business_id: UUID | None,
    operation_id: UUID | None,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> bool:
    """Say whether ``visits_concerned`` leaves out a visit for which the viewer declared a conflict of interest.

    Where a closed visit went, the viewer cannot see: that is looked up as the authority's worker, and no more than
    yes or no comes back. Of a coming visit deciders alone are told even that: to others its place is not open (R7).
    """
    mine = set(uow.session.scalars(select(Recusal.visit_id).where(Recusal.person_id == uow.viewer.person_id)))
    if uow.viewer.person_id is None or not mine:
        return False
    with unit_of_work(Viewer.task_of(uow.me)) as whole:
        concerned = visits_concerned(whole, business_id, operation_id, span)
    knows = "decider" in uow.viewer.roles
    return any(one.id in mine and (knows or one.state is not VisitState.PLANNED) for one in concerned)


def operations_by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, OperationCard]:
    """Return some operations as far as the viewer may see them; one statement."""
    return {row.id: card(row) for row in uow.session.scalars(select(Operation).where(Operation.id.in_(ids)))}
