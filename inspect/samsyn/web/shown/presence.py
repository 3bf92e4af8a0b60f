"""How it is shown who was at a visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.operations.rules import PoliceRole, Present
from samsyn.web.parsing import Shown


class PresenceOut(Shown):
    """What was noted of one person; ``at``: when it was, ``written_at``: when the service heard of it."""

    id: UUID
    authority_id: UUID
    person_id: UUID
    what: Present
    police_role: PoliceRole | None
    reason: str | None
    at: datetime
    written_by: UUID
    written_at: datetime


class PresenceList(Shown):
    """What was noted at a visit, in the order of its time."""

    items: list[PresenceOut]
    next_cursor: str | None = None


class PresenceNotedOut(Shown):
    """The key; ``written`` is false where the same stood already."""

    presence_id: UUID
    written: bool
