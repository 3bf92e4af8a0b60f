"""Read one own activity that people typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Activity
from samsyn.pledges.rules import ActivityKind, ActivityState


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """An activity of the own authority, to be changed."""

    id: UUID
    kind: ActivityKind
    state: ActivityState
    on_date: date
    title: str
    reason: str | None
    version: int


def get_activity(uow: UnitOfWork, activity_id: UUID) -> OwnActivity:
    """Return one; ``NotFoundError`` for others' and for operations, which count themselves."""
    row = uow.session.get(Activity, activity_id)
    if row is None or row.authority_id != uow.me or row.activity_kind is ActivityKind.OPERATION:
        raise NotFoundError("no such activity of yours")
    return OwnActivity(row.id, row.activity_kind, row.state, row.on_date, row.title, row.reason, row.version)


@dataclass(frozen=True, slots=True)
class ActivityAt:
    """An activity at a hot spot, as every member reads it."""

    id: UUID
    authority_id: UUID
    kind: ActivityKind
    state: ActivityState
    on_date: date
    title: str
    hot_spot_id: UUID | None


def activities_at(uow: UnitOfWork, hot_spot_id: UUID, most: int = 100) -> list[ActivityAt]:
    """The activities at a hot spot, newest first."""
    a = Activity
    rows = select(a.id, a.authority_id, a.activity_kind, a.state, a.on_date, a.title, a.hot_spot_id).where(
        a.hot_spot_id == hot_spot_id
    )
    return [ActivityAt(*row) for row in uow.session.execute(rows.order_by(a.on_date.desc(), a.id).limit(most))]


def activity_of(uow: UnitOfWork, activity_id: UUID) -> ActivityAt:
    """Return an activity of any member; ``NotFoundError`` for what is hidden, and for operations."""
    row = uow.session.get(Activity, activity_id)
    if row is None or row.activity_kind is ActivityKind.OPERATION:
        raise NotFoundError("no such activity")
    return ActivityAt(row.id, row.authority_id, row.activity_kind, row.state, row.on_date, row.title, row.hot_spot_id)
