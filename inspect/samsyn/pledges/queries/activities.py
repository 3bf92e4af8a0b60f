"""Read one own activity that people typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

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
