"""Read what the viewer may learn of people's time beside their bookings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Unavailable
from samsyn.planning.rules import Unavailability

MOST = 20_000


@dataclass(frozen=True, slots=True)
class AwayTime:
    """A time at which a person cannot, or of which nobody knows; never why."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: Unavailability


def times_away(uow: UnitOfWork, people: set[UUID], between: tuple[datetime, datetime]) -> list[AwayTime]:
    """Return what overlaps a time, by person; one statement for any number of people.

    Of whose calendar was read too long ago nobody knows the rest of the time.
    """
    u = Unavailable
    rows = (
        select(
            u.person_id,
            func.lower(u.during).label("starts_at"),
            func.upper(u.during).label("ends_at"),
            u.state,
            func.coalesce(u.good_until < uow.now, False).label("stale"),
        )
        .where(one_of(u.person_id, people), u.during.op("&&")(func.tstzrange(between[0], between[1])))
        .order_by(u.person_id, func.lower(u.during))
        .limit(MOST)
    )
    found = uow.session.execute(rows).all()
    old = dict.fromkeys(row.person_id for row in found if row.stale)
    return [
        *(AwayTime(row.person_id, row.starts_at, row.ends_at, row.state) for row in found),
        *(AwayTime(person, *between, Unavailability.UNKNOWN) for person in old),
    ]
