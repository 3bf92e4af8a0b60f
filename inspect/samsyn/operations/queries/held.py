"""Read which time of people is held, as far as the viewer may know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import Range

from samsyn.core.database import one_of
from samsyn.core.quarters import quarters_taken
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, Booking
from samsyn.operations.rules import BookingState

MOST = 20_000


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A person's time that is asked for or given; not what for."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime


def held_times(uow: UnitOfWork, people: set[UUID], between: tuple[datetime, datetime]) -> list[HeldTime]:
    """Return the bookings that overlap a time, by person; one statement for any number of people.

    A booking of another authority is seen by planners who share a collaboration with it; the database refuses the
    others all the same.
    """
    b = Booking
    rows = (
        select(b.person_id, func.lower(b.during), func.upper(b.during))
        .where(
            b.person_id.in_(people),
            b.state.in_((BookingState.ASKED, BookingState.ACCEPTED)),
            b.during.op("&&")(func.tstzrange(between[0], between[1])),
        )
        .order_by(b.person_id, func.lower(b.during))
        .limit(MOST)
    )
    return [HeldTime(*row) for row in uow.session.execute(rows)]


def held_quarters(
    uow: UnitOfWork,
    people: set[UUID],
    between: tuple[datetime, datetime],
    but_not: Collection[UUID],
    proposals: Select[UUID],
) -> dict[UUID, tuple[Sequence[int], Sequence[int]]]:
    """Return the quarters, counted from 1970, in which each person's time is held: the first ones and those after the
    last; a statement for any number of people and times.

    What the operations ``but_not`` hold themselves is left out. So is what is held for their ``proposals``.
    """
    b, a = Booking, Assignment
    first, last = quarters_taken(b.during)
    of_it = select(a.id).where(a.booking_id == b.id, one_of(a.operation_id, but_not)).exists()
    rows = (
        select(b.person_id, func.array_agg(first), func.array_agg(last))
        .where(
            one_of(b.person_id, people),
            b.state.in_((BookingState.ASKED, BookingState.ACCEPTED)),
            b.during.overlaps(Range(*between)),
            ~of_it,
            or_(b.poll_option_id.is_(None), b.poll_option_id.not_in(proposals)),
        )
        .group_by(b.person_id)
    )
    return {person: (firsts, lasts) for person, firsts, lasts in uow.session.execute(rows)}
