"""What somebody may follow: asked when a feed is made, and at every fetch."""

from __future__ import annotations

from uuid import UUID

from samsyn.authorities.queries import my_collaborations
from samsyn.calendars.queries.feeds import units_to_follow
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork


def follows_unit(uow: UnitOfWork, unit_id: UUID) -> bool:
    """Say whether the viewer may follow a unit: one of the own authority, the own one where units read apart (R1)."""
    return unit_id in {unit.id for unit in units_to_follow(uow)}


def follows_collaboration(uow: UnitOfWork, collaboration_id: UUID) -> bool:
    """Say whether the viewer's authority is a member of a collaboration, today."""
    return collaboration_id in {one.id for one in my_collaborations(uow)}


def demand_followed(uow: UnitOfWork, unit_id: UUID | None, collaboration_id: UUID | None) -> None:
    """Raise ``NotFoundError`` where a feed's unit or collaboration is the viewer's to follow no longer."""
    if unit_id is not None and not follows_unit(uow, unit_id):
        raise NotFoundError("no such feed")
    if collaboration_id is not None and not follows_collaboration(uow, collaboration_id):
        raise NotFoundError("no such feed")
