"""Read which time of people is held, as far as the viewer may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Booking
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
