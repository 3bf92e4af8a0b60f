"""Read of the own people what others may not learn: their working hours, and why they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Leave, Shift, Unavailable
from samsyn.planning.rules import LeaveKind, Span


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Time away of a colleague in the own authority, and of what kind."""

    person_id: UUID
    span: Span
    kind: LeaveKind


def own_leave_between(uow: UnitOfWork, period: Span) -> list[LeaveLine]:
    """Time away in the own authority, by start; another authority's is not there to be read."""
    a = Leave
    rows = (
        select(a.person_id, func.lower(a.during), func.upper(a.during), a.leave_kind)
        .where(a.authority_id == uow.me, a.withdrawn_at.is_(None), a.during.overlaps(Range(*period)))
        .order_by(a.during, a.id)
        .limit(1000)
    )
    return [LeaveLine(person, (first, last), kind) for person, first, last, kind in uow.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class AwayLine:
    """One time away of a colleague; ``taken_back`` when it no longer counts."""

    id: UUID
    person_id: UUID
    span: Span
    kind: LeaveKind
    taken_back: bool


def own_leave_of(uow: UnitOfWork, person_id: UUID | None, period: Span, limit: int = 500) -> list[AwayLine]:
    """Time away of a colleague, or of everybody in the own authority, that lies in a period in part, by start."""
    a = Leave
    rows = select(a).where(a.authority_id == uow.me, a.withdrawn_at.is_(None), a.during.overlaps(Range(*period)))
    if person_id is not None:
        rows = rows.where(a.person_id == person_id)
    return [away_line(row) for row in uow.session.scalars(rows.order_by(a.during, a.id).limit(limit))]


def get_leave(uow: UnitOfWork, person_id: UUID, leave_id: UUID) -> AwayLine | None:
    """One time away of a colleague, also one that was taken back; nothing where it is not that person's here."""
    a = Leave
    row = uow.session.scalar(select(a).where(a.id == leave_id, a.person_id == person_id, a.authority_id == uow.me))
    return None if row is None else away_line(row)


def away_line(row: Leave) -> AwayLine:
    """Copy a mapped row into the public type."""
    return AwayLine(row.id, row.person_id, span_of(row.during), row.leave_kind, row.withdrawn_at is not None)


def span_of(stored: Range[datetime]) -> Span:
    """Return a stored time; the tables let none of them be open."""
    if stored.lower is None or stored.upper is None:
        raise ValueError("open")
    return stored.lower, stored.upper


def reach(uow: UnitOfWork, person_id: UUID, horizon: Span) -> Span:
    """Return the horizon, wide enough that no time that others know of a person is cut by its ends."""
    during = Unavailable.during
    ends = select(func.min(func.lower(during)), func.max(func.upper(during))).where(
        Unavailable.person_id == person_id, Unavailable.authority_id == uow.me, during.overlaps(Range(*horizon))
    )
    first, last = uow.session.execute(ends).one()
    return min(horizon[0], first or horizon[0]), max(horizon[1], last or horizon[1])


def own_shifts_between(uow: UnitOfWork, period: Span) -> dict[UUID, list[Span]]:
    """Working hours in the own authority, by person."""
    s = Shift
    rows = (
        select(s.person_id, func.lower(s.during), func.upper(s.during))
        .where(s.authority_id == uow.me, s.withdrawn_at.is_(None), s.during.overlaps(Range(*period)))
        .order_by(s.during, s.id)
    )
    found: dict[UUID, list[Span]] = {}
    for person_id, first, last in uow.session.execute(rows):
        found.setdefault(person_id, []).append((first, last))
    return found
