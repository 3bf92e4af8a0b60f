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
    stale = func.coalesce(u.good_until < uow.now, False)
    rows = (
        select(u.person_id, func.lower(u.during), func.upper(u.during), u.state, stale)
        .where(one_of(u.person_id, people), u.during.op("&&")(func.tstzrange(between[0], between[1])))
        .order_by(u.person_id, func.lower(u.during))
        .limit(MOST)
    )
    found = [(AwayTime(*row), too_old) for *row, too_old in uow.session.execute(rows)]
    old = dict.fromkeys(one.person_id for one, too_old in found if too_old)
    return [one for one, _ in found] + [AwayTime(person, *between, Unavailability.UNKNOWN) for person in old]
