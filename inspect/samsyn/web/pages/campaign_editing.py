"""Change a campaign: its days and whom it asks, further businesses, and the way back from the last change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response
from pydantic import Field, ValidationError

from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries.campaigns import CampaignCard, MemberLine, get_campaign, items_of, members_asked
from samsyn.planning.service.campaign_changes import EditCampaign, add_businesses, edit_campaign, undo_change
from samsyn.web.forms import Form, answer_form, as_it_stands, beside, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import Cursor
from samsyn.web.pages.campaign_form import MOST_VEHICLES, TEAMS, CampaignForm, askings, labels_of, people_options
from samsyn.web.pages.candidates import CandidateQuery, Words, read_candidates, words_of
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("campaign_editing")
CAMPAIGN: Final = "/campaigns/<uuid:campaign_id>"
MOST_ADDED: Final = 100


class AddForm(Body):
    """Which businesses come to it; ``begins_with`` is what was looked for."""

    business: list[UUID] = Field(default_factory=list, max_length=MOST_ADDED)
    minutes: int = Field(default=60, ge=15, le=480)
    begins_with: Words = ""
    cursor: Cursor | None = None


def looked_for(form: Form[Any]) -> CandidateQuery:
    """Return the search that a form came back from; the first page of all where that cannot be read."""
    said = {name: form.text(name) for name in ("begins_with", "cursor") if form.text(name)}
    try:
        return CandidateQuery.model_validate(said)
    except ValidationError:
        return CandidateQuery()


def led(uow: UnitOfWork, campaign_id: UUID) -> CampaignCard:
    """Return a campaign that the viewer's authority leads; ``NotAllowedError`` for one of others."""
    campaign = get_campaign(uow, campaign_id)
    if campaign.lead_id != uow.me:
        raise NotAllowedError("only the lead authority changes a campaign")
    return campaign


def clock(minutes: int) -> str:
    """Return minutes after midnight as they are typed."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def typed_of(campaign: CampaignCard, members: list[MemberLine]) -> dict[str, object]:
    """Return a campaign as its form would have it typed."""
    places = [
        one.name if one.latitude is None else f"{one.name}; {one.latitude}; {one.longitude}"
        for one in campaign.meeting_places
    ]
    return {
        "collaboration_id": campaign.collaboration_id,
        "name": campaign.name,
        "first_on": campaign.first_on,
        "last_on": campaign.last_on,
        "opens": clock(campaign.opens),
        "closes": clock(campaign.closes),
        "weekends": "true" if campaign.weekends else None,
        "meeting_places": "\n".join(places),
        "briefing": campaign.briefing,
        "per_shift": campaign.per_shift,
        "load_days": campaign.load_days,
        "asks": [f"{one.authority_id}:{one.people}" for one in members],
        "vehicles": [f"{one.authority_id}:{one.vehicles}" for one in members if one.vehicles],
        "units": [f"{one.authority_id}:{unit}" for one in members for unit in one.unit_ids],
        "able": [f"{one.authority_id}:{one.competence}" for one in members if one.competence],
        "teams": [f"{who}:{team}" for team, people in campaign.teams.items() for who in people],
    }


def show_edit(
    campaign_id: UUID,
    form: Form[Any] | None = None,
    with_: Callable[[Form[Any] | None, Mapping[str, object]], Form[Any]] = as_it_stands,
) -> str:
    """Render the form; ``with_`` says what of one that came back is shown in it."""
    with unit_of_work(current_viewer()) as uow:
        campaign = led(uow, campaign_id)
        members, colleagues = askings(uow, campaign.collaboration_id)
        asked = members_asked(uow, campaign_id)
    return page(
        "campaigns/edit.html.j2",
        campaign=campaign,
        form=with_(form, typed_of(campaign, asked)),
        labels=labels_of(),
        members=members,
        colleagues=colleagues,
        teams=TEAMS,
        people=people_options(),
        most_vehicles=MOST_VEHICLES,
    )


@blueprint.get(f"{CAMPAIGN}/edit")
@guarded("planner")
def get_edit(campaign_id: UUID) -> str:
    """The form, for a planner of the lead."""
    return show_edit(campaign_id)


@blueprint.post(f"{CAMPAIGN}/edit")
@guarded("planner")
def post_edit(campaign_id: UUID) -> Response:
    """Change the campaign; its page then says that the plan is of what it was."""

    def make(uow: UnitOfWork, asked: CampaignForm) -> str:
        edit_campaign(uow, EditCampaign(campaign_id, seen_version(), asked.command()))
        return f"/campaigns/{campaign_id}"

    return answer_form(CampaignForm, make, lambda form: show_edit(campaign_id, form))


@blueprint.post(f"{CAMPAIGN}/undo")
@guarded("planner")
def post_undo(campaign_id: UUID) -> Response:
    """Take the last change back."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        undo_change(uow, campaign_id, seen_version())
        return f"/campaigns/{campaign_id}"

    return answer_form(Nothing, make, lambda form: show_edit(campaign_id, form, beside))


def show_businesses(campaign_id: UUID, query: CandidateQuery, form: Form[Any] | None = None) -> str:
    """Render what may be added: candidates that it does not go to, those that most speaks for first."""
    with unit_of_work(current_viewer()) as uow:
        campaign = led(uow, campaign_id)
        there = {one.business.id for one in items_of(uow, campaign_id) if one.excluded_at is None}
        found = read_candidates(uow, query, query.seek(1)).page
        rows = [one for one in found.items if one.facts.id not in there]
        while not rows and found.next_cursor:
            query = query.model_copy(update={"cursor": found.next_cursor})
            found = read_candidates(uow, query, query.seek(1)).page
            rows = [one for one in found.items if one.facts.id not in there]
    return page(
        "campaigns/businesses.html.j2",
        campaign=campaign,
        rows=rows,
        next_cursor=found.next_cursor,
        begins_with=query.begins_with,
        cursor=query.cursor or "",
        words_of=words_of,
        form=form or new_form({"minutes": 60}),
        labels={"business": t("campaigns.businesses"), "minutes": t("campaigns.field.minutes")},
    )


@blueprint.get(f"{CAMPAIGN}/businesses")
@guarded("planner")
@blueprint.input(CandidateQuery, location="query", arg_name="query")
def get_businesses(campaign_id: UUID, query: CandidateQuery) -> str:
    """What may be added to the campaign."""
    return show_businesses(campaign_id, query)


@blueprint.post(f"{CAMPAIGN}/businesses")
@guarded("planner")
def post_businesses(campaign_id: UUID) -> Response:
    """Let the campaign go to further businesses."""

    def make(uow: UnitOfWork, asked: AddForm) -> str:
        add_businesses(uow, campaign_id, asked.business, asked.minutes)
        return f"/campaigns/{campaign_id}"

    return answer_form(AddForm, make, lambda form: show_businesses(campaign_id, looked_for(form), form))
