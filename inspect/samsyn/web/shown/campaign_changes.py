"""What comes of writing campaigns, and what two plans have otherwise, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.planning.campaigns.differences import Difference
from samsyn.planning.queries.campaigns import CampaignCard
from samsyn.web.parsing import Shown
from samsyn.web.shown.campaigns import ItemOut

PARTS: Final = ("unserved", "late", "travel", "idle", "fairness", "repeat", "clustering", "moved", "staff_changed")
"""What a plan's objective is made of (PLANNER)."""


class ChangedOut(Shown):
    """A visit that a plan has otherwise; ``people``: how many go who did not (of whom is nobody named, SECRECY R7)."""

    item_id: UUID
    change: str
    before: datetime | None
    after: datetime | None
    people: int

    @classmethod
    def of(cls, campaign: CampaignCard, one: Difference) -> ChangedOut:
        """Return one in the days that the campaign had for the plan."""
        return cls(
            item_id=UUID(one.visit),
            change=str(one.change),
            before=None if one.before is None else campaign.moment(one.before),
            after=None if one.after is None else campaign.moment(one.after),
            people=len(one.came),
        )


class ComparedOut(Shown):
    """Two plans: what the first does otherwise than the other, and what each costs by part."""

    plan_id: UUID
    other_id: UUID
    changes: list[ChangedOut]
    parts: dict[str, int]
    other_parts: dict[str, int]


class MovedOut(ItemOut):
    """A business whose visit was moved, and the plan that came of it."""

    plan_id: UUID

    @classmethod
    def of(cls, one: ItemOut, plan_id: UUID) -> MovedOut:
        """Return it as it lies fixed now."""
        return cls(**one.model_dump(), plan_id=plan_id)


class PublishedOut(Shown):
    """The operations that came of it, in the order of their times."""

    operation_ids: list[UUID]
