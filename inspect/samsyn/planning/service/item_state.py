"""What a change of one place of a campaign can be taken back to, as plain data beside the campaign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from samsyn.planning.models import CampaignItem

PLAIN: Final = ("minutes", "mandatory", "safety_note", "excluded_why", "team")
MOMENTS: Final = ("excluded_at", "pinned_at")
KEYS: Final = ("authorities", "pinned_people")


def item_state(row: CampaignItem) -> dict[str, Any]:
    """Return a place as it is; ``put_item_state`` brings it again."""
    return {
        "id": str(row.id),
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
