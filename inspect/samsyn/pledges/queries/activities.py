"""Read what is done for a pledge beside operations: safety walks, dialogues and the like, as every member reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Activity
from samsyn.pledges.rules import ActivityKind, ActivityState

MOST: Final = 1000
"""Activities of a span of days; a month has some tens."""
_LINE: Final[tuple[Any, ...]] = (
    *(Activity.id, Activity.collaboration_id, Activity.authority_id, Activity.activity_kind, Activity.state),
    *(Activity.on_date, Activity.title, Activity.focus_area_id, Activity.hot_spot_id, Activity.reason),
    *(Activity.version, Activity.counted_at),
)


@dataclass(frozen=True, slots=True)
class ActivityAt:
    """An activity of a member, as every member reads it."""

    id: UUID
    collaboration_id: UUID
    authority_id: UUID
    kind: ActivityKind
    state: ActivityState
    on_date: date
    title: str
    focus_area_id: UUID | None
    hot_spot_id: UUID | None
    reason: str | None
    version: int
    changed_at: datetime


def activities_at(uow: UnitOfWork, hot_spot_id: UUID, most: int = 100) -> list[ActivityAt]:
    """The activities at a hot spot, newest first."""
    rows = select(*_LINE).where(Activity.hot_spot_id == hot_spot_id).order_by(Activity.on_date.desc(), Activity.id)
    return [ActivityAt(*row) for row in uow.session.execute(rows.limit(most))]


def activities_between(uow: UnitOfWork, first: date, last: date) -> list[ActivityAt]:
    """The activities of a span of days, both its ends too, that are not called off; operations have their own plan."""
    rows = (
        select(*_LINE)
        .where(Activity.on_date.between(first, last), Activity.activity_kind != ActivityKind.OPERATION)
        .where(Activity.state != ActivityState.CANCELLED)
        .order_by(Activity.on_date, Activity.title, Activity.id)
        .limit(MOST)
    )
    return [ActivityAt(*row) for row in uow.session.execute(rows)]


def activities_unsaid(uow: UnitOfWork, collaboration_id: UUID) -> list[ActivityAt]:
    """The planned activities of a collaboration whose day is over, the oldest first: nobody said how they went."""
    a = Activity
    rows = select(*_LINE).where(a.collaboration_id == collaboration_id, a.state == ActivityState.PLANNED)
    rows = rows.where(a.on_date < uow.today, a.activity_kind != ActivityKind.OPERATION)
    return [ActivityAt(*row) for row in uow.session.execute(rows.order_by(a.on_date, a.id).limit(MOST))]


def activity_of(uow: UnitOfWork, activity_id: UUID) -> ActivityAt:
    """Return an activity of any member; ``NotFoundError`` for what is hidden, and for operations."""
    rows = select(*_LINE).where(Activity.id == activity_id, Activity.activity_kind != ActivityKind.OPERATION)
    row = uow.session.execute(rows).one_or_none()
    if row is None:
        raise NotFoundError("no such activity")
    return ActivityAt(*row)
