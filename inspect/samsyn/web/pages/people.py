"""People of an operation: asking, answering for the own, letting go, replacing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from samsyn.access.queries import StaffLine, list_staff
from samsyn.authorities.queries import authority_names, units_of
from samsyn.authorities.rules import Field
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.held import LetGo, Outcome, ReplacePerson
from samsyn.operations.queries import PersonLine, get_assignment, get_operation, people_of
from samsyn.operations.service import AskPerson
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.missing import competences
from samsyn.web.pages.operation_page import ROLES, form_page, press, role_word, show_operation
from samsyn.web.parsing import Body, Line
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("people")


class PersonForm(Body):
    """Whom to ask, and as what."""

    authority_id: UUID
    person_id: UUID
    role: Line = "inspector"


class ReplaceForm(Body):
    """The colleague who goes instead."""

    person_id: UUID


class SaidForm(Body):
    """Yes, no or perhaps."""

    said: Said


def choices(staff: list[StaffLine], asked: list[PersonLine]) -> list[tuple[str, str]]:
    """Return the people that are not asked yet, with what they are qualified for."""
    taken = {(one.person_id, one.authority_id) for one in asked if one.goes}
    return [
        (str(one.person_id), f"{one.shown_name} ({competences(one.competences)})" if one.competences
         else one.shown_name)
        for one in staff
        if (one.person_id, one.authority_id) not in taken
    ]  # fmt: skip


def chosen_authority(text: str) -> UUID | None:
    """Return the authority of an address or a form, or none; ``InvalidError`` if it is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidError("no id", fields={"authority_id": ["malformed"]}) from None


def shown_at(operation_id: UUID, outcome: Outcome) -> str:
    """Return where a person is shown that was just asked; one that is held back has no line yet."""
    place = outcome.result
    line = f"person-{place.assignment_id}" if isinstance(place, PersonLine) else "people"
    return f"/operations/{operation_id}#{line}"


def show_ask(operation_id: UUID, authority_id: UUID | None, form: Form[Any] | None = None) -> str:
    """Render the form with the staff of one authority."""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        authority = authority_id or uow.me
        options = choices(list_staff(uow, authority, ALL), people_of(uow, operation_id))
        name = authority_names(uow, {authority}).get(authority, "")
        usual = "police" if any(unit.field is Field.POLICE for unit in units_of(uow, {authority})) else "inspector"
    labels = {name: t(f"operations.field_of.{name}") for name in ("person_id", "role")}
    roles = [(role, role_word(role)) for role in ROLES]
    form = form or new_form({"authority_id": authority, "role": usual})
    return form_page("ask", operation, form, labels, options=options, roles=roles, authority=authority, name=name)


@blueprint.get("/operations/<uuid:operation_id>/people/new")
@guarded("planner")
def get_ask(operation_id: UUID) -> str:
    """The form; ``authority`` in the address says whose people."""
    return show_ask(operation_id, chosen_authority(request.args.get("authority", "")))


@blueprint.post("/operations/<uuid:operation_id>/people/new")
@guarded("planner")
def post_ask(operation_id: UUID) -> Response:
    """Ask for a person: the time is held at once."""

    def make(uow: UnitOfWork, asked: PersonForm) -> str:
        ask = AskPerson(operation_id, asked.authority_id, asked.person_id, asked.role)
        return shown_at(operation_id, hold_here(uow, ask))

    def show(form: Form[Any]) -> str:
        return show_ask(operation_id, chosen_authority(form.text("authority_id")), form)

    return answer_form(PersonForm, make, show)


def operation_of(assignment_id: UUID) -> UUID:
    """Return the operation that a person is asked for."""
    with unit_of_work(current_viewer()) as uow:
        return get_assignment(uow, assignment_id).operation_id


@blueprint.post("/bookings/<uuid:assignment_id>/answer")
@guarded()
def post_answer(assignment_id: UUID) -> Response:
    """Answer for oneself, or as planner for a colleague of the own authority."""
    operation_id = operation_of(assignment_id)

    def make(uow: UnitOfWork, asked: SaidForm) -> str:
        answer_here(uow, assignment_id, asked.said, Via.PAGE)
        return f"/operations/{operation_id}#person-{assignment_id}"

    return answer_form(SaidForm, make, lambda form: show_operation(operation_id, form))


@blueprint.post("/bookings/<uuid:assignment_id>/withdraw")
@guarded("planner")
def post_withdraw(assignment_id: UUID) -> Response:
    """Let a person go; only that person is told."""

    def make(uow: UnitOfWork) -> None:
        hold_here(uow, LetGo(assignment_id))

    return press(operation_of(assignment_id), make, "people")


def show_replace(assignment_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form with the colleagues of the one who does not go."""
    with unit_of_work(current_viewer()) as uow:
        place = get_assignment(uow, assignment_id)
        if place.authority_id != uow.me:  # who goes for an authority is its own business (POLICIES, who goes)
            raise NotAllowedError("only the person's own authority swaps a colleague")
        operation = get_operation(uow, place.operation_id)
        options = choices(list_staff(uow, place.authority_id, ALL), people_of(uow, place.operation_id))
    options = [one for one in options if one[0] != str(place.person_id)]
    labels = {"person_id": t("operations.field_of.person_id")}
    return form_page("replace", operation, form or new_form(), labels, options=options, place=place)


@blueprint.get("/bookings/<uuid:assignment_id>/replace")
@guarded("planner")
def get_replace(assignment_id: UUID) -> str:
    """The form."""
    return show_replace(assignment_id)


@blueprint.post("/bookings/<uuid:assignment_id>/replace")
@guarded("planner")
def post_replace(assignment_id: UUID) -> Response:
    """Swap a colleague in one step."""
    operation_id = operation_of(assignment_id)

    def make(uow: UnitOfWork, asked: ReplaceForm) -> str:
        return shown_at(operation_id, hold_here(uow, ReplacePerson(assignment_id, asked.person_id)))

    return answer_form(ReplaceForm, make, lambda form: show_replace(assignment_id, form))
