"""The picture (lägesbild) of a focus area or a hot spot: dated entries, each with its versions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import list_hot_spots
from samsyn.places.queries.pictures import PictureLine, get_entry, list_entries, versions_of
from samsyn.places.rules import MOST_PLACE, MOST_TEXT, SignalSource
from samsyn.places.service.pictures import WriteEntry, add_entry, change_entry, withdraw_entry
from samsyn.pledges.queries import areas_of, list_pledges
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.signals import source_words
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pictures")
SHOWN: Final = ("focus_area_id", "hot_spot_id", "on_date", "source", "place", "text")
Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Place = Annotated[str, StringConstraints(max_length=MOST_PLACE), AfterValidator(printable)]


class PictureQuery(PageQuery):
    """Of which focus area, or which hot spot."""

    area: UUID | None = None
    hot_spot: UUID | None = None


class EntryForm(Body):
    """A new entry."""

    focus_area_id: UUID | None = None
    hot_spot_id: UUID | None = None
    on_date: date
    source: SignalSource
    place: Place = ""
    text: Words


class ChangeForm(Body):
    """An entry as it shall stand."""

    on_date: date
    source: SignalSource
    place: Place = ""
    text: Words


def abouts(uow: UnitOfWork) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    """Return the focus areas with their year, and the hot spots, of the own collaborations."""
    year = {one.id: one.year for one in list_pledges(uow)}
    areas = areas_of(uow, *year) if year else []
    named = [(area.id, f"{area.name} ({year[area.pledge_id]})") for area in areas]
    return named, [(one.id, one.name) for one in list_hot_spots(uow)]


def read_entries(uow: UnitOfWork, query: PictureQuery) -> list[PictureLine]:
    """Return what the page lists."""
    return list_entries(uow, query.area, query.hot_spot)


@blueprint.get("/picture")
@guarded()
@blueprint.input(PictureQuery, location="query", arg_name="query")
def get_picture(query: PictureQuery) -> str:
    """The entries that stand, newest day first."""
    with unit_of_work(current_viewer()) as uow:
        lines = read_entries(uow, query)
        areas, spots = abouts(uow)
        names = authority_names(uow, {one.authority_id for one in lines})
        plans = "planner" in uow.viewer.roles
    return page(
        "pictures/list.html.j2",
        lines=lines,
        areas=areas,
        spots=spots,
        area_names=dict(areas),
        spot_names=dict(spots),
        names=names,
        plans=plans,
        query=query,
        args=query.model_dump(mode="json", exclude_none=True, exclude={"cursor", "limit"}),
        form=new_form(query.model_dump(mode="json", exclude_none=True)),
    )


def asked(name: str) -> str:
    """Return a word of the address."""
    return request.args.get(name, "")[:36]


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new entry."""
    with unit_of_work(current_viewer()) as uow:
        areas, spots = abouts(uow)
        today = uow.today
    first = {"focus_area_id": asked("area"), "hot_spot_id": asked("hot_spot"), "on_date": today.isoformat()}
    return page(
        "pictures/new.html.j2",
        form=form or new_form(first),
        areas=areas,
        spots=spots,
        sources=source_words(),
        labels={name: t(f"pictures.field.{name}") for name in SHOWN},
    )


@blueprint.get("/picture/new")
@guarded("planner")
def get_new() -> str:
    """A new entry."""
    return show_new()


@blueprint.post("/picture/new")
@guarded("planner")
def post_new() -> Response:
    """Write it down."""

    def make(uow: UnitOfWork, said: EntryForm) -> str:
        add_entry(uow, WriteEntry(**said.model_dump()))
        about = f"area={said.focus_area_id}" if said.focus_area_id else f"hot_spot={said.hot_spot_id}"
        return f"/picture?{about}#content"

    return answer_form(EntryForm, make, show_new)


def show_change(entry_id: UUID, form: Form[Any] | None = None) -> str:
    """Render an entry with its versions, to be written anew."""
    with unit_of_work(current_viewer()) as uow:
        one, versions = get_entry(uow, entry_id), versions_of(uow, entry_id)
        names = authority_names(uow, {line.authority_id for line in versions})
    stands = {"on_date": one.on_date, "source": one.source, "place": one.place, "text": one.text}
    return page(
        "pictures/change.html.j2",
        one=one,
        versions=versions,
        names=names,
        sources=source_words(),
        form=as_it_stands(form, stands),
        labels={name: t(f"pictures.field.{name}") for name in SHOWN},
    )


@blueprint.get("/picture/<uuid:entry_id>")
@guarded("planner")
def get_change(entry_id: UUID) -> str:
    """An entry with its versions."""
    return show_change(entry_id)


@blueprint.post("/picture/<uuid:entry_id>")
@guarded("planner")
def post_change(entry_id: UUID) -> Response:
    """Write a new version."""

    def make(uow: UnitOfWork, said: ChangeForm) -> str:
        change_entry(uow, entry_id, WriteEntry(**said.model_dump()), seen_version() or 0)
        return f"/picture/{entry_id}#content"

    return answer_form(ChangeForm, make, lambda form: show_change(entry_id, form))


@blueprint.post("/picture/<uuid:entry_id>/withdraw")
@guarded("planner")
def post_withdraw(entry_id: UUID) -> Response:
    """Let an entry stand no more."""

    def make(uow: UnitOfWork) -> str:
        withdraw_entry(uow, entry_id, seen_version() or 0)
        return "/picture#content"

    return once_then_go(make)
