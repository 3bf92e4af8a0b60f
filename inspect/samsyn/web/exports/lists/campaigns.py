"""Campaigns as files: which there are; of a plan each visit with its day, and what was left out; people's days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries.campaign_seen import as_seen
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    ItemLine,
    get_campaign,
    items_of,
    list_campaigns,
    plans_of,
)
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.campaign_people import days_of
from samsyn.web.pages.campaign_view import Stop, view_of
from samsyn.web.shell import t


class PlanQuery(PageQuery):
    """Which plan; the newest where none is named."""

    plan: UUID | None = None


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with the name of who leads it and how many businesses it goes to."""

    card: CampaignCard
    lead: str
    businesses: int


def read_all(uow: UnitOfWork, _: PageQuery) -> Sequence[CampaignRow]:
    """The campaigns that the own authority leads or takes part in, the latest first."""
    found = list_campaigns(uow)
    names = authority_names(uow, {one.lead_id for one, _ in found})
    return [CampaignRow(one, names.get(one.lead_id, ""), n) for one, n in found]


CAMPAIGNS: Final[Listing[PageQuery, CampaignRow]] = Listing(
    name="campaigns",
    path="/campaigns",
    query=PageQuery,
    read=read_all,
    roles=("planner",),
    columns=(
        Column("name", "campaigns.field.name", Kind.TEXT, lambda row: row.card.name),
        Column("first_on", "campaigns.field.first_on", Kind.DATE, lambda row: row.card.first_on),
        Column("last_on", "campaigns.field.last_on", Kind.DATE, lambda row: row.card.last_on),
        Column("led_by", "tables.column.led_by", Kind.TEXT, lambda row: row.lead),
        Column("businesses", "campaigns.businesses", Kind.NUMBER, lambda row: row.businesses),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.card.id, machine=True),
    ),
)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A business of a campaign, with its place in the plan, or why it has none."""

    item: ItemLine
    stop: Stop | None = None
    why: str = ""
    later: bool = False
    """It came to the campaign after the plan."""

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.item.excluded_at is not None:
            return t("campaigns.state.excluded")
        if self.item.operation_id is not None:
            return t("campaigns.state.called_off" if self.item.called_off else "campaigns.state.published")
        if self.stop is not None:
            return t("campaigns.state.pinned" if self.item.pinned_at else "campaigns.state.planned")
        if self.later:
            return t("campaigns.state.later")
        return t("campaigns.state.left_out") if self.why else ""

    @property
    def reason(self) -> str:
        """Why it is left out."""
        if self.item.excluded_at is not None:
            return self.item.excluded_why or t("campaigns.taken_back")
        return self.why

    @property
    def starts_at(self) -> datetime | None:
        """When it begins."""
        return self.stop.step.starts_at if self.stop else None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends."""
        return self.stop.step.ends_at if self.stop else None

    @property
    def meets_at(self) -> datetime | None:
        """From when its people are wanted."""
        return self.stop.step.meets_at if self.stop else None


def read(uow: UnitOfWork, query: PlanQuery, campaign_id: UUID) -> Sequence[VisitRow]:
    """The plan's visits in their order, what it left out, what it knows nothing of; of a member businesses alone."""
    campaign = get_campaign(uow, campaign_id)
    items = as_seen(uow, campaign, items_of(uow, campaign_id))
    plan = next((one for one in plans_of(uow, campaign_id) if query.plan in {None, one.id}), None)
    if plan is None:
        return [VisitRow(one) for one in items]
    view = view_of(uow, campaign, items, plan)
    planned = [VisitRow(stop.step.item, stop) for _, stops in view.days for stop in stops]
    left_out = [VisitRow(item, None, words) for item, words in view.left_out]
    there = {row.item.id for row in (*planned, *left_out)}
    return [*planned, *left_out, *(VisitRow(one, later=True) for one in items if one.id not in there)]


CAMPAIGN: Final[Listing[PlanQuery, VisitRow]] = Listing(
    name="campaign",
    path="/campaigns/<uuid:campaign_id>",
    query=PlanQuery,
    read=read,
    roles=("planner",),
    columns=(
        Column("n", "campaigns.nr", Kind.NUMBER, lambda row: row.stop.n if row.stop else None),
        Column("name", "operations.column.business", Kind.TEXT, lambda row: row.item.business.name),
        Column("address", "operations.column.address", Kind.TEXT, lambda row: row.item.business.address),
        Column("town", "tables.column.town", Kind.TEXT, lambda row: row.item.business.town),
        Column("meets_at", "campaigns.meets", Kind.DATETIME, lambda row: row.meets_at),
        Column(
            "place", "campaigns.field.meeting_places", Kind.TEXT, lambda row: row.stop.step.place if row.stop else ""
        ),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.starts_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.ends_at),
        Column(
            "people",
            "campaigns.who",
            Kind.TEXT,
            lambda row: ", ".join((*row.stop.own, *row.stop.others)) if row.stop else "",
        ),
        Column("safety_note", "campaigns.item.safety_note", Kind.TEXT, lambda row: row.item.safety_note or ""),
        Column("state", "campaigns.state_of", Kind.TEXT, lambda row: row.state),
        Column("left_out", "campaigns.left_out", Kind.TEXT, lambda row: row.reason),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.item.id, machine=True),
    ),
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A visit in a colleague's day."""

    name: str
    n: int
    stop: Stop


def read_people(uow: UnitOfWork, query: PlanQuery, campaign_id: UUID) -> Sequence[PersonRow]:
    """The own people's days, by name and time."""
    days = days_of(uow, campaign_id, query.plan)
    return [PersonRow(one.name, n, stop) for one in days for n, stop in enumerate(one.visits, 1)]


PEOPLE: Final[Listing[PlanQuery, PersonRow]] = Listing(
    name="campaign-people",
    path="/campaigns/<uuid:campaign_id>/people",
    query=PlanQuery,
    read=read_people,
    roles=("planner",),
    columns=(
        Column("person", "campaigns.person", Kind.TEXT, lambda row: row.name),
        Column("n", "campaigns.nr", Kind.NUMBER, lambda row: row.n),
        Column("meets_at", "campaigns.meets", Kind.DATETIME, lambda row: row.stop.step.meets_at),
        Column("place", "campaigns.field.meeting_places", Kind.TEXT, lambda row: row.stop.step.place),
        Column("way", "campaigns.way_minutes", Kind.NUMBER, lambda row: row.stop.step.way),
        Column("starts_at", "tables.column.starts_at", Kind.DATETIME, lambda row: row.stop.step.starts_at),
        Column("ends_at", "tables.column.ends_at", Kind.DATETIME, lambda row: row.stop.step.ends_at),
        Column("name", "operations.column.business", Kind.TEXT, lambda row: row.stop.step.item.business.name),
        Column("address", "operations.column.address", Kind.TEXT, lambda row: row.stop.step.item.business.address),
        Column(
            "safety_note", "campaigns.item.safety_note", Kind.TEXT, lambda row: row.stop.step.item.safety_note or ""
        ),
    ),
)
