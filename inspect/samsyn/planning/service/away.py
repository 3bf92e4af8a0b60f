"""Note by hand that a colleague is away, and take it back: at once it counts for who looks for somebody free."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.queries import get_place
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Leave, Unavailable
from samsyn.planning.queries.hours import own_leave_of, span_of
from samsyn.planning.rules import Span, Unavailability
from samsyn.planning.service.hours import AddLeave, add_leave, demand_keeper, refresh_unavailable

LONGEST: Final = timedelta(days=367)
"""A year, both days included, and the hour of summer time."""
AHEAD: Final = timedelta(days=2 * 366)
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('leave ' || CAST(:id AS text), 0))")


def demand_own(uow: UnitOfWork, person_id: UUID) -> None:
    """``NotFoundError`` for who is not of the own authority; ``NotAllowedError`` for who may not keep its hours."""
    get_place(uow, person_id)
    demand_keeper(uow, person_id)


def note_away(uow: UnitOfWork, command: AddLeave) -> UUID:
    """Note time away that has not ended, of a year at most; others learn at once that it is taken, and never why.

    ``InvalidError`` for other times, and ``ConflictError`` where the person is noted as away already, each with the
    field of the form that is wrong.
    """
    demand_own(uow, command.person_id)
    uow.session.execute(_ALONE, {"id": str(command.person_id)})
    refuse_times(uow, command.starts_and_ends)
    if own_leave_of(uow, command.person_id, command.starts_and_ends):
        raise ConflictError("noted already", fields={"from_on": ["away_noted"]})
    leave_id = add_leave(uow, command)
    tell_others(uow, command.person_id, command.starts_and_ends)
    return leave_id


def refuse_times(uow: UnitOfWork, span: Span) -> None:
    """Refuse what ends before it begins, is over, lasts for more than a year or is more than two years ahead."""
    first, last = span
    if last <= first:
        raise InvalidError("ends before it begins", fields={"until_on": ["away_ends"]})
    if last <= uow.now:
        raise InvalidError("over", fields={"until_on": ["away_over"]})
    if first > uow.now + AHEAD:
        raise InvalidError("too far ahead", fields={"from_on": ["away_far"]})
    if last - first > LONGEST:
        raise InvalidError("too long", fields={"until_on": ["away_long"]})


def take_back_away(uow: UnitOfWork, person_id: UUID, leave_id: UUID) -> Span:
    """Take time away back and return it; what others learn is again what it was. ``NotFoundError`` the second time."""
    demand_own(uow, person_id)
    a = Leave
    mine = update(a).where(a.id == leave_id, a.person_id == person_id, a.authority_id == uow.me)
    taken = mine.where(a.withdrawn_at.is_(None)).values(withdrawn_at=uow.now).returning(a.during)
    during = uow.session.scalar(taken)
    if during is None:
        raise NotFoundError("no such time away")
    record(uow, "leave.withdraw", person_id)
    tell_others(uow, person_id, span_of(during))
    return span_of(during)


def tell_others(uow: UnitOfWork, person_id: UUID, span: Span) -> None:
    """Rewrite what others learn of a time, with the whole of each reading that tells of it.

    A reading that lost its first or last row would tell less of the days beside it. Where no reading told anything,
    nothing but the time away is told: what nobody has looked into is not said to be unknown either.
    """
    whole = readings_at(uow, person_id, span)
    refresh_unavailable(uow, person_id, whole)
    if whole == span:
        u = Unavailable
        here = (u.person_id == person_id, u.authority_id == uow.me, u.during.contained_by(Range(*span)))
        uow.session.execute(delete(u).where(*here, u.state == Unavailability.UNKNOWN))


def readings_at(uow: UnitOfWork, person_id: UUID, span: Span) -> Span:
    """Return a time with all that was told of the person at the moments at which something of it was told."""
    u = Unavailable
    mine = (u.person_id == person_id, u.authority_id == uow.me)
    moments = select(u.as_of).where(*mine, u.during.overlaps(Range(*span)))
    ends = select(func.min(func.lower(u.during)), func.max(func.upper(u.during))).where(*mine, u.as_of.in_(moments))
    first, last = uow.session.execute(ends).one()
    return min(span[0], first or span[0]), max(span[1], last or span[1])
