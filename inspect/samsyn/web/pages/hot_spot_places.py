"""Which businesses lie in a hot spot: chosen of its collaboration's registry, taken out and put in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.businesses.queries import BusinessCard, BusinessFilter, list_businesses
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import get_hot_spot
from samsyn.places.queries.hot_spots import premises_ever_in
from samsyn.places.rules import Point, box_around, lies_in
from samsyn.places.service import place_in_hot_spot, take_out_of_hot_spot
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.hot_spots import MOST
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("hot_spot_places")
SHOWN: Final = 50
"""So many of what is searched for stand on the page."""
MOST_SEARCHED: Final = 100


class PlacesForm(Body):
    """What is put in."""

    premises_id: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class LeaveForm(Body):
    """What is taken out."""

    premises_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """A premises with who is there."""

    premises_id: UUID
    name: str
    address: str
    operators: tuple[str, ...]


def places_of(found: Iterable[BusinessCard]) -> dict[UUID, Place]:
    """Return the places of businesses, each once, in their order."""
    places: dict[UUID, Place] = {}
    for one in found:
        before = places[one.premises_id].operators if one.premises_id in places else ()
        places[one.premises_id] = Place(one.premises_id, one.name, one.address, (*before, one.operator))
    return places


def inside_of(outline: Sequence[Point], one: BusinessCard) -> bool:
    """Say whether a business is known to lie in an outline."""
    return one.latitude is not None and one.longitude is not None and lies_in(outline, (one.latitude, one.longitude))


def show(hot_spot_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what lies in a hot spot, what its outline holds beside that, and what of the registry is searched for."""
    begins_with = request.args.get("begins_with", "")[:MOST_SEARCHED]
    with unit_of_work(current_viewer()) as uow:
        spot = get_hot_spot(uow, hot_spot_id)
        ever = premises_ever_in(uow, hot_spot_id)

        def read(limit: int, wanted: BusinessFilter) -> Sequence[BusinessCard]:
            return list_businesses(uow, Seek(limit), collaboration_id=spot.collaboration_id, wanted=wanted).items

        known = places_of(read(MOST, BusinessFilter(premises=frozenset(ever))))
        box = box_around(spot.outline) if spot.outline else None
        boxed = read(MOST, BusinessFilter(running=True, day=uow.today, box=box)) if box else []
        near = places_of(one for one in boxed if inside_of(spot.outline, one))
        beside = SHOWN + len(known) + len(near)
        searched = places_of(read(beside, BusinessFilter(begins_with, running=True, day=uow.today)))
    inside = [one for key, one in near.items() if key not in ever]
    others = [one for key, one in searched.items() if key not in ever and key not in near]
    return page(
        "hot-spots/places.html.j2",
        spot=spot,
        within=[one for key, one in known.items() if ever[key] is None],
        left=[(one, ever[key]) for key, one in known.items() if ever[key] is not None],
        inside=inside,
        others=others[:SHOWN],
        more=len(others) >= SHOWN,
        most=SHOWN,
        begins_with=begins_with,
        search=new_form({"begins_with": begins_with}),
        form=form or new_form(),
        labels={"premises_id": t("hot_spots.field.premises_id")},
    )


@blueprint.get("/hot-spots/<uuid:hot_spot_id>/places")
@guarded("planner")
def get_places(hot_spot_id: UUID) -> str:
    """The places of a hot spot, to be chosen."""
    return show(hot_spot_id)


@blueprint.post("/hot-spots/<uuid:hot_spot_id>/places")
@guarded("planner")
def post_places(hot_spot_id: UUID) -> Response:
    """Put places in, also again."""

    def make(uow: UnitOfWork, asked: PlacesForm) -> str:
        place_in_hot_spot(uow, hot_spot_id, asked.premises_id)
        return f"/hot-spots/{hot_spot_id}/places#within"

    return answer_form(PlacesForm, make, lambda form: show(hot_spot_id, form))


@blueprint.post("/hot-spots/<uuid:hot_spot_id>/places/leave")
@guarded("planner")
def post_leave(hot_spot_id: UUID) -> Response:
    """Take a place out; it can be put in again."""

    def make(uow: UnitOfWork, asked: LeaveForm) -> str:
        take_out_of_hot_spot(uow, hot_spot_id, asked.premises_id)
        return f"/hot-spots/{hot_spot_id}/places#left"

    return answer_form(LeaveForm, make, lambda form: show(hot_spot_id, form))
