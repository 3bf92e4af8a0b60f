"""One business of a campaign: what is wanted of it, and where the newest plan has it; moved, fixed, left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries.campaign_seen import as_seen
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    PlanLine,
    get_campaign,
    get_item,
    items_of,
    members_asked,
    plans_of,
)
from samsyn.planning.service.again import plan_again
from samsyn.planning.service.campaigns import ChangeItem, change_item
from samsyn.planning.service.moving import behind, minute_of, move_visit, pin_visit, problem_now, try_move
from samsyn.planning.service.nearby import nearest_starts
from samsyn.planning.verifier.words import Violation
from samsyn.web.forms import Form, answer_form, as_it_stands, beside, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import NoSuchTimeError, from_local, to_local
from samsyn.web.pages.campaign import plan_looked_at
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("campaign_item")
ITEM: Final = "/campaigns/<uuid:campaign_id>/visits/<uuid:listed_id>"
QUARTER: Final = timedelta(minutes=15)
"""Plans are made in quarters."""
AnyForm = Form[Any] | None


class ItemForm(Body):
    """What is wanted of a business; ``starts_at`` moves it in a plan."""

    what: Literal["change", "move", "pin", "free", "again"] = "change"
    plan: UUID | None = None
    minutes: int = Field(default=60, ge=15, le=480)
    mandatory: bool = False
    excluded: bool = False
    excluded_why: Line | None = Field(default=None, max_length=200)
    due_on: date | None = None
    team: Literal["A", "B", "C", "D"] | None = None
    authorities: list[UUID] = Field(default_factory=list, max_length=100)
    safety_note: Prose | None = Field(default=None, max_length=2000)
    starts_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A time that a visit was carried to: what stands against it, in words, and how many people would be others."""

    at: datetime
    clashes: Sequence[str]
    others: int


def trial_of(uow: UnitOfWork, campaign: CampaignCard, item_id: UUID, plan: PlanLine | None) -> Trial | None:
    """Try the ``day`` and ``clock`` of the address, from the next quarter on, in a plan; nothing is kept.

    With ``behind``, another visit of the plan, as soon after that one as the way and the briefing allow. What is no
    time is none.
    """
    if plan is None:
        return None
    then, other = plan.of(campaign), request.args.get("behind", "")
    try:
        at = None if other else quarter_of(request.args.get("day", ""), request.args.get("clock", ""))
        problem = problem_now(uow, campaign.id, plan, item_id)
        start = behind(problem, plan.plan, str(item_id), other) if at is None else minute_of(then, at)
        found = try_move(problem, plan.plan, str(item_id), start)
    except (ValueError, OverflowError, NoSuchTimeError):
        return None
    except NotFoundError:
        return None  # what came to the campaign after the plan
    was = next((one["inspectors"] for one in plan.plan["visits"] if one["id"] == str(item_id)), ())
    others = len(set(found.people) - set(was)) if was else 0
    return Trial(then.moment(start), clashes_of(uow, campaign.id, found.clashes), others)


def quarter_of(day: str, clock: str) -> datetime:
    """Return the first quarter from a day's time on, as they stand in an address or a form."""
    at = from_local(date.fromisoformat(day[:10]), time.fromisoformat(clock[:10]))
    at += -timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % QUARTER
    to_local(at)  # the last quarter of all time is rounded to none
    return at


def instead_of(
    uow: UnitOfWork, campaign: CampaignCard, item_id: UUID, plan: PlanLine | None, trial: Trial | None, form: AnyForm
) -> list[datetime]:
    """Return the times nearest to one that something stands against, at which nothing does; none where nobody asked."""
    clashing = trial is not None and trial.clashes
    at = trial.at if trial is not None and clashing else refused_at(form)
    if plan is None or at is None:
        return []
    then, problem = plan.of(campaign), problem_now(uow, campaign.id, plan, item_id)
    return [then.moment(one) for one in nearest_starts(problem, plan.plan, str(item_id), minute_of(then, at))]


