"""Campaigns as JSON: what they ask, their plans line by line, asking for a plan and how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries.campaign_seen import as_seen
from samsyn.planning.queries.campaigns import (
    get_campaign,
    get_item,
    items_of,
    last_job,
    list_campaigns,
    members_asked,
    plans_of,
    problem_of_plan,
)
from samsyn.planning.service.campaigns import led_campaign
from samsyn.planning.service.plans import USUAL_BUDGET, AskPlan, ask_plan, being_made, get_plan, take_best
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, cut_here
from samsyn.web.parsing import Body
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.campaigns import (
    CampaignDetailOut,
    CampaignList,
    CampaignOut,
    ItemOut,
    PlanningOut,
    PlanOut,
    item_out,
)

blueprint = api_blueprint("campaigns")
ONE = "/campaigns/<uuid:campaign_id>"


class AskPlanIn(Body):
    """How many iterations (1000, 5000 or 20000), and from which plan the new one is to differ little."""

    budget: int = USUAL_BUDGET
    baseline_id: UUID | None = None


@blueprint.get("/campaigns")
@guarded("planner")
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(CampaignList)
def get_campaigns(query: PageQuery) -> Any:
    """Campaigns that the own authority leads or takes part in, by their first day."""
    with unit_of_work(current_viewer()) as uow:
        rows = [CampaignOut.of(one, n) for one, n in list_campaigns(uow)]
    return cut_here(rows, query, lambda one: (one.first_on.isoformat(), str(one.id)))


@blueprint.get(ONE)
@guarded("planner")
@blueprint.output(CampaignDetailOut)
def get_one(campaign_id: UUID) -> Any:
    """One campaign: whom it asks, where it goes, and the plans that the own authority made of it, newest first."""
    with unit_of_work(current_viewer()) as uow:
        shown = detail(uow, campaign_id)
    return shown, 200, etag(shown.version)


def detail(uow: UnitOfWork, campaign_id: UUID) -> CampaignDetailOut:
    """Return a campaign as the viewer reads it."""
    campaign = get_campaign(uow, campaign_id)
    items = as_seen(uow, campaign, items_of(uow, campaign_id))
    return CampaignDetailOut.whole(campaign, members_asked(uow, campaign_id), items, plans_of(uow, campaign_id))


def one_item(uow: UnitOfWork, campaign_id: UUID, listed_id: UUID) -> ItemOut:
    """Return a business of a campaign that the viewer plans: what an answer's ``ETag`` is the version of."""
    return item_out(get_item(uow, campaign_id, listed_id))


@blueprint.get(f"{ONE}/plans/<uuid:result_id>")
@guarded("planner")
@blueprint.output(PlanOut)
def get_one_plan(campaign_id: UUID, result_id: UUID) -> Any:
    """One plan of the own authority: its visits in the order of their times, and what it leaves out and why."""
    with unit_of_work(current_viewer()) as uow:
        campaign, plan = get_campaign(uow, campaign_id), get_plan(uow, campaign_id, result_id)
        return PlanOut.of(campaign, plan, items_of(uow, campaign_id), problem_of_plan(uow, plan), uow.me)


@blueprint.post(f"{ONE}/plans")
@guarded("planner")
@blueprint.input(AskPlanIn, arg_name="body")
@blueprint.output(PlanningOut, status_code=202)
def post_plan(campaign_id: UUID, body: AskPlanIn) -> Response:
    """Ask for a plan; ``…/planning`` tells how far it is."""

    def make(uow: UnitOfWork) -> PlanningOut:
        ask_plan(uow, AskPlan(campaign_id, body.budget, body.baseline_id))
        return planning(uow, campaign_id)

    return once(make, status=202, location=lambda _: f"/api/v1/campaigns/{campaign_id}/planning")


@blueprint.get(f"{ONE}/planning")
@guarded("planner")
@blueprint.output(PlanningOut)
def get_planning(campaign_id: UUID) -> Any:
    """How far the plan is that was asked for last, and the plan that came of it; for the lead's planners."""
    with unit_of_work(current_viewer()) as uow:
        led_campaign(uow, campaign_id)
        return planning(uow, campaign_id)


@blueprint.post(f"{ONE}/planning/take")
@guarded("planner")
@blueprint.output(PlanningOut)
def post_take(campaign_id: UUID) -> Response:
    """Take the best so far: the worker's next step ends with it."""

    def make(uow: UnitOfWork) -> PlanningOut:
        take_best(uow, campaign_id)
        return planning(uow, campaign_id)

    return once(make)


def planning(uow: UnitOfWork, campaign_id: UUID) -> PlanningOut:
    """Return how far it is."""
    job = last_job(uow, campaign_id)
    made = next((one.id for one in plans_of(uow, campaign_id) if job is not None and one.plan_job_id == job.id), None)
    return PlanningOut.of(job, made, being_made=being_made(uow, job))
