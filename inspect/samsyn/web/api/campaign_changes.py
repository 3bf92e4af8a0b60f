"""Campaigns written as JSON: made, changed, taken back, planned by hand, compared and published, as on the pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.planning.campaigns.differences import differences
from samsyn.planning.queries.campaigns import MOST_ITEMS, MeetingPlace, get_campaign, items_of
from samsyn.planning.service.campaign_changes import EditCampaign, add_businesses, edit_campaign, undo_change
from samsyn.planning.service.campaigns import (
    DAY,
    LONGEST_VISIT,
    MOST_LOAD_DAYS,
    SHORTEST_VISIT,
    AskMember,
    ChangeItem,
    MakeCampaign,
    change_item,
    make_campaign,
)
from samsyn.planning.service.moving import minute_of, move_visit, pin_visit, problem_now, try_move
from samsyn.planning.service.plans import get_plan
from samsyn.web.api.campaigns import ONE, blueprint, detail, one_item
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.shown.campaign_changes import PARTS, ChangedOut, ComparedOut, MovedOut, PublishedOut
from samsyn.web.shown.campaigns import CampaignDetailOut, ItemOut

__all__ = ["blueprint"]
MOST_PEOPLE: Final = 4
MOST_VEHICLES: Final = 6
ITEM: Final = f"{ONE}/items/<uuid:listed_id>"
PLAN: Final = f"{ONE}/plans/<uuid:result_id>"


class PlaceIn(Body):
    """Where people meet; both of latitude and longitude, or neither."""

    name: Line
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    def place(self) -> MeetingPlace:
        """Return it; half a place on the map is none."""
        whole = self.latitude is not None and self.longitude is not None
        return MeetingPlace(self.name, self.latitude, self.longitude) if whole else MeetingPlace(self.name)


class MemberIn(Body):
    """An authority that is asked: how many people at a visit, visits at a time, whose people, with which competence."""

    authority_id: UUID
    people: int = Field(default=1, ge=1, le=MOST_PEOPLE)
    vehicles: int | None = Field(default=None, ge=1, le=MOST_VEHICLES)
    unit_ids: list[UUID] = Field(default_factory=list, max_length=100)
    competence: Line | None = None


class CampaignIn(Body):
    """What a campaign is to be; ``opens`` and ``closes`` are minutes after midnight, ``teams`` own people by letter."""

    name: Line = Field(max_length=100)
    first_on: date
    last_on: date
    opens: int = Field(ge=0, le=DAY)
    closes: int = Field(ge=0, le=DAY)
    weekends: bool = False
    meeting_places: list[PlaceIn] = Field(min_length=1, max_length=20)
    members: list[MemberIn] = Field(min_length=1, max_length=100)
    briefing: int = Field(default=15, ge=0, le=120)
    per_shift: int = Field(default=4, ge=1, le=20)
    load_days: int = Field(default=0, ge=0, le=MOST_LOAD_DAYS)
    teams: dict[Literal["A", "B", "C", "D"], list[UUID]] = Field(default_factory=dict)

    def command(self, collaboration_id: UUID, business_ids: tuple[UUID, ...], minutes: int) -> MakeCampaign:
        """Return what is asked for."""
        return MakeCampaign(
            collaboration_id=collaboration_id,
            name=self.name,
            first_on=self.first_on,
            days=(self.last_on - self.first_on).days + 1,
            opens=self.opens,
            closes=self.closes,
            meeting_places=tuple(one.place() for one in self.meeting_places),
            members=tuple(
                AskMember(one.authority_id, one.people, one.vehicles, tuple(one.unit_ids), one.competence)
                for one in self.members
            ),
            business_ids=business_ids,
            weekends=self.weekends,
            minutes=minutes,
            briefing=self.briefing,
            per_shift=self.per_shift,
            load_days=self.load_days,
            teams={name: tuple(people) for name, people in self.teams.items()},
        )


class BusinessesIn(Body):
    """Where it goes too, and how long each visit is."""

    business_ids: list[UUID] = Field(min_length=1, max_length=MOST_ITEMS)
    minutes: int = Field(default=60, ge=SHORTEST_VISIT, le=LONGEST_VISIT)


class NewCampaignIn(CampaignIn, BusinessesIn):
    """A new campaign goes somewhere."""

    collaboration_id: UUID


class ItemIn(Body):
    """What is wanted of one business; ``excluded_why`` where the next plan is to leave it out."""

    minutes: int = Field(default=60, ge=SHORTEST_VISIT, le=LONGEST_VISIT)
    mandatory: bool = False
    excluded_why: Line | None = None
    due_on: date | None = None
    team: Literal["A", "B", "C", "D"] | None = None
    authorities: tuple[UUID, ...] | None = Field(default=None, max_length=100)
    safety_note: Prose | None = Field(default=None, max_length=2000)


class MoveIn(Body):
    """To when a visit of a plan is moved."""

    plan_id: UUID
    starts_at: Moment


class PinIn(Body):
    """As which plan a visit has to stay; as none, it is free again."""

    plan_id: UUID | None = None


class BesideQuery(Body):
    """Which other plan of the campaign; the one that it was made from where none is named."""

    beside: UUID | None = None


class PublishIn(Body):
    """Which visits of a plan become operations."""

    item_ids: list[UUID] = Field(min_length=1, max_length=MOST_ITEMS)


@blueprint.post("/campaigns")
@guarded("planner")
@blueprint.input(NewCampaignIn, arg_name="body")
@blueprint.output(CampaignDetailOut, status_code=201)
def post_campaign(body: NewCampaignIn) -> Response:
    """Make a campaign that the own authority leads."""

    def make(uow: UnitOfWork) -> CampaignDetailOut:
        businesses = tuple(dict.fromkeys(body.business_ids))
        return detail(uow, make_campaign(uow, body.command(body.collaboration_id, businesses, body.minutes)))

    return once(make, status=201, location=lambda said: f"/api/v1/campaigns/{said['id']}")


@blueprint.put(ONE)
@guarded("planner")
@blueprint.input(CampaignIn, arg_name="body")
@blueprint.output(CampaignDetailOut)
def put_campaign(campaign_id: UUID, body: CampaignIn) -> Response:
    """Change a campaign whose version was seen (``If-Match``); plans stay, and say that they are stale."""

    def make(uow: UnitOfWork) -> CampaignDetailOut:
        home = get_campaign(uow, campaign_id).collaboration_id
        edit_campaign(uow, EditCampaign(campaign_id, seen_version(), body.command(home, (), SHORTEST_VISIT)))
        return detail(uow, campaign_id)

    return once(make, standing=lambda uow: detail(uow, campaign_id))


@blueprint.post(f"{ONE}/businesses")
@guarded("planner")
@blueprint.input(BusinessesIn, arg_name="body")
@blueprint.output(CampaignDetailOut)
def post_businesses(campaign_id: UUID, body: BusinessesIn) -> Response:
    """Let it go to further businesses too; one that was left out is wanted again."""

    def make(uow: UnitOfWork) -> CampaignDetailOut:
        add_businesses(uow, campaign_id, body.business_ids, body.minutes)
        return detail(uow, campaign_id)

    return once(make)


@blueprint.post(f"{ONE}/undo")
@guarded("planner")
@blueprint.output(CampaignDetailOut)
def post_undo(campaign_id: UUID) -> Response:
    """Take the last change of a campaign or of one of its businesses back (``If-Match``); once more brings it again."""

    def make(uow: UnitOfWork) -> CampaignDetailOut:
        undo_change(uow, campaign_id, seen_version())
        return detail(uow, campaign_id)

    return once(make, standing=lambda uow: detail(uow, campaign_id))


@blueprint.put(ITEM)
@guarded("planner")
@blueprint.input(ItemIn, arg_name="body")
@blueprint.output(ItemOut)
def put_item(campaign_id: UUID, listed_id: UUID, body: ItemIn) -> Response:
    """Change what is wanted of a business whose version was seen (``If-Match``), before it is published."""

    def make(uow: UnitOfWork) -> ItemOut:
        said: dict[str, Any] = body.model_dump() | {"excluded": body.excluded_why is not None}
        change_item(uow, ChangeItem(campaign_id=campaign_id, item_id=listed_id, seen_version=seen_version(), **said))
        return one_item(uow, campaign_id, listed_id)

    return once(make, standing=lambda uow: one_item(uow, campaign_id, listed_id))


@blueprint.post(f"{ITEM}/move")
@guarded("planner")
@blueprint.input(MoveIn, arg_name="body")
@blueprint.output(MovedOut)
def post_move(campaign_id: UUID, listed_id: UUID, body: MoveIn) -> Response:
    """Move a visit in a plan and keep it there (``If-Match``: the business's version): a new plan comes of it.

    A conflict names the rules that stand against it (PLANNER, H1-H9).
    """

    def make(uow: UnitOfWork) -> MovedOut:
        plan = get_plan(uow, campaign_id, body.plan_id)
        start = minute_of(plan.of(get_campaign(uow, campaign_id)), body.starts_at)
        problem = problem_now(uow, campaign_id, plan, listed_id)
        if str(listed_id) not in {one["id"] for one in problem["visits"]}:
            raise ConflictError("the plan was made without it", fields={"plan_id": ["the plan was made without it"]})
        found = try_move(problem, plan.plan, str(listed_id), start)
        if against := sorted({one.rule for one in found.clashes}):
            raise ConflictError("something stands against it", fields={"starts_at": against})
        moved = move_visit(uow, campaign_id, plan.id, listed_id, body.starts_at)
        pin_visit(uow, campaign_id, listed_id, seen_version(), get_plan(uow, campaign_id, moved))
        return MovedOut.of(one_item(uow, campaign_id, listed_id), moved)

    return once(make, standing=lambda uow: one_item(uow, campaign_id, listed_id))


@blueprint.post(f"{ITEM}/pin")
@guarded("planner")
@blueprint.input(PinIn, arg_name="body")
@blueprint.output(ItemOut)
def post_pin(campaign_id: UUID, listed_id: UUID, body: PinIn) -> Response:
    """Keep a visit as a plan has it in every later plan, or let it go (``If-Match``: the business's version)."""

    def make(uow: UnitOfWork) -> ItemOut:
        plan = get_plan(uow, campaign_id, body.plan_id) if body.plan_id else None
        pin_visit(uow, campaign_id, listed_id, seen_version(), plan)
        return one_item(uow, campaign_id, listed_id)

    return once(make, standing=lambda uow: one_item(uow, campaign_id, listed_id))


@blueprint.get(f"{PLAN}/changes")
@guarded("planner")
@blueprint.input(BesideQuery, location="query", arg_name="query")
@blueprint.output(ComparedOut)
def get_changes(campaign_id: UUID, result_id: UUID, query: BesideQuery) -> Any:
    """What a plan does otherwise than another one, by time; nothing of what jäv closes to the caller."""
    with unit_of_work(current_viewer()) as uow:
        campaign = get_campaign(uow, campaign_id)
        plan = get_plan(uow, campaign_id, result_id)
        other = get_plan(uow, campaign_id, query.beside or plan.baseline_id or plan.id)
        known = {str(one.id) for one in items_of(uow, campaign_id)}
    now = plan.of(campaign)
    apart = int((other.of(campaign).grid.begins_at - now.grid.begins_at) / timedelta(minutes=1))
    before = {**other.plan, "visits": [{**one, "start": one["start"] + apart} for one in other.plan["visits"]]}
    changes = [ChangedOut.of(now, one) for one in differences(before, plan.plan) if one.visit in known]
    parts = [{name: one.parts.get(name, 0) for name in PARTS} for one in (plan, other)]
    return ComparedOut(plan_id=plan.id, other_id=other.id, changes=changes, parts=parts[0], other_parts=parts[1])


@blueprint.post(f"{PLAN}/publish")
@guarded("planner")
@blueprint.input(PublishIn, arg_name="body")
@blueprint.output(PublishedOut, status_code=201)
def post_publish(campaign_id: UUID, result_id: UUID, body: PublishIn) -> Response:
    """Let visits of a plan become operations whose people are asked; all of them, or none."""

    def make(uow: UnitOfWork) -> PublishedOut:
        return PublishedOut(operation_ids=publish_plan(uow, PublishPlan(campaign_id, result_id, tuple(body.item_ids))))

    return once(make, status=201)
