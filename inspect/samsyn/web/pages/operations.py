"""Operations: a new one, the one with its plan; meeting, time and who takes part."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, request
from pydantic import Field

from samsyn.access.queries import list_staff
from samsyn.authorities.queries import members_of, my_collaborations
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.service import Reschedule
from samsyn.operations.queries import participations, targets_of, visits_of
from samsyn.operations.service import PlanMeeting, add_participation, propose_operation
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import ALL
from samsyn.web.localtime import day_of
from samsyn.web.pages.burden import burdens_of, places_of
from samsyn.web.pages.consequences import affected, says_of_meeting, says_of_move, says_of_quorum
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.operation_page import form_page, led, show_operation
from samsyn.web.pages.proposing import OperationForm, add_chosen_visits, chosen_for, times_asked
from samsyn.web.parsing import Body, Line, Moment
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("operations")


class MeetingForm(Body):
    """Where and when the people meet, and who leads on site."""

    meets_at: Moment
    meeting_place: Line
    lead_person_id: UUID


class MoveForm(Body):
    """The new start."""

    starts_at: Moment


class QuorumForm(Body):
    """How an authority takes part."""

    authority_id: UUID
    required: bool = False
    minimum: int = Field(ge=0, le=50)


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new operation."""
    with unit_of_work(current_viewer()) as uow:
        collaborations, chosen, me = my_collaborations(uow), chosen_for(uow, form), uow.me
        places, today = places_of(uow, {one.premises_id for one in chosen.businesses}), uow.today
    only: dict[str, object] = {"collaboration_id": collaborations[0].id} if len(collaborations) == 1 else {}
    labels = {
        name: t(f"operations.field_of.{name}")
        for name in ("collaboration_id", "starts_at", "ends_at", "meets_at", "meeting_place")
    }
    options = [(str(one.id), one.name) for one in collaborations]
    start = {**only, **times_asked()}
    if chosen.businesses:
        cards = chosen.businesses
        start |= {"collaboration_id": cards[0].collaboration_id, "business": [one.id for one in cards], "asks": [me]}
    form = form or new_form(start)
    day = day_typed(form, today)
    burdens = [(one, places.on(one.premises_id, day)) for one in chosen.businesses]
    shown = {"options": options, "labels": labels, "chosen": chosen, "burdens": burdens, "day": day}
    return page("operations/new.html.j2", form=form, **shown)


def day_typed(form: Form[Any], today: date) -> date:
    """Return the day of the operation's start as it was typed, else today."""
    try:
        return date.fromisoformat(form.text("starts_at_date"))
    except ValueError:
        return today


@blueprint.get("/operations/new")
@guarded("planner")
def get_new() -> str | Response:
    """The form: ``starts`` and ``ends`` of the address are filled in, and each ``business`` becomes a visit.

    ``template`` leads to the form of a new operation from that template.
    """
    try:
        chosen = UUID(request.args.get("template", ""))
    except ValueError:
        return show_new()
    return make_response(redirect(f"/templates/{chosen}/use", 303))


@blueprint.post("/operations/new")
@guarded("planner")
def post_new() -> Response:
    """Propose an operation that the own authority leads, and go to it."""

    def make(uow: UnitOfWork, asked: OperationForm) -> str:
        operation_id = propose_operation(uow, asked.command())
        add_chosen_visits(uow, operation_id, asked)
        return f"/operations/{operation_id}"

    return answer_form(OperationForm, make, show_new)


@blueprint.get("/operations/<uuid:operation_id>")
@guarded()
def get_one(operation_id: UUID) -> str:
    """The operation: its state and next gate, visits, parts, people, meeting."""
    return show_operation(operation_id)


