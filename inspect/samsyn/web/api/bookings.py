"""People: asking for their time, their answers, letting go, replacing."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.service import ask_for_person, let_go, replace_person
from samsyn.operations.queries import get_assignment, get_operation, people_of
from samsyn.operations.service import AskPerson
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Line, Shown
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.operations import BookingOut

blueprint = api_blueprint("bookings")


class BookingIn(Body):
    """A person of an authority that takes part; the time is that of the operation, from the meeting on."""

    authority_id: UUID
    person_id: UUID
    role: Line = "inspector"


class SaidIn(Body):
    """Yes, no or perhaps."""

    said: Said
    comment: Line | None = None


class ReplaceIn(Body):
    """The colleague who goes instead."""

    person_id: UUID


class BookingList(Shown):
    """The people of an operation."""

    items: list[BookingOut]
    next_cursor: str | None = None


@blueprint.get("/operations/<uuid:operation_id>/bookings")
@guarded()
@blueprint.output(BookingList)
def get_bookings(operation_id: UUID) -> dict[str, object]:
    """Everybody who was asked for an operation."""
    with unit_of_work(current_viewer()) as uow:
        get_operation(uow, operation_id)
        return {"items": [BookingOut.of(person) for person in people_of(uow, operation_id)]}


@blueprint.post("/operations/<uuid:operation_id>/bookings")
@guarded("planner")
@blueprint.input(BookingIn, arg_name="body")
@blueprint.output(BookingOut, status_code=201)
def post_booking(operation_id: UUID, body: BookingIn) -> Response:
    """Ask for a person: the time is held at once; 409 when it is taken."""
    command = AskPerson(operation_id, body.authority_id, body.person_id, body.role)
    return once(lambda uow: BookingOut.of(ask_for_person(uow, command)), status=201)


@blueprint.post("/bookings/<uuid:booking_id>/answer")
@guarded()
@blueprint.input(SaidIn, arg_name="body")
@blueprint.output(BookingOut)
def post_answer(booking_id: UUID, body: SaidIn) -> Response:
    """Answer for oneself, or as planner for a colleague of the own authority."""

    def make(uow: UnitOfWork) -> BookingOut:
        answer_here(uow, booking_id, body.said, Via.PAGE, body.comment or "")
        return BookingOut.of(get_assignment(uow, booking_id))

    return once(make)


@blueprint.post("/bookings/<uuid:booking_id>/withdraw")
@guarded("planner")
@blueprint.output(BookingOut)
def post_withdraw(booking_id: UUID) -> Response:
    """Let a person go; only that person is told."""
    return once(lambda uow: BookingOut.of(let_go(uow, booking_id)))


@blueprint.post("/bookings/<uuid:booking_id>/replace")
@guarded("planner")
@blueprint.input(ReplaceIn, arg_name="body")
@blueprint.output(BookingOut)
def post_replace(booking_id: UUID, body: ReplaceIn) -> Response:
    """Swap a colleague of the own authority in one step."""
    return once(lambda uow: BookingOut.of(replace_person(uow, booking_id, body.person_id)))
