"""Hot spots as JSON: where they are, what happened to them, a new line of their history; under the pledges' scope."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import get_hot_spot, hot_spot_history, list_hot_spots, premises_in_hot_spot
from samsyn.places.rules import HotSpotChange
from samsyn.places.service import (
    AddHotSpot,
    NoteHotSpotEvent,
    add_hot_spot,
    note_hot_spot_event,
    place_in_hot_spot,
    take_out_of_hot_spot,
)
from samsyn.pledges.rules import MOST_TEXT
from samsyn.web.api.pledges import blueprint
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, cut_here
from samsyn.web.parsing import Body, printable
from samsyn.web.shown.pledges import HotSpotDetailOut, HotSpotList, HotSpotOut

__all__ = ["blueprint"]
ONE = "/hot-spots/<uuid:hot_spot_id>"
Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Latitude = Annotated[float, Limits(ge=-90, le=90)]
Longitude = Annotated[float, Limits(ge=-180, le=180)]


class NewHotSpotIn(Body):
    """A new named place with the first line of its history."""

    collaboration_id: UUID
    name: Words
    outline: list[tuple[Latitude, Longitude]] = Limits(min_length=3, max_length=50)
    on_date: date
    text: Words


class EventIn(Body):
    """What happened to it on a day."""

    on_date: date
    change: HotSpotChange
    text: Words


class PlacesIn(Body):
    """Premises of the collaboration's registry."""

    premises_id: list[UUID] = Limits(min_length=1, max_length=500)


class LeaveIn(Body):
    """One that lies there no more."""

    premises_id: UUID


def whole(uow: UnitOfWork, hot_spot_id: UUID) -> HotSpotDetailOut:
    """Return a hot spot; ``NotFoundError`` where it is hidden or absent."""
    one = get_hot_spot(uow, hot_spot_id)
    return HotSpotDetailOut.whole(one, hot_spot_history(uow, hot_spot_id), premises_in_hot_spot(uow, hot_spot_id))


@blueprint.get("/hot-spots")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(HotSpotList)
def get_hot_spots(query: PageQuery) -> Any:
    """Hot spots of the own collaborations, by name, also those that ended."""
    with unit_of_work(current_viewer()) as uow:
        rows = [HotSpotOut.of(one) for one in list_hot_spots(uow)]
    return cut_here(rows, query, lambda one: (one.name, str(one.id)))


@blueprint.get(ONE)
@guarded()
@blueprint.output(HotSpotDetailOut)
def get_one_hot_spot(hot_spot_id: UUID) -> Any:
    """One hot spot: its outline, its history, and the premises in it."""
    with unit_of_work(current_viewer()) as uow:
        return whole(uow, hot_spot_id)


@blueprint.post("/hot-spots")
@guarded("planner")
@blueprint.input(NewHotSpotIn, arg_name="body")
@blueprint.output(HotSpotDetailOut, status_code=201)
def post_hot_spot(body: NewHotSpotIn) -> Response:
    """Follow a new place."""

    def make(uow: UnitOfWork) -> HotSpotDetailOut:
        outline = tuple((latitude, longitude) for latitude, longitude in body.outline)
        key = add_hot_spot(uow, AddHotSpot(body.collaboration_id, body.name, outline, body.on_date, body.text))
        return whole(uow, key)

    return once(make, status=201, location=lambda said: f"/api/v1/hot-spots/{said['id']}")


@blueprint.post(f"{ONE}/events")
@guarded("planner")
@blueprint.input(EventIn, arg_name="body")
@blueprint.output(HotSpotDetailOut, status_code=201)
def post_event(hot_spot_id: UUID, body: EventIn) -> Response:
    """Add a line to its history; it is then followed, or ended, as the line says."""

    def make(uow: UnitOfWork) -> HotSpotDetailOut:
        note_hot_spot_event(uow, NoteHotSpotEvent(hot_spot_id, body.on_date, body.change, body.text))
        return whole(uow, hot_spot_id)

    return once(make, status=201)


@blueprint.post(f"{ONE}/places")
@guarded("planner")
@blueprint.input(PlacesIn, arg_name="body")
@blueprint.output(HotSpotDetailOut)
def post_places(hot_spot_id: UUID, body: PlacesIn) -> Response:
    """Put premises in, also again; what lies in it already stays as it is."""

    def make(uow: UnitOfWork) -> HotSpotDetailOut:
        place_in_hot_spot(uow, hot_spot_id, body.premises_id)
        return whole(uow, hot_spot_id)

    return once(make)


@blueprint.post(f"{ONE}/places/leave")
@guarded("planner")
@blueprint.input(LeaveIn, arg_name="body")
@blueprint.output(HotSpotDetailOut)
def post_leave(hot_spot_id: UUID, body: LeaveIn) -> Response:
    """Take one out, from today; it can be put in again. 404 for one that never lay there."""

    def make(uow: UnitOfWork) -> HotSpotDetailOut:
        take_out_of_hot_spot(uow, hot_spot_id, body.premises_id)
        return whole(uow, hot_spot_id)

    return once(make)
