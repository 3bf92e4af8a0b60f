"""Campaigns: the list, and a new one of businesses that were chosen among the candidates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import authority_names, my_collaborations
from samsyn.businesses.queries import BusinessCard, businesses_by_id
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.campaigns import MOST_ITEMS, list_campaigns
from samsyn.planning.service.campaigns import make_campaign
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.campaign_form import MOST_VEHICLES, TEAMS, CampaignForm, askings, labels_of, people_options
from samsyn.web.pages.candidates import CandidateQuery, read_candidates
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("campaigns")
AHEAD: Final = timedelta(weeks=2)


class NewForm(CampaignForm):
    """A new campaign goes somewhere."""

    business: list[UUID] = Field(max_length=MOST_ITEMS)


@blueprint.get("/campaigns")
@guarded("planner")
def get_campaigns() -> str:
    """The campaigns that the own authority leads or takes part in, the latest first."""
    with unit_of_work(current_viewer()) as uow:
        rows = list_campaigns(uow)
        names = authority_names(uow, {one.lead_id for one, _ in rows})
        me = uow.me
    return page("campaigns/list.html.j2", rows=rows, names=names, me=me)


class NewQuery(CandidateQuery):
    """Which businesses: each ``business`` of the address, or with ``all`` what its filter finds."""

    all: Literal["", "1"] = ""


def chosen_now(uow: UnitOfWork, query: NewQuery | None) -> tuple[list[BusinessCard], int]:
    """Return the businesses that the form or the address names, or what its filter finds, and how many too many.

    A campaign goes to the first ``MOST_ITEMS``.
    """
    if query and query.all:
        found = read_candidates(uow, query, Seek(MOST_ITEMS))
        ids, named = [one.facts.id for one in found.page.items], found.total
    else:
        typed = request.form.getlist("business") or request.args.getlist("business")
        ids, named = keys_of(typed), len(typed)
    known = businesses_by_id(uow, set(ids))
    return [known[one] for one in ids if one in known], max(0, named - MOST_ITEMS)


def keys_of(typed: list[str]) -> list[UUID]:
    """Return the keys among what was typed, each once."""
    found: dict[UUID, None] = {}
    for one in typed[:MOST_ITEMS]:
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


def show_new(form: Form[Any] | None = None, query: NewQuery | None = None) -> str:
    """Render the form, with the businesses that were chosen."""
    with unit_of_work(current_viewer()) as uow:
        collaborations = my_collaborations(uow)
        businesses, dropped = chosen_now(uow, query)
        home = businesses[0].collaboration_id if businesses else (collaborations[0].id if collaborations else None)
        members, colleagues = askings(uow, home)
        first_on = Week.of(uow.today + AHEAD).monday
        me = uow.me
    initial = {
        "collaboration_id": home,
        "first_on": first_on,
        "last_on": first_on + timedelta(days=11),
        "opens": "16:00",
        "closes": "22:00",
        "minutes": 60,
        "briefing": 15,
        "per_shift": 4,
        "load_days": 0,
        "asks": [f"{me}:1"],
        "business": [one.id for one in businesses],
    }
    return page(
        "campaigns/new.html.j2",
        form=form or new_form(initial),
        labels=labels_of(),
        businesses=businesses,
        dropped=dropped,
        most=MOST_ITEMS,
        members=members,
        colleagues=colleagues,
        teams=TEAMS,
        people=people_options(),
        most_vehicles=MOST_VEHICLES,
        collaborations=[(str(one.id), one.name) for one in collaborations],
    )


@blueprint.get("/campaigns/new")
@guarded("planner")
@blueprint.input(NewQuery, location="query", arg_name="query")
def get_new(query: NewQuery) -> str:
    """The form: each ``business`` of the address is in it, or with ``all`` what its filter finds."""
    return show_new(query=query)


@blueprint.post("/campaigns/new")
@guarded("planner")
def post_new() -> Response:
    """Make a campaign and go to it."""

    def make(uow: UnitOfWork, asked: NewForm) -> str:
        return f"/campaigns/{make_campaign(uow, asked.command())}"

    return answer_form(NewForm, make, show_new)
