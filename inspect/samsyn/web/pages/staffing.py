"""Staffing: the own authority's places in coming operations, and who could take them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.held import Outcome, ReplacePerson
from samsyn.lifecycle.staffing.queries import Staffing, staffing_of, with_candidates
from samsyn.lifecycle.staffing.service import DeclinePlace, accept_place, decline_place
from samsyn.operations.queries import (
    OperationCard,
    PersonLine,
    get_assignment,
    get_operation,
    list_operations,
    titles_of,
)
from samsyn.operations.rules import BEFORE_ONGOING, OperationState
from samsyn.operations.service import AskPerson, post_message
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.missing import competence
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("staffing")
AHEAD: Final = timedelta(days=400)
OPEN: Final = BEFORE_ONGOING | {OperationState.ONGOING}


class StaffingQuery(PageQuery):
    """Where the list goes on; with ``open`` only operations that lack somebody."""

    limit: int = Field(default=20, ge=1, le=50)
    open: bool = False


class PersonForm(Body):
    """Who goes."""

    person_id: UUID


class ReasonForm(Body):
    """Why nobody goes."""

    reason: Prose = Field(max_length=1000)


def render(
    rows: list[Staffing],
    form: Form[Any],
    leads: dict[UUID, str],
    titles: dict[UUID, str],
    me: UUID,
    one: OperationCard | None,
    **more: Any,
) -> str:
    """Render operations with their places."""
    labels = {name: t(f"staffing.field.{name}") for name in ("person_id", "reason")}
    shown = {"leads": leads, "titles": titles, "me": me, "one": one, "labels": labels}
    return page("staffing.html.j2", rows=rows, form=form, competence=competence, **shown, **more)


@blueprint.get("/staffing")
@guarded("planner")
@blueprint.input(StaffingQuery, location="query", arg_name="query")
def get_staffing(query: StaffingQuery) -> str:
    """Operations from now on in which the own authority has places; a constant number of statements."""
    with unit_of_work(current_viewer()) as uow:
        found = list_operations(uow, query.seek(), between=(uow.now, uow.now + AHEAD), states=OPEN)
        rows = staffing_of(uow, found.items)
        rows = with_candidates(uow, [row for row in rows if row.open or not query.open])
        leads = authority_names(uow, {row.operation.lead_id for row in rows})
        titles = titles_of(uow, {row.operation.id for row in rows})
        me, now = uow.me, uow.now
    return render(rows, new_form(), leads, titles, me, None, cursor=found.next_cursor, only_open=query.open, now=now)


def show_one(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the places of one operation; ``form`` is what was refused."""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        rows = with_candidates(uow, staffing_of(uow, [operation]))
        leads, titles = authority_names(uow, {operation.lead_id}), titles_of(uow, {operation_id})
        me, now = uow.me, uow.now
    return render(rows, form or new_form(), leads, titles, me, operation, cursor=None, only_open=False, now=now)


@blueprint.get("/staffing/<uuid:operation_id>")
@guarded("planner")
def get_one(operation_id: UUID) -> str:
    """The own places of one operation."""
    return show_one(operation_id)


def shown_at(operation_id: UUID, outcome: Outcome) -> str:
    """Return where a person is shown who was put in; one that is held back has no line yet."""
    place = outcome.result
    line = f"#place-{place.assignment_id}" if isinstance(place, PersonLine) else ""
    return f"/staffing/{operation_id}{line}"


@blueprint.post("/staffing/<uuid:operation_id>/people")
@guarded("planner")
def post_person(operation_id: UUID) -> Response:
    """Put a colleague into a place: the own authority's yes is enough."""

    def make(uow: UnitOfWork, asked: PersonForm) -> str:
        return shown_at(operation_id, hold_here(uow, AskPerson(operation_id, uow.me, asked.person_id, accepted=True)))

    return answer_form(PersonForm, make, lambda form: show_one(operation_id, form))


def operation_of(assignment_id: UUID) -> UUID:
    """Return the operation of a place."""
    with unit_of_work(current_viewer()) as uow:
        return get_assignment(uow, assignment_id).operation_id


@blueprint.post("/staffing/places/<uuid:assignment_id>/accept")
@guarded("planner")
def post_accept(assignment_id: UUID) -> Response:
    """Say yes for a colleague."""
    operation_id = operation_of(assignment_id)

    def make(uow: UnitOfWork, _: Nothing) -> str:
        accept_place(uow, assignment_id)
        return f"/staffing/{operation_id}#place-{assignment_id}"

    return answer_form(Nothing, make, lambda form: show_one(operation_id, form))


@blueprint.post("/staffing/places/<uuid:assignment_id>/swap")
@guarded("planner")
def post_swap(assignment_id: UUID) -> Response:
    """Swap a colleague in one step."""
    operation_id = operation_of(assignment_id)

    def make(uow: UnitOfWork, asked: PersonForm) -> str:
        return shown_at(operation_id, hold_here(uow, ReplacePerson(assignment_id, asked.person_id, accepted=True)))

    return answer_form(PersonForm, make, lambda form: show_one(operation_id, form))


@blueprint.post("/staffing/places/<uuid:assignment_id>/decline")
@guarded("planner")
def post_decline(assignment_id: UUID) -> Response:
    """Say no for a colleague, with the reason that the lead reads."""
    operation_id = operation_of(assignment_id)

    def make(uow: UnitOfWork, asked: ReasonForm) -> str:
        decline_place(uow, DeclinePlace(assignment_id, asked.reason))
        return f"/staffing/{operation_id}"

    return answer_form(ReasonForm, make, lambda form: show_one(operation_id, form))


@blueprint.post("/staffing/<uuid:operation_id>/tell")
@guarded("planner")
def post_tell(operation_id: UUID) -> Response:
    """Say in the talk about the plan that a place cannot be staffed, and why."""

    def make(uow: UnitOfWork, asked: ReasonForm) -> str:
        post_message(uow, operation_id, t("staffing.page.told", reason=asked.reason))
        return f"/operations/{operation_id}#talk"

    return answer_form(ReasonForm, make, lambda form: show_one(operation_id, form))
