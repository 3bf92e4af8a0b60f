"""A business of a campaign whose operation was called off is wanted again."""

from __future__ import annotations

from uuid import UUID

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, GateClosedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import operations_by_id
from samsyn.operations.rules import OperationState
from samsyn.planning.models import CampaignItem
from samsyn.planning.service.campaigns import led_campaign
from samsyn.planning.service.item_state import forget


def plan_again(uow: UnitOfWork, campaign_id: UUID, item_id: UUID, seen: int) -> None:
    """Let the next plan of a campaign place a business whose operation was called off; it lies fixed no longer.

    ``GateClosedError`` for one that is not published, or whose operation stands. The operation itself is not touched.
    """
    campaign = led_campaign(uow, campaign_id)
    row = uow.session.get(CampaignItem, item_id)
    if row is None or row.campaign_id != campaign_id:
        raise NotFoundError("no such business in the campaign")
    if row.version != seen:
        raise ChangedMeanwhileError(f"you saw version {seen}, it is now {row.version}")
    known = operations_by_id(uow, {row.operation_id}) if row.operation_id else {}
    if [one.state for one in known.values()] != [OperationState.CANCELLED]:
        raise GateClosedError("its operation is not called off", ("state",))
    row.operation_id = row.visit_id = row.pinned_at = None
    row.pinned_people = []
    forget(uow, row)
    campaign.changed_at = uow.now
    uow.session.flush()
    record(uow, "campaign.change", row.id)
