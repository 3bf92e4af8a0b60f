"""The own authority's people as the unit administrator keeps them: who is here, and a person's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field as Kept

from samsyn.access.queries import PlaceCard, PlaceFilter, get_place, list_places
from samsyn.access.rules import Role, ShownAs
from samsyn.access.service import ChangePlace, may_administer
from samsyn.authorities.queries import is_spanning, units_of
from samsyn.authorities.rules import Field
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.own_roles import change_and_tell
from samsyn.texts import catalogue, has, sort_key
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL, PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.pages.missing import competence, competences
from samsyn.web.parsing import Address, Body, Line
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("staff")
ADMIN: Final = Role.UNIT_ADMIN
SAVED: Final = "saved"
CODES: Final = "competences."


class PeopleQuery(PageQuery):
    """Which people: of a unit, whose shown name holds a text, those who have left."""

    unit: UUID | None = None
    text: str = Kept(default="", max_length=60)
    show: Literal["", "left"] = ""

    @property
    def kept(self) -> dict[str, str]:
        """The filters that are set, for the addresses that lead on from the list."""
        return {name: str(value) for name in ("unit", "text", "show") if (value := getattr(self, name))}

    @property
    def wanted(self) -> PlaceFilter:
        """What is asked of the register."""
        return PlaceFilter(self.unit, self.text.strip(), self.show == "left")


class PlaceForm(Body):
    """What the page asks; ``was``: the card that it showed."""

    unit_id: UUID
    roles: tuple[Role, ...] = ()
    competences: tuple[Line, ...] = ()
    address: Address
    phone: Line | None = None
    shown_as: ShownAs
    name: Line | None = None
    service_number: Line | None = None
    was: Line
    saved: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A person of the list, in words."""

    place: PlaceCard
    unit: str
    roles: str
    competences: str
    seen_on: date | None
    state: str


def row_of(place: PlaceCard, units: Mapping[UUID, str], today: date) -> PlaceRow:
    """Return a place with its words."""
    state = "left" if place.left(today) else "leaves" if place.until_on else "here"
    return PlaceRow(
        place,
        units.get(place.unit_id, ""),
        ", ".join(map(role_word, place.roles)),
        competences(place.competences),
        day_of(place.seen_at) if place.seen_at else None,
        state,
    )


def role_word(role: str) -> str:
    """Return a role's word; one that the house has no word for is shown as it is."""
    return t(key) if has(key := f"invitations.role.{role}") else role


def found_places(uow: UnitOfWork, query: PeopleQuery, seek: Seek) -> Page[PlaceRow]:
    """Return what page and files show."""
    found = list_places(uow, seek, query.wanted)
    units = {unit.id: unit.name for unit in units_of(uow, {uow.me})}
    return Page([row_of(one, units, uow.today) for one in found.items], found.next_cursor)


@blueprint.get("/people")
@guarded(ADMIN)
@blueprint.input(PeopleQuery, location="query", arg_name="query")
def get_people(query: PeopleQuery) -> str:
    """The list."""
    with unit_of_work(current_viewer()) as uow:
        found = found_places(uow, query, query.seek())
        units = [(str(unit.id), unit.name) for unit in units_of(uow, {uow.me})][:ALL]
    said = {"rows": found.items, "cursor": found.next_cursor, "kept": query.kept, "units": units}
    return page("staff/list.html.j2", form=new_form(query.kept), **said)


@blueprint.get("/people/<uuid:person_id>")
@guarded(ADMIN)
def get_person(person_id: UUID) -> str:
    """A person's place, as a form for who may change it."""
    return show(person_id)


@blueprint.post("/people/<uuid:person_id>")
@guarded(ADMIN)
def post_person(person_id: UUID) -> Response:
    """Change the place; it counts at the person's next request."""

    def make(uow: UnitOfWork, asked: PlaceForm) -> str:
        said = asked.model_dump()
        said |= {"roles": frozenset(asked.roles), "competences": frozenset(asked.competences)}
        change_and_tell(uow, ChangePlace(person_id, **said))
        return f"/people/{person_id}?{SAVED}=1"

    return answer_form(PlaceForm, make, lambda form: show(person_id, form))


Extra = Callable[[UnitOfWork, PlaceCard], Mapping[str, Any]]
MORE: Final[list[tuple[str, Extra]]] = []
"""Sections below the form: a template and what it shows; appended to by other pages when they are imported."""


def show(person_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the page with the sections of other pages."""
    with unit_of_work(current_viewer()) as uow:
        place = get_place(uow, person_id)
        row = row_of(place, {unit.id: unit.name for unit in units_of(uow, {uow.me})}, uow.today)
        units = [(str(unit.id), unit.name) for unit in units_of(uow, {uow.me})][:ALL]
        may, fixed = may_administer(uow, place), is_spanning(uow)
        more = [(template, dict(read(uow, place))) for template, read in MORE]
    return page(
        "staff/person.html.j2",
        form=form or new_form(typed(place)),
        row=row,
        units=[one for one in units if not fixed or one[0] == str(place.unit_id)],
        roles=[(role.value, t(f"invitations.role_says.{role.value}")) for role in Role],
        codes=choices(place.competences),
        shown_as=[(one.value, t(f"staff.shown_as.{one.value}")) for one in ShownAs],
        may=may,
        more=more,
        saved=request.args.get(SAVED, ""),
    )


def typed(place: PlaceCard) -> dict[str, object]:
    """Return what the form holds at first."""
    by_name = place.shown_as is ShownAs.NAME
    return {
        "unit_id": place.unit_id,
        "roles": place.roles,
        "competences": place.competences,
        "address": place.address,
        "phone": place.phone,
        "shown_as": place.shown_as.value,
        "name": place.shown_name if by_name else None,
        "service_number": place.service_number,
        "was": place.digest,
    }


def choices(held: Sequence[str]) -> list[tuple[str, str]]:
    """Return the competences to choose from: fields, codes of the house, and what the person has beside them."""
    codes = {name.removeprefix(CODES) for name in catalogue("sv") if name.startswith(CODES)}
    codes |= {field.value for field in Field} | set(held)
    return sorted(((code, competence(code)) for code in codes), key=lambda one: (sort_key(one[1]), one[0]))