def refused_at(form: AnyForm) -> datetime | None:
    """Return the time that a move was refused at."""
    if form is None or form.text("what") != "move" or not form.fault("starts_at"):
        return None
    try:
        return quarter_of(form.text("starts_at_date"), form.text("starts_at_time"))
    except (ValueError, OverflowError, NoSuchTimeError):
        return None


def show_item(campaign_id: UUID, item_id: UUID, form: AnyForm = None) -> str:
    """Render the dialogue of one business: what is wanted of it, and where a plan has it.

    It is the newest plan, or the one that the address names.
    """
    with unit_of_work(current_viewer()) as uow:
        campaign = get_campaign(uow, campaign_id)
        [item] = as_seen(uow, campaign, [get_item(uow, campaign_id, item_id)])
        plans = plans_of(uow, campaign_id)
        members = members_asked(uow, campaign_id)
        names = authority_names(uow, {one.authority_id for one in members})
        leads = campaign.lead_id == uow.me
        plan = plan_looked_at(plans, form)
        trial = trial_of(uow, campaign, item_id, plan) if leads and form is None else None
        instead = instead_of(uow, campaign, item_id, plan, trial, form) if leads else []
    entry = next((one for one in plan.plan["visits"] if one["id"] == str(item_id)), None) if plan else None
    planned_at = plan.of(campaign).moment(entry["start"]) if plan and entry else None
    initial = {
        "minutes": item.minutes,
        "mandatory": "true" if item.mandatory else None,
        "excluded": "true" if item.excluded_at else None,
        "safety_note": item.safety_note,
        "excluded_why": item.excluded_why,
        "due_on": item.due_on,
        "team": item.team,
        "authorities": item.authorities,
        "starts_at": trial.at if trial else planned_at,
    }
    wanted = form is not None and form.text("what") == "change"
    return page(
        "campaigns/item.html.j2",
        campaign=campaign,
        item=item,
        plan=plan,
        planned_at=planned_at,
        trial=trial,
        instead=[(one, to_local(one)) for one in instead],
        members=[(str(one.authority_id), names.get(one.authority_id, "–")) for one in members],
        teams=[(one, t("campaigns.team", name=one)) for one in sorted(campaign.teams)],
        leads=leads,
        form=as_it_stands(form, initial) if wanted else beside(form, initial),
        moving=new_form(initial) if wanted or form is None or form.text("what") != "move" else form,
        labels={
            name: t(f"campaigns.item.{name}")
            for name in (
                *("minutes", "mandatory", "excluded", "excluded_why", "due_on", "team", "authorities"),
                *("safety_note", "starts_at"),
            )
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
    """Change what is wanted of a business; move its visit in the newest plan, fix it, let it go, or plan it again."""

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
                    asked.excluded_why,
                    asked.due_on,
                    asked.team,
                    tuple(asked.authorities) if len(members_asked(uow, campaign_id)) > 1 else None,
                ),
            )
        elif asked.what == "again":
            plan_again(uow, campaign_id, listed_id, seen_version())
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
    start = minute_of(plan.of(get_campaign(uow, campaign_id)), asked.starts_at)
    found = try_move(problem_now(uow, campaign_id, plan, item_id), plan.plan, str(item_id), start)
    if found.clashes:
        raise InvalidError("clashes", fields={"starts_at": clashes_of(uow, campaign_id, found.clashes)})
    moved = move_visit(uow, campaign_id, plan.id, item_id, asked.starts_at)
    pin_visit(uow, campaign_id, item_id, seen_version(), newest(plans_of(uow, campaign_id), moved))


def clashes_of(uow: UnitOfWork, campaign_id: UUID, clashes: Sequence[Violation]) -> list[str]:
    """Return what stands against a move, in words, each once; of people only that somebody cannot."""
    known = {str(one.id): one.business.name for one in items_of(uow, campaign_id)}
    said = [t(f"campaigns.clash.{one.rule}", name=known.get(one.where, "")) for one in clashes]
    return list(dict.fromkeys(said))
