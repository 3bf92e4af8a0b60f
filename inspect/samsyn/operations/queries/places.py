"""Read who has been at a place, and who is to be there as far as the viewer may know of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text

from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, Visit, VisitTarget, VisitTrace
from samsyn.operations.rules import BEFORE_ONGOING, OperationState, VisitState

MOST: Final = 500
COMING: Final = BEFORE_ONGOING | {OperationState.ONGOING}
# Jäv closes a visit to a person; that somebody was there on that day belongs to it.
_NOT_MINE: Final = text(
    "NOT EXISTS (SELECT 1 FROM recusal r"
    " WHERE r.visit_id = visit_trace.visit_id AND r.person_id = (SELECT me_person()))"
)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """That authorities were at a premises on a day, at one visit."""

    visit_id: UUID
    on_date: date
    authorities: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LastVisit:
    """The last day that anybody was at a premises, and who."""

    on_date: date
    authorities: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A visit that is to be, of an operation that the viewer's authority takes part in."""

    operation_id: UUID
    visit_id: UUID
    business_id: UUID
    code_word: str
    starts_at: datetime
    state: OperationState


def traces_at(uow: UnitOfWork, premises_id: UUID) -> list[TraceLine]:
    """Return who was at a premises, newest first: all that a member learns of a visit that it took no part in."""
    who = func.array_agg(VisitTrace.authority_id)
    rows = (
        select(VisitTrace.visit_id, func.max(VisitTrace.on_date), who)
        .where(VisitTrace.premises_id == premises_id, VisitTrace.done, _NOT_MINE)
        .group_by(VisitTrace.visit_id)
        .order_by(func.max(VisitTrace.on_date).desc(), VisitTrace.visit_id)
        .limit(MOST)
    )
    return [TraceLine(r[0], r[1], tuple(sorted(r[2]))) for r in uow.session.execute(rows)]


def last_visits(uow: UnitOfWork, premises: Collection[UUID]) -> dict[UUID, LastVisit]:
    """Return the last day that anybody was at each premises, and who, in one statement; never visited is missing."""
    t = VisitTrace
    seen = select(t.premises_id, t.on_date, t.authority_id).where(t.premises_id.in_(premises), t.done, _NOT_MINE)
    found: dict[UUID, LastVisit] = {}
    for premises_id, on_date, authority_id in uow.session.execute(seen.order_by(t.on_date.desc(), t.authority_id)):
        last = found.get(premises_id, LastVisit(on_date, ()))
        if last.on_date == on_date and authority_id not in last.authorities:
            found[premises_id] = LastVisit(on_date, (*last.authorities, authority_id))
    return found


def planned_visits(uow: UnitOfWork, businesses: Collection[UUID] | None = None) -> list[PlannedLine]:
    """Return visits that are to be, soonest first: of some businesses, or of all; a target's own rule says of which.

    One statement. What an unannounced visit goes to is shown here to those alone who may know it (OSL 17:1).
    """
    rows = (
        select(Operation.id, Visit.id, VisitTarget.business_id, Operation.code_word, Visit.starts_at, Operation.state)
        .join(VisitTarget, VisitTarget.visit_id == Visit.id)
        .join(Operation, Operation.id == Visit.operation_id)
        .where(Visit.state == VisitState.PLANNED, Operation.state.in_(COMING))
        .order_by(Visit.starts_at, Visit.id)
        .limit(MOST)
    )
    if businesses is not None:
        rows = rows.where(VisitTarget.business_id.in_(businesses))
    return [PlannedLine(*row) for row in uow.session.execute(rows)]


def earlier_starts(uow: UnitOfWork, businesses: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """Return when visits that took place at some businesses began, as far as the viewer may know of them."""
    rows = (
        select(VisitTarget.business_id, Visit.starts_at)
        .join(Visit, Visit.id == VisitTarget.visit_id)
        .where(VisitTarget.business_id.in_(businesses), Visit.state.not_in((VisitState.PLANNED, VisitState.SKIPPED)))
        .order_by(Visit.starts_at.desc(), Visit.id)
        .limit(MOST * 10)
    )
    found: dict[UUID, list[datetime]] = {}
    for business_id, starts_at in uow.session.execute(rows):
        found.setdefault(business_id, []).append(starts_at)
    return found
