"""One hot spot: where it lies, what happened there, who was or is to be there, and the own signals by week."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import authority_names, my_collaborations
from samsyn.businesses.queries import BusinessFilter, list_businesses
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries.within import operations_within
from samsyn.places.queries import get_hot_spot, hot_spot_history, premises_in_hot_spot
from samsyn.places.queries.pictures import list_entries
from samsyn.places.queries.remarks import RemarkFilter, list_remarks
from samsyn.places.queries.signals import list_signals, others_of_place, weeks_of
from samsyn.places.rules import MOST_TEXT, HotSpotChange
from samsyn.places.service import AddHotSpot, NoteHotSpotEvent, add_hot_spot, note_hot_spot_event
from samsyn.places.service.hot_spots import lines_of
from samsyn.pledges.queries.activities import activities_at
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.businesses import word
from samsyn.web.pages.hot_spots import MOST, plot_of
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("hot_spot")
READS: Final = frozenset({"planner", "inspector", "decider"})
_CORNER: Final = re.compile(r"(-?[0-9]{1,2}(?:[.,][0-9]{1,8})?)[\s;,]+(-?[0-9]{1,3}(?:[.,][0-9]{1,8})?)")
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(printable)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Corners = Annotated[str, StringConstraints(max_length=5_000)]
NEW: Final = ("collaboration_id", "name", "outline", "on_date", "text")
NOTED: Final = ("change", "on_date", "text", "name", "outline")


class NewForm(Body):
    """A new hot spot with the first line of its history."""

    collaboration_id: UUID
    name: Name
    outline: Corners
    on_date: date
    text: Words


class NoteForm(Body):
    """A line of the history; a new name or outline where these change."""

    change: HotSpotChange
    on_date: date
    text: Words
    name: Name
    outline: Corners


def corners_of(typed: str) -> tuple[tuple[float, float], ...]:
    """Read latitude and longitude, a corner to a line; ``InvalidError`` names the line that is none."""
    found = []
    for n, line in enumerate((one.strip() for one in typed.splitlines() if one.strip()), 1):
        pair = _CORNER.fullmatch(line)
        latitude, longitude = (float(one.replace(",", ".")) for one in pair.groups()) if pair else (999.0, 999.0)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  degrees
            raise InvalidError("no corner", fields={"outline": [t("hot_spots.no_corner", n=n)]})
        found.append((latitude, longitude))
    return tuple(found)


def typed_corners(outline: tuple[tuple[float, float], ...]) -> str:
    """Return corners as they are typed."""
    return "\n".join(f"{latitude} {longitude}" for latitude, longitude in outline)


@blueprint.get("/hot-spots/<uuid:hot_spot_id>")
@guarded()
def get_one(hot_spot_id: UUID) -> str:
    """A hot spot of the own collaborations; own signals for who works with them, of the others only that they have."""
    with unit_of_work(current_viewer()) as uow:
        spot = get_hot_spot(uow, hot_spot_id)
        members = premises_in_hot_spot(uow, hot_spot_id)
        found = list_businesses(uow, Seek(MOST), wanted=BusinessFilter(running=True, day=uow.today)).items
        activities, others = activities_at(uow, hot_spot_id), others_of_place(uow, hot_spot_id)
        reads = bool(uow.viewer.roles & READS)
        shown: dict[str, Any] = {
            "told": hot_spot_history(uow, hot_spot_id),
            "operations": operations_within(uow, members),
            "signals": list_signals(uow, hot_spot_id, typed=True) if reads else [],
            "weeks": weeks_of(uow, hot_spot_id) if reads else [],
            "names": authority_names(
                uow, {one.authority_id for one in activities} | {one.authority_id for one in others}
            ),
            "picture": list_entries(uow, hot_spot_id=hot_spot_id, most=10),
            "remarks": list_remarks(uow, RemarkFilter(hot_spot_id=hot_spot_id), most=50),
            "mine": uow.me,
            "plans": "planner" in uow.viewer.roles,
            "notes": bool(uow.viewer.roles & {"planner", "inspector"}),
        }
    return page(
        "hot-spots/show.html.j2",
        spot=spot,
        within=[one for one in found if one.premises_id in members],
        plot=plot_of([spot], found, members),
        activities=activities,
        others=others,
        reads=reads,
        word=word,
        **shown,
    )


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new hot spot."""
    with unit_of_work(current_viewer()) as uow:
        homes = [(one.id, one.name) for one in my_collaborations(uow)]
        today = uow.today
    return page(
        "hot-spots/new.html.j2",
        form=form or new_form({"on_date": today.isoformat()}),
        homes=homes,
        labels={name: t(f"hot_spots.field.{name}") for name in NEW},
    )


@blueprint.get("/hot-spots/new")
@guarded("planner")
def get_new() -> str:
    """A new hot spot."""
    return show_new()


@blueprint.post("/hot-spots/new")
@guarded("planner")
def post_new() -> Response:
    """Write it down."""

    def make(uow: UnitOfWork, asked: NewForm) -> str:
        outline = corners_of(asked.outline)
        key = add_hot_spot(uow, AddHotSpot(asked.collaboration_id, asked.name, outline, asked.on_date, asked.text))
        return f"/hot-spots/{key}#content"

    return answer_form(NewForm, make, show_new)


def show_note(hot_spot_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a line of the history."""
    with unit_of_work(current_viewer()) as uow:
        spot, lines = get_hot_spot(uow, hot_spot_id), lines_of(uow, hot_spot_id)
        today = uow.today
    first = {"change": "confirmed", "on_date": today.isoformat(), "name": spot.name}
    return page(
        "hot-spots/note.html.j2",
        spot=spot,
        lines=lines,
        form=form or new_form({**first, "outline": typed_corners(spot.outline)}),
        changes=[(one.value, t(f"hot_spots.change.{one}")) for one in HotSpotChange],
        labels={name: t(f"hot_spots.field.{name}") for name in NOTED},
    )


@blueprint.get("/hot-spots/<uuid:hot_spot_id>/note")
@guarded("planner")
def get_note(hot_spot_id: UUID) -> str:
    """What happened to a hot spot, to be written."""
    return show_note(hot_spot_id)


@blueprint.post("/hot-spots/<uuid:hot_spot_id>/note")
@guarded("planner")
def post_note(hot_spot_id: UUID) -> Response:
    """Write a line of its history."""

    def make(uow: UnitOfWork, asked: NoteForm) -> str:
        said = (hot_spot_id, asked.on_date, asked.change, asked.text, asked.name, corners_of(asked.outline))
        note_hot_spot_event(uow, NoteHotSpotEvent(*said, seen=seen_version()))
        return f"/hot-spots/{hot_spot_id}#content"

    return answer_form(NoteForm, make, lambda form: show_note(hot_spot_id, form))
