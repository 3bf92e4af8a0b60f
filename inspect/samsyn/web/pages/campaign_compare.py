"""Two plans of a campaign side by side: what each holds and costs, and what they do otherwise, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import request

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.planning.queries.campaigns import CampaignCard, ItemLine, PlanLine, get_campaign, items_of, plans_of
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.localtime import show_moment
from samsyn.web.pages.campaign_view import Told, differences_of
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t
from samsyn.web.shown.campaign_changes import PARTS

blueprint = page_blueprint("campaign_compare")
LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Side:
    """A place in one plan: when, and how many people go; nothing where it is left out."""

    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """A place that two plans have otherwise."""

    told: Told
    one: Side | None
    other: Side | None


def asked_of(plans: Sequence[PlanLine], name: str, usual: PlanLine | None) -> PlanLine | None:
    """Return the plan that the address names, or the usual one; ``NotFoundError`` for one of another campaign."""
    said = request.args.get(name, "")
    if not said:
        return usual
    found = next((one for one in plans if str(one.id) == said), None)
    if found is None:
        raise NotFoundError("no such plan")
    return found


def sides(campaign: CampaignCard, plan: PlanLine) -> Mapping[str, Side]:
    """Return the places of a plan."""
    then = plan.of(campaign)
    return {one["id"]: Side(then.moment(one["start"]), len(one["inspectors"])) for one in plan.plan["visits"]}


def lines_of(campaign: CampaignCard, items: Sequence[ItemLine], one: PlanLine, other: PlanLine) -> list[Line]:
    """Return what is otherwise, by time."""
    here, there = sides(campaign, one), sides(campaign, other)
    return [
        Line(told, here.get(str(told.item.id)), there.get(str(told.item.id)))
        for told in differences_of(campaign, items, one, other)
    ]


def totals(one: PlanLine, other: PlanLine) -> list[tuple[str, int, int]]:
    """Return how good each is: visits, risk, and what the objective is made of."""
    parts = [(t(f"campaigns.part.{name}"), one.parts.get(name, 0), other.parts.get(name, 0)) for name in PARTS]
    return [
        (t("campaigns.visits"), one.number, other.number),
        (t("campaigns.urgency"), one.risk, other.risk),
        (t("campaigns.cost"), one.objective, other.objective),
        *(line for line in parts if line[1] or line[2]),
    ]


@blueprint.get("/campaigns/<uuid:campaign_id>/compare")
@guarded("planner")
def get_compare(campaign_id: UUID) -> str:
    """Two plans: ``plan`` and ``beside``; the newest and what it was made from, or the one before it, if not named."""
    with unit_of_work(current_viewer()) as uow:
        campaign, items, plans = get_campaign(uow, campaign_id), items_of(uow, campaign_id), plans_of(uow, campaign_id)
    other = asked_of(plans, "plan", next(iter(plans), None))
    before = next((one for one in plans if other is not None and one.id == other.baseline_id), None)
    earlier = next((one for one in plans if other is not None and one.made_at < other.made_at), None)
    one = asked_of(plans, "beside", before or earlier)
    said: dict[str, Any] = {"lines": [], "totals": []}
    if one is not None and other is not None:
        said = {"lines": lines_of(campaign, items, one, other), "totals": totals(one, other)}
    return page(
        "campaigns/compare.html.j2",
        campaign=campaign,
        one=one,
        other=other,
        several=len(plans) >= LEAST,
        options=[(str(plan.id), name_of(plan)) for plan in plans],
        name_of=name_of,
        form=new_form({"beside": one.id if one else None, "plan": other.id if other else None}),
        **said,
    )


def name_of(plan: PlanLine) -> str:
    """Return what a plan is called: when it was made, and how."""
    at = show_moment(plan.made_at, current_language())
    return t("campaigns.named_by_hand", at=at) if plan.made_by else t("campaigns.named", at=at, n=plan.iterations)
