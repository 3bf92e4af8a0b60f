"""Campaigns: the list, and a new one of businesses that were chosen among the candidates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import AuthorityLine, authority_names, members_of, my_collaborations
from samsyn.businesses.queries import BusinessCard, businesses_by_id
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.iso_week import Week
from samsyn.planning.queries.campaigns import MOST_ITEMS, MeetingPlace, list_campaigns
from samsyn.planning.service.campaigns import AskMember, MakeCampaign, make_campaign
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import day_of
from samsyn.web.pages.candidates import CandidateQuery, read_candidates
from samsyn.web.pages.opening import moment
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("campaigns")
MOST_PEOPLE: Final = 4
AHEAD: Final = timedelta(weeks=2)
PLACE_PARTS: Final = 3


class CampaignForm(Body):
    """A campaign; ``asks``: an authority and how many people of it, as ``<id>:<number>``; empty ones ask nobody."""

    collaboration_id: UUID
    name: Line = Field(max_length=100)
    first_on: date
    last_on: date
    opens: Line = Field(max_length=5)
    closes: Line = Field(max_length=5)
    weekends: bool = False
    meeting_places: Prose = Field(max_length=1000)
    minutes: int = Field(default=60, ge=15, le=480)
    briefing: int = Field(default=15, ge=0, le=120)
    per_shift: int = Field(default=4, ge=1, le=20)
    asks: list[Line] = Field(max_length=100)
    business: list[UUID] = Field(max_length=MOST_ITEMS)

    def command(self) -> MakeCampaign:
        """Return what is asked for; ``InvalidError`` names the field that cannot be read."""
        return MakeCampaign(
            collaboration_id=self.collaboration_id,
            name=self.name,
            first_on=self.first_on,
            days=(self.last_on - self.first_on).days + 1,
            opens=clock_of("opens", self.opens),
            closes=clock_of("closes", self.closes),
            weekends=self.weekends,
            meeting_places=tuple(place_of(line) for line in self.meeting_places.splitlines() if line.strip()),
            members=tuple(member_of(one) for one in self.asks),
            business_ids=tuple(dict.fromkeys(self.business)),
            minutes=self.minutes,
            briefing=self.briefing,
            per_shift=self.per_shift,
        )


def clock_of(field: str, typed: str) -> int:
    """Return minutes after midnight; midnight at the end is 24:00."""
    hours, _, minutes = typed.replace(".", ":").partition(":")
    try:
        return moment(hours, minutes or None)
    except ValueError:
        raise InvalidError("no time", fields={field: ["no such hour"]}) from None


def place_of(line: str) -> MeetingPlace:
    """Return a meeting place: its name, or its name, latitude and longitude with semicolons between."""
    parts = [one.strip() for one in line.split(";")]
    try:
        if len(parts) == PLACE_PARTS:
            latitude, longitude = (float(one.replace(",", ".")) for one in parts[1:])
            if parts[0] and abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004  degrees
                return MeetingPlace(parts[0][:200], latitude, longitude)
        elif len(parts) == 1:
            return MeetingPlace(parts[0][:200])
    except ValueError:
        pass
    raise InvalidError("no place", fields={"meeting_places": ["no such place"]})


def member_of(said: str) -> AskMember:
    """Return whom to ask for how many people."""
    who, _, people = said.partition(":")
    try:
        return AskMember(UUID(who), min(max(int(people or "1"), 1), MOST_PEOPLE))
    except ValueError:
        raise InvalidError("no such authority", fields={"asks": ["unknown"]}) from None


@blueprint.get("/campaigns")
@guarded("planner")
def get_campaigns() -> str:
    """The campaigns that the own authority leads or takes part in, the latest first."""
    with unit_of_work(current_viewer()) as uow:
        rows = list_campaigns(uow)
        names = authority_names(uow, {one.lead_id for one, _ in rows})
        me = uow.me
    return page("campaigns/list.html.j2", rows=rows, names=names, me=me)


def chosen_now(uow: UnitOfWork) -> list[BusinessCard]:
    """Return the businesses that the address names, or with ``all`` those that its filter finds."""
    if request.args.get("all"):
        said = {name: request.args.get(name, "") for name in ("begins_with", "trade", "hot_spot", "last", "order")}
        query = CandidateQuery.model_validate({name: value for name, value in said.items() if value})
        ids = [one.facts.id for one in read_candidates(uow, query, Seek(MOST_ITEMS)).page.items]
    else:
        ids = keys_of(request.form.getlist("business") or request.args.getlist("business"))
    known = businesses_by_id(uow, set(ids))
    return [known[one] for one in ids if one in known]


def keys_of(typed: list[str]) -> list[UUID]:
    """Return the keys among what was typed, each once."""
    found: dict[UUID, None] = {}
    for one in typed[:MOST_ITEMS]:
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form, with the businesses that were chosen."""
    with unit_of_work(current_viewer()) as uow:
        collaborations = my_collaborations(uow)
        businesses = chosen_now(uow)
        home = businesses[0].collaboration_id if businesses else (collaborations[0].id if collaborations else None)
        members: list[AuthorityLine] = members_of(uow, home) if home else []
        first_on = Week.of(day_of(uow.now) + AHEAD).monday
        me = uow.me
    people = [
        (n, t("campaigns.people_one") if n == 1 else t("campaigns.people", n=n)) for n in range(1, MOST_PEOPLE + 1)
    ]
    initial = {
        "collaboration_id": home,
        "first_on": first_on,
        "last_on": first_on + timedelta(days=11),
        "opens": "16:00",
        "closes": "22:00",
        "minutes": 60,
        "briefing": 15,
        "per_shift": 4,
        "asks": [f"{me}:1"],
        "business": [one.id for one in businesses],
    }
    names = ("name", "first_on", "last_on", "opens", "closes", "weekends", "meeting_places", "minutes", "briefing")
    labels = {name: t(f"campaigns.field.{name}") for name in (*names, "per_shift", "asks", "business")}
    return page(
        "campaigns/new.html.j2",
        form=form or new_form(initial),
        labels=labels | {"meeting_place": labels["meeting_places"]},
        businesses=businesses,
        members=members,
        people=people,
        collaborations=[(str(one.id), one.name) for one in collaborations],
    )


@blueprint.get("/campaigns/new")
@guarded("planner")
def get_new() -> str:
    """The form: each ``business`` of the address is in it, or with ``all`` what its filter finds."""
    return show_new()


@blueprint.post("/campaigns/new")
@guarded("planner")
def post_new() -> Response:
    """Make a campaign and go to it."""

    def make(uow: UnitOfWork, asked: CampaignForm) -> str:
        return f"/campaigns/{make_campaign(uow, asked.command())}"

    return answer_form(CampaignForm, make, show_new)
