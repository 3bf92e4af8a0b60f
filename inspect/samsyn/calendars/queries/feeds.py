"""Read the viewer's feeds, and what a feed may be made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from samsyn.access.queries import unit_of_person
from samsyn.authorities.queries import UnitLine, is_spanning, units_of
from samsyn.calendars.models import Feed, FeedNaming, FeedOperation
from samsyn.calendars.rules import FeedLevel, FeedScope
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, followed_operations
from samsyn.operations.rules import ENDED

BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=400)
"""How far a feed reaches (CALENDARS 3)."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed of the viewer, without its address; ``operations``: how many were chosen for it."""

    id: UUID
    scope: FeedScope
    unit_id: UUID | None
    collaboration_id: UUID | None
    level: FeedLevel
    created_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None
    operations: int


def list_feeds(uow: UnitOfWork, limit: int = 200) -> list[FeedLine]:
    """The viewer's own feeds, newest first."""
    f = Feed
    chosen = select(func.count()).where(FeedOperation.feed_id == f.id).correlate(f).scalar_subquery()
    rows = (
        select(f.id, f.scope, f.unit_id, f.collaboration_id, f.level, f.created_at, f.revoked_at, f.fetched_at, chosen)
        .where(f.person_id == uow.person, f.authority_id == uow.me)
        .order_by(f.created_at.desc(), f.id)
        .limit(limit)
    )
    return [FeedLine(*row) for row in uow.session.execute(rows)]


def get_feed(uow: UnitOfWork, feed_id: UUID) -> FeedLine:
    """Return one feed of the viewer."""
    found = next((line for line in list_feeds(uow) if line.id == feed_id), None)
    if found is None:
        raise NotFoundError("no such feed")
    return found


def units_to_follow(uow: UnitOfWork) -> list[UnitLine]:
    """The units that the viewer may make a feed of: the own authority's; just the own one where units read apart."""
    units = units_of(uow, {uow.me})
    if not is_spanning(uow):
        return units
    own = unit_of_person(uow, uow.person)
    return [unit for unit in units if unit.id == own]


def operations_to_follow(uow: UnitOfWork, limit: int = 100) -> list[OperationCard]:
    """The coming operations that the viewer may choose for a feed, by start."""
    coming = followed_operations(uow, uow.now, uow.now + AHEAD, limit=limit)
    return [one.operation for one in coming if one.operation.state not in ENDED]


@dataclass(frozen=True, slots=True)
class Naming:
    """What an authority lets its people's own feeds say, and who decided it when; nobody has: no."""

    allowed: bool = False
    decided_by_id: UUID | None = None
    decided_at: datetime | None = None


def naming_of(uow: UnitOfWork) -> Naming:
    """Return whether the own authority lets a full feed say where an announced or done visit goes (SECRECY, R7)."""
    n = FeedNaming
    row = uow.session.execute(
        select(n.allowed, n.decided_by_id, n.decided_at).where(n.authority_id == uow.me)
    ).one_or_none()
    return Naming() if row is None else Naming(*row)
