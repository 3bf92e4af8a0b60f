"""What a campaign is told of belongs to it: businesses of its collaboration, and authorities that it asks."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final
from uuid import UUID

from samsyn.businesses.queries import BusinessCard
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import CampaignItem
from samsyn.planning.queries.campaigns import members_asked

OUTSIDE: Final = "not in the collaboration"


def demand_there(collaboration_id: UUID, wanted: Set[UUID], known: Mapping[UUID, BusinessCard], field: str) -> None:
    """Raise ``InvalidError`` for businesses outside a collaboration, with the names of those that can be read."""
    others = sorted(one.name for one in known.values() if one.collaboration_id != collaboration_id)
    if others or not wanted <= known.keys():
        raise InvalidError("no such business in the collaboration", fields={field: [OUTSIDE, *others]})


def demand_wanted(uow: UnitOfWork, row: CampaignItem, authorities: tuple[UUID, ...] | None) -> None:
    """Raise ``InvalidError`` where nobody would be wanted at a place, or one whom the campaign does not ask."""
    if authorities is None:
        return
    asked = {one.authority_id for one in members_asked(uow, row.campaign_id)}
    if not authorities or not set(authorities) <= asked.union(row.authorities):
        raise InvalidError("not them", fields={"authorities": ["unknown" if authorities else "at least one"]})