def show_meeting(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the meeting's form with the own staff to choose the lead person from."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        staff = list_staff(uow, uow.me, ALL)
        says = says_of_meeting(affected(uow, operation_id))
    initial = {
        "meets_at": operation.meets_at or operation.starts_at,
        "meeting_place": operation.meeting_place,
        "lead_person_id": operation.lead_person_id,
    }
    labels = {name: t(f"operations.field_of.{name}") for name in initial}
    options = [(str(one.person_id), one.shown_name) for one in staff]
    return form_page("meeting", operation, form or new_form(initial), labels, options=options, says=says)


@blueprint.get("/operations/<uuid:operation_id>/meeting")
@guarded("planner")
def get_meeting(operation_id: UUID) -> str:
    """The form."""
    return show_meeting(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/meeting")
@guarded("planner")
def post_meeting(operation_id: UUID) -> Response:
    """Set the meeting; who is invited already is told."""

    def make(uow: UnitOfWork, asked: MeetingForm) -> str:
        outcome = hold_here(
            uow,
            PlanMeeting(operation_id, asked.meets_at, asked.meeting_place, asked.lead_person_id, seen_version()),
        )
        return f"/operations/{operation_id}{'?done=meeting' if outcome.held_id is None else '#meeting'}"

    return answer_form(MeetingForm, make, lambda form: show_meeting(operation_id, form))


def show_move(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form that moves an operation in time."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        says = says_of_move(operation, affected(uow, operation_id))
        visits, targets = visits_of(uow, operation_id), targets_of(uow, operation_id)
        burdens = [(targets[one], burden) for one, burden in burdens_of(uow, visits, targets).items()]
    labels = {"starts_at": t("operations.field_of.starts_at")}
    form = form or new_form({"starts_at": operation.starts_at})
    return form_page("move", operation, form, labels, says=says, burdens=burdens, day=day_of(operation.starts_at))


@blueprint.get("/operations/<uuid:operation_id>/move")
@guarded("planner")
def get_move(operation_id: UUID) -> str:
    """The form."""
    return show_move(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/move")
@guarded("planner")
def post_move(operation_id: UUID) -> Response:
    """Move the operation with its meeting, visits and people, or nothing of it."""

    def make(uow: UnitOfWork, asked: MoveForm) -> str:
        hold_here(uow, Reschedule(operation_id, asked.starts_at, seen_version()))
        return f"/operations/{operation_id}"

    return answer_form(MoveForm, make, lambda form: show_move(operation_id, form))


def show_quorum(operation_id: UUID, authority_id: UUID | None, form: Form[Any] | None = None) -> str:
    """Render how an authority takes part; with none chosen, the members that do not yet."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        lines = {line.authority_id: line for line in participations(uow, operation_id)}
        members = members_of(uow, operation.collaboration_id)
        says = says_of_quorum(uow, operation, authority_id) if authority_id else []
    line = lines.get(authority_id) if authority_id else None
    options = [(str(one.id), one.name) for one in members if (one.id == authority_id if line else one.id not in lines)]
    initial: dict[str, object] = {
        "authority_id": authority_id,
        "required": "true" if line is None or line.required else None,
        "minimum": line.minimum if line else 1,
    }
    labels = {name: t(f"operations.field_of.{name}") for name in initial}
    return form_page(
        "quorum", operation, form or new_form(initial), labels, options=options, known=line is not None, says=says
    )


@blueprint.get("/operations/<uuid:operation_id>/authorities/new")
@guarded("planner")
def get_authority_new(operation_id: UUID) -> str:
    """The form for an authority that does not take part yet."""
    return show_quorum(operation_id, None)


@blueprint.get("/operations/<uuid:operation_id>/authorities/<uuid:authority_id>")
@guarded("planner")
def get_quorum(operation_id: UUID, authority_id: UUID) -> str:
    """The form for an authority that takes part."""
    return show_quorum(operation_id, authority_id)


@blueprint.post("/operations/<uuid:operation_id>/authorities")
@guarded("planner")
def post_authority(operation_id: UUID) -> Response:
    """Let an authority take part, or change its quorum."""

    def make(uow: UnitOfWork, asked: QuorumForm) -> str:
        add_participation(uow, operation_id, asked.authority_id, required=asked.required, minimum=asked.minimum)
        return f"/operations/{operation_id}#authorities"

    def show(form: Form[Any]) -> str:
        try:
            chosen = UUID(form.text("authority_id"))
        except ValueError:
            chosen = None
        return show_quorum(operation_id, chosen, form)

    return answer_form(QuorumForm, make, show)
