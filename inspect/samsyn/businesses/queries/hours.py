"""Read when businesses are open."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samsyn.businesses.models import OpeningHours
from samsyn.core.uow import UnitOfWork


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
        .where(OpeningHours.business_id.in_(businesses), OpeningHours.withdrawn_at.is_(None))
        .order_by(OpeningHours.business_id, OpeningHours.weekday, OpeningHours.opens)
    )
    found: dict[UUID, tuple[OpenLine, ...]] = {}
    for business_id, weekday, opens, closes in uow.session.execute(rows):
        found[business_id] = (*found.get(business_id, ()), OpenLine(weekday, opens, closes))
    return found
