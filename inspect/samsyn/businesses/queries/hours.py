"""Read when businesses are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.businesses.models import OpeningHours
from samsyn.core.database import one_of
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork

DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Open on a weekday (ISO: 1 is Monday) between two minutes after midnight; past 1440 is the next day."""

    weekday: int
    opens: int
    closes: int


def opening_hours_of(uow: UnitOfWork, businesses: set[UUID]) -> dict[UUID, tuple[OpenLine, ...]]:
    """The week's hours of each business in order; one that is missing here has none on record."""
    rows = (
        select(OpeningHours.business_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
        .where(one_of(OpeningHours.business_id, businesses), OpeningHours.withdrawn_at.is_(None))
        .order_by(OpeningHours.business_id, OpeningHours.weekday, OpeningHours.opens)
    )
    found: dict[UUID, tuple[OpenLine, ...]] = {}
    for business_id, weekday, opens, closes in uow.session.execute(rows):
        found[business_id] = (*found.get(business_id, ()), OpenLine(weekday, opens, closes))
    return found


def closes_at(hours: Sequence[OpenLine], at: datetime) -> datetime | None:
    """Return when a business that is open at a moment closes, on Sweden's clock; None where it is closed then.

    A night that began the day before counts.
    """
    local = at.astimezone(HOME)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    for days in (0, 1):
        weekday, minute = (local - timedelta(days=days)).isoweekday(), local.hour * 60 + local.minute + days * DAY
        for line in hours:
            if line.weekday == weekday and line.opens <= minute < line.closes:
                return midnight + timedelta(minutes=line.closes - days * DAY)
    return None
