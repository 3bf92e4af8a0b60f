"""One campaign: how far its plan is, what it holds, how it differs; published as operations."""

from __future__ import annotations

from itertools import accumulate, takewhile
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import NotFoundError
from samsyn.core.jobs import JobCard, get_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.publishing import AT_ONCE, PublishPlan, publish_plan
from samsyn.planning.queries.campaign_people import size_of
from samsyn.planning.queries.campaign_seen import as_seen
from samsyn.planning.queries.campaigns import (
    PlanLine,
    get_campaign,
    items_of,
    last_job,
    members_asked,
    plans_of,
)
from samsyn.planning.service.plans import BUDGETS, USUAL_BUDGET, AskPlan, ask_plan, being_made, take_best
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.campaign_view import PlanView, Stop, differences_of, size_words, travel_words, view_of
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("campaign")
AGAIN_AFTER: Final = 2
CAMPAIGN: Final = "/campaigns/<uuid:campaign_id>"


class PlanForm(Body):
    """How long it is planned, and from which plan it is to differ little."""

    budget: int = USUAL_BUDGET
    baseline: UUID | None = None


class PublishForm(Body):
    """Which visits of which plan become operations."""

    plan: UUID
    item: list[UUID] = Field(default_factory=list, max_length=300)


def asked_plan(plans: list[PlanLine], name: str) -> PlanLine | None:
    """Return the plan that the address names; ``NotFoundError`` for one that is none of the campaign's."""
    said = request.args.get(name, "")
    if not said:
        return None
    found = next((one for one in plans if str(one.id) == said), None)
    if found is None:
        raise NotFoundError("no such plan")
    return found


def plan_looked_at(plans: list[PlanLine], form: Form[Any] | None) -> PlanLine | None:
    """Return the plan that the address names, else that of the form that came back, else the newest."""
    of_form = next((one for one in plans if form is not None and str(one.id) == form.text("plan")), None)
    return asked_plan(plans, "plan") or of_form or next(iter(plans), None)


def ticked_of(view: PlanView | None, form: Form[Any] | None) -> frozenset[str]:
    """Return the visits whose boxes are ticked: those of the form that came back, else the first that go at once.

    Whole days alone; of a first day that is too much by itself, the whole chains of people that go.
    """
    if form is not None and "plan" in form.typed:
        return frozenset(form.typed.get("item", ()))
    free = [[one for one in stops if free_to_go(one)] for _, stops in view.days] if view else []
    days = [day for day in free if day]
    if days and len(days[0]) > AT_ONCE:
        chains: dict[tuple[str, ...], list[Stop]] = {}
        for stop in days[0]:
            chains.setdefault(stop.step.people, []).append(stop)
        days = list(chains.values())
    first = takewhile(lambda n: n <= AT_ONCE, accumulate(map(len, days)))
    return frozenset(str(one.step.item.id) for day in days[: len(list(first))] for one in day)


def free_to_go(stop: Stop) -> bool:
    """Say whether a visit can be published."""
    return stop.step.item.operation_id is None and stop.step.item.excluded_at is None


def own_job(uow: UnitOfWork, job_id: UUID) -> JobCard | None:
    """Return a job of the viewer's own."""
    try:
        return get_job(uow, job_id)
    except NotFoundError:
        return None


def show_campaign(campaign_id: UUID, form: Form[Any] | None = None) -> str:
    """Render a campaign, with its newest plan or the one that the address names."""
    with unit_of_work(current_viewer()) as uow:
        campaign = get_campaign(uow, campaign_id)
        items = as_seen(uow, campaign, items_of(uow, campaign_id))
        members, plans = members_asked(uow, campaign_id), plans_of(uow, campaign_id)
        names = authority_names(uow, {campaign.lead_id, *(one.authority_id for one in members)})
        job = last_job(uow, campaign_id)
        work = own_job(uow, job.id) if job else None
        open_job = being_made(uow, job)
        asker = staff_names(uow, {job.asked_by}) if job and job.asked_by and open_job and not work else {}
        plan = plan_looked_at(plans, form)
        view = view_of(uow, campaign, items, plan) if plan else None
        before = asked_plan(plans, "beside") or before_of(plan, plans)
        told = differences_of(campaign, items, before, plan) if plan and before else []
        leads = campaign.lead_id == uow.me
        size = size_of(uow, campaign, items, members) if leads else None
    return page(
        "campaigns/show.html.j2",
        campaign=campaign,
        items=items,
        members=members,
        names=names,
        leads=leads,
        job=job,
        work=work,
        missing=[one for one in items if job and one.id in job.missing],
        open_job=open_job,
        asker=asker.get((job.asked_by, campaign.lead_id), "") if job and job.asked_by else "",
        again=AGAIN_AFTER,
        size=size_words(size) if size else "",
        too_large=size is not None and size.too_large,
        plans=plans,
        plan=plan,
        view=view,
        ticked=ticked_of(view, form),
        at_once=AT_ONCE,
        travel=travel_words(view) if view else "",
        before=before,
        told=told,
        form=form or new_form(),
        planning=form if form is not None and "budget" in form.typed else new_form({"budget": USUAL_BUDGET}),
        budgets=[(str(n), t(f"campaigns.budget.{n}")) for n in BUDGETS],
    )


def before_of(plan: PlanLine | None, plans: list[PlanLine]) -> PlanLine | None:
    """Return the plan that one was made from."""
    return next((one for one in plans if plan is not None and one.id == plan.baseline_id), None)


@blueprint.get(CAMPAIGN)
@guarded("planner")
def get_one(campaign_id: UUID) -> str:
    """The campaign; ``plan`` names one of its plans, ``beside`` another one to hold it against."""
    return show_campaign(campaign_id)


@blueprint.post(f"{CAMPAIGN}/plan")
@guarded("planner")
def post_plan(campaign_id: UUID) -> Response:
    """Ask for a plan; the page tells how far it is."""

    def make(uow: UnitOfWork, asked: PlanForm) -> str:
        ask_plan(uow, AskPlan(campaign_id, asked.budget, asked.baseline))
        return f"/campaigns/{campaign_id}"

    return answer_form(PlanForm, make, lambda form: show_campaign(campaign_id, form))


@blueprint.post(f"{CAMPAIGN}/take")
@guarded("planner")
def post_take(campaign_id: UUID) -> Response:
    """Take the best so far of the plan that is being made."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        take_best(uow, campaign_id)
        return f"/campaigns/{campaign_id}"

    return answer_form(Nothing, make, lambda form: show_campaign(campaign_id, form))


@blueprint.post(f"{CAMPAIGN}/publish")
@guarded("planner")
def post_publish(campaign_id: UUID) -> Response:
    """Let visits of a plan become operations whose people are asked; all of them, or none."""

    def make(uow: UnitOfWork, asked: PublishForm) -> str:
        publish_plan(uow, PublishPlan(campaign_id, asked.plan, tuple(asked.item)))
        return f"/campaigns/{campaign_id}"

    return answer_form(PublishForm, make, lambda form: show_campaign(campaign_id, form))
