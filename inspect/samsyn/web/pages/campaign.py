"""One campaign: how far its plan is, what it holds, how it differs; changed by hand, published as operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.jobs import JobCard, get_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.planning.queries.campaigns import (
    PlanLine,
    get_campaign,
    get_item,
    items_of,
    last_job,
    members_asked,
    plans_of,
    problem_of_plan,
)
from samsyn.planning.service.campaigns import ChangeItem, change_item
from samsyn.planning.service.plans import (
    BUDGETS,
    USUAL_BUDGET,
    AskPlan,
    ask_plan,
    minute_of,
    move_visit,
    pin_visit,
    take_best,
    try_move,
)
from samsyn.planning.verifier.words import Violation
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.campaign_view import differences_of, view_of
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.parsing import Body, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("campaign")
AGAIN_AFTER: Final = 2
CAMPAIGN: Final = "/campaigns/<uuid:campaign_id>"
ITEM: Final = f"{CAMPAIGN}/visits/<uuid:listed_id>"


class PlanForm(Body):
    """How long it is planned, and from which plan it is to differ little."""

    budget: int = USUAL_BUDGET
    baseline: UUID | None = None


class PublishForm(Body):
    """Which visits of which plan become operations."""

    plan: UUID
    item: list[UUID] = Field(default_factory=list, max_length=300)


class ItemForm(Body):
    """What is wanted of a business; ``starts_at`` moves it in a plan."""

    what: Literal["change", "move", "pin", "free"] = "change"
    plan: UUID | None = None
    minutes: int = Field(default=60, ge=15, le=480)
    mandatory: bool = False
    excluded: bool = False
    safety_note: Prose | None = Field(default=None, max_length=2000)
    starts_at: Moment | None = None


def asked_plan(plans: list[PlanLine], name: str) -> PlanLine | None:
    """Return the plan that the address names; ``NotFoundError`` for one that is none of the campaign's."""
    said = request.args.get(name, "")
    if not said:
        return None
    found = next((one for one in plans if str(one.id) == said), None)
    if found is None:
        raise NotFoundError("no such plan")
    return found


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
        items, members, plans = items_of(uow, campaign_id), members_asked(uow, campaign_id), plans_of(uow, campaign_id)
        names = authority_names(uow, {campaign.lead_id, *(one.authority_id for one in members)})
        job = last_job(uow, campaign_id)
        work = own_job(uow, job.id) if job else None
        plan = asked_plan(plans, "plan") or next(iter(plans), None)
        view = view_of(uow, campaign, items, plan) if plan else None
        before = asked_plan(plans, "beside") or before_of(plan, plans)
        told = differences_of(campaign, items, before, plan) if plan and before else []
        leads = campaign.lead_id == uow.me
    return page(
        "campaigns/show.html.j2",
        campaign=campaign,
        items=items,
        members=members,
        names=names,
        leads=leads,
        job=job,
        work=work,
        open_job=work is not None and work.open,
        again=AGAIN_AFTER,
        plans=plans,
        plan=plan,
        view=view,
        before=before,
        told=told,
        form=form or new_form({"budget": USUAL_BUDGET}),
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


def show_item(campaign_id: UUID, item_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the dialogue of one business: what is wanted of it, and where the newest plan has it."""
    with unit_of_work(current_viewer()) as uow:
        campaign, item = get_campaign(uow, campaign_id), get_item(uow, campaign_id, item_id)
        plans = plans_of(uow, campaign_id)
        leads = campaign.lead_id == uow.me
    plan = next(iter(plans), None)
    entry = next((one for one in plan.plan["visits"] if one["id"] == str(item_id)), None) if plan else None
    initial = {
        "minutes": item.minutes,
        "mandatory": "true" if item.mandatory else None,
        "excluded": "true" if item.excluded_at else None,
        "safety_note": item.safety_note,
        "starts_at": campaign.moment(entry["start"]) if entry else None,
    }
    return page(
        "campaigns/item.html.j2",
        campaign=campaign,
        item=item,
        plan=plan,
        planned_at=campaign.moment(entry["start"]) if entry else None,
        leads=leads,
        form=form or new_form(initial),
        labels={
            name: t(f"campaigns.item.{name}")
            for name in ("minutes", "mandatory", "excluded", "safety_note", "starts_at")
        },
    )


@blueprint.get(ITEM)
@guarded("planner")
def get_one_item(campaign_id: UUID, listed_id: UUID) -> str:
    """The dialogue."""
    return show_item(campaign_id, listed_id)


@blueprint.post(ITEM)
@guarded("planner")
def post_item(campaign_id: UUID, listed_id: UUID) -> Response:
    """Change what is wanted of a business, move its visit in the newest plan, keep it there, or let it go."""

    def make(uow: UnitOfWork, asked: ItemForm) -> str:
        if asked.what == "move":
            move(uow, campaign_id, listed_id, asked)
        elif asked.what == "change":
            change_item(
                uow,
                ChangeItem(
                    campaign_id,
                    listed_id,
                    asked.minutes,
                    seen_version(),
                    asked.mandatory,
                    asked.excluded,
                    asked.safety_note,
                ),
            )
        else:
            plan = newest(plans_of(uow, campaign_id), asked.plan) if asked.what == "pin" else None
            pin_visit(uow, campaign_id, listed_id, seen_version(), plan)
        return f"/campaigns/{campaign_id}/visits/{listed_id}"

    return answer_form(ItemForm, make, lambda form: show_item(campaign_id, listed_id, form))


def newest(plans: list[PlanLine], plan_id: UUID | None) -> PlanLine:
    """Return the plan that was looked at."""
    found = next((one for one in plans if one.id == plan_id), None)
    if found is None:
        raise NotFoundError("no such plan")
    return found


def move(uow: UnitOfWork, campaign_id: UUID, item_id: UUID, asked: ItemForm) -> None:
    """Move a visit in a plan, with colleagues where its people cannot, and keep it there.

    ``InvalidError`` says in words what stands against it.
    """
    plan = newest(plans_of(uow, campaign_id), asked.plan)
    if asked.starts_at is None:
        raise InvalidError("no time", fields={"starts_at": ["required"]})
    start = minute_of(uow, campaign_id, asked.starts_at)
    found = try_move(problem_of_plan(uow, plan), plan.plan, str(item_id), start)
    if found.clashes:
        raise InvalidError("clashes", fields={"starts_at": clashes_of(uow, campaign_id, found.clashes)})
    moved = move_visit(uow, campaign_id, plan.id, item_id, asked.starts_at)
    pin_visit(uow, campaign_id, item_id, seen_version(), newest(plans_of(uow, campaign_id), moved))


def clashes_of(uow: UnitOfWork, campaign_id: UUID, clashes: Sequence[Violation]) -> list[str]:
    """Return what stands against a move, in words, each once; of people only that somebody cannot."""
    known = {str(one.id): one.business.name for one in items_of(uow, campaign_id)}
    said = [t(f"campaigns.clash.{one.rule}", name=known.get(one.where, "")) for one in clashes]
    return list(dict.fromkeys(said))
