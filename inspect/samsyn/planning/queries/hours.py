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
