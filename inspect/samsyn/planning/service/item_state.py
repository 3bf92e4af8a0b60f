"""What a change of one place of a campaign can be taken back to, as plain data in the row of the place itself.

The campaign's row says only which place it was: who reads that is not asked for roles or jäv, who reads a place is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from samsyn.core.errors import GateClosedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Campaign, CampaignItem

PLAIN: Final = ("minutes", "mandatory", "safety_note", "excluded_why", "team")
MOMENTS: Final = ("excluded_at", "pinned_at")
KEYS: Final = ("authorities", "pinned_people")


def item_state(row: CampaignItem) -> dict[str, Any]:
    """Return a place as it is; ``put_item_state`` brings it again."""
    return {
        "due_on": row.due_on.isoformat() if row.due_on else None,
        **{name: getattr(row, name) for name in PLAIN},
        **{name: said.isoformat() if (said := getattr(row, name)) else None for name in MOMENTS},
        **{name: [str(one) for one in getattr(row, name)] for name in KEYS},
    }


def put_item_state(row: CampaignItem, was: Mapping[str, Any]) -> None:
    """Let a place be what it was."""
    row.due_on = date.fromisoformat(was["due_on"]) if was["due_on"] else None
    for name in PLAIN:
        setattr(row, name, was[name])
    for name in MOMENTS:
        setattr(row, name, datetime.fromisoformat(was[name]) if was[name] else None)
    for name in KEYS:
        setattr(row, name, [UUID(one) for one in was[name]])


def put_back(uow: UnitOfWork, row: Campaign, item_id: UUID) -> None:
    """Let a place be what it was, and keep what it is now; for no team where nobody is in that one any more.

    ``GateClosedError`` where it is published by now.
    """
    item = uow.session.get(CampaignItem, item_id)
    if item is None or item.campaign_id != row.id or item.before is None:
        raise NotFoundError("no such business in the campaign")
    if item.visit_id is not None:
        raise GateClosedError("it is published already", ("state",))
    was, item.before = item.before, item_state(item)
    put_item_state(item, was)
    if item.team not in row.teams:
        item.team = None


def note_changed(uow: UnitOfWork, item: CampaignItem, was: Mapping[str, Any]) -> None:
    """Note that what is asked has changed: plans that were asked for before are of what it was; kept for the way back.

    The campaign's version grows with it: who would take another change back than the last one saw something else.
    """
    item.before = dict(was)  # before anything is read: the place is written once
    row = uow.session.get(Campaign, item.campaign_id)
    if row is not None:
        row.changed_at, row.before = uow.now, {"item": str(item.id)}


def forget(uow: UnitOfWork, item: CampaignItem) -> None:
    """Let the last change of a campaign stay where it was of this place: what came of the place since would be lost."""
    row = uow.session.get(Campaign, item.campaign_id)
    if row is not None and row.before is not None and row.before.get("item") == str(item.id):
        row.before = None
