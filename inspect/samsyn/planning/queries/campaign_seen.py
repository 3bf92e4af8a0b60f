"""What a member of a campaign that does not lead it reads of where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries.records import operations_by_id
from samsyn.operations.rules import OperationState
from samsyn.planning.queries.campaigns import CampaignCard, ItemLine


def as_seen(uow: UnitOfWork, campaign: CampaignCard, items: Sequence[ItemLine]) -> list[ItemLine]:
    """Return places as the viewer reads them: the lead all of it, a member what is its own.

    To a member when a visit is fixed, which nobody announces, and whom else the lead asks are the lead's to say; and of
    what is published it knows the operations that it may read.
    """
    known = operations_by_id(uow, {one.operation_id for one in items if one.operation_id})
    off = {one.id for one in known.values() if one.state is OperationState.CANCELLED}
    items = [replace(one, called_off=one.operation_id in off) for one in items]
    if campaign.lead_id == uow.me:
        return items
    return [
        replace(
            one,
            authorities=tuple(who for who in one.authorities if who == uow.me),
            pinned_at=None,
            pinned_people=(),
            operation_id=one.operation_id if one.operation_id in known else None,
            visit_id=one.visit_id if one.operation_id in known else None,
        )
        for one in items
    ]
