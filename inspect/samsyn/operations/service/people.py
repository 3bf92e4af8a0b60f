"""Write who goes: asking holds the time at once; only the own authority, or the person, accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.queries import last_day_of
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.home import local_day
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.operations.models import Assignment, Booking, Operation, Participation
from samsyn.operations.queries.operations import find_operation
from samsyn.operations.queries.people import find_assignment
from samsyn.operations.rules import BEFORE_ONGOING, TELL_DECLINED, AssignmentState, BookingState, OperationState

WEIGH: Final = "samsyn.lifecycle.weigh_quorum"
HOLDS: Final = frozenset({AssignmentState.ASKED, AssignmentState.ACCEPTED})
ANSWERS: Final = {
    True: (AssignmentState.ACCEPTED, BookingState.ACCEPTED),
    False: (AssignmentState.DECLINED, BookingState.DECLINED),
    None: (AssignmentState.ASKED, BookingState.ASKED),
}


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask for one person's time; by default from the meeting to the end of the operation.

    ``accepted``: the person's own authority says yes at once (``lifecycle.ask_for_person``).
    """

    operation_id: UUID
    authority_id: UUID
    person_id: UUID
    role: str = "inspector"
    replaces_id: UUID | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class AnswerAssignment:
    """The person's, or the own authority's, yes or no; None is "perhaps", which holds the time as asked."""

    assignment_id: UUID
    accepted: bool | None


def span(operation: Operation) -> tuple[datetime, datetime]:
    """Return when a person is wanted."""
    return operation.meets_at or operation.starts_at, operation.ends_at


def ask_person(uow: UnitOfWork, command: AskPerson) -> UUID:
    """Hold a person's time; asking again is the same assignment with the same calendar identity.

    ``ConflictError`` if the time is taken and the viewer may know that; ``NotFoundError`` for who is hidden.
    """
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner asks for people")
    operation = find_operation(uow, command.operation_id)
    if operation.state not in BEFORE_ONGOING | {OperationState.ONGOING}:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    if uow.me not in {operation.lead_id, command.authority_id}:
        raise NotAllowedError("only the lead or the person's own authority asks")
    if uow.session.get(Participation, (operation.id, command.authority_id)) is None:
        raise NotFoundError("that authority does not take part")
    last_day = last_day_of(uow, command.person_id, command.authority_id)
    if last_day is not None and local_day(span(operation)[0]) > last_day:
        raise ConflictError("the person has left by then", fields={"person_id": ["person_left"]})
    place = uow.session.scalar(
        select(Assignment).where(
            Assignment.operation_id == operation.id,
            Assignment.person_id == command.person_id,
            Assignment.authority_id == command.authority_id,
        )
    )
    if place is not None:
        if place.state in HOLDS:
            raise ConflictError("the person is asked already")
        place.role, place.replaces_id = command.role, command.replaces_id
        hold(uow, place, *span(operation))
        return place.id
    place = book(uow, operation, command, asked=True)
    record(uow, "person.ask", place.id, owner=command.authority_id)
    return place.id


def book(uow: UnitOfWork, operation: Operation, command: AskPerson, *, asked: bool) -> Assignment:
    """Write a booking and the place that it is for; the database refuses a time that is taken."""
    starts_at, ends_at = span(operation)
    state, held = ANSWERS[None if asked else True]
    booking = Booking(
        id=uuid4(),
        person_id=command.person_id,
        authority_id=command.authority_id,
        during=Range(starts_at, ends_at),
        state=held,
    )
    uow.session.add(booking)
    uow.session.flush()
    place = Assignment(
        id=uuid4(),
        operation_id=operation.id,
        lead_id=operation.lead_id,
        authority_id=command.authority_id,
        person_id=command.person_id,
        booking_id=booking.id,
        role=command.role,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        uid=f"{uuid4()}@samsyn.invalid",
        replaces_id=command.replaces_id,
        changed_at=uow.now,
    )
    uow.session.add(place)
    uow.session.flush()
    return place


def go_now(uow: UnitOfWork, operation: Operation) -> None:
    """Book the person who begins an ad-hoc operation: on site already, hence accepted, and let in to its target."""
    book(uow, operation, AskPerson(operation.id, uow.me, uow.person), asked=False)


def hold(uow: UnitOfWork, place: Assignment, starts_at: datetime, ends_at: datetime) -> None:
    """Ask for a time (again): the booking is held anew, an earlier answer is void."""
    booking = uow.session.get(Booking, place.booking_id)
    if booking is None:
        raise NotFoundError("no such booking")
    booking.during, booking.state = Range(starts_at, ends_at), BookingState.ASKED
    place.starts_at, place.ends_at = starts_at, ends_at
    place.state, place.changed_at = AssignmentState.ASKED, uow.now
    uow.session.flush()
    record(uow, "person.ask", place.id, owner=place.authority_id)


def ask_again(uow: UnitOfWork, operation_id: UUID) -> None:
    """After a move: hold every person's new time; one who is taken then is a ``ConflictError`` and nothing changes."""
    operation = find_operation(uow, operation_id)
    starts_at, ends_at = span(operation)
    places = uow.session.scalars(
        select(Assignment).where(Assignment.operation_id == operation_id, Assignment.state.in_(HOLDS))
    ).all()
    for place in places:
        if (place.starts_at, place.ends_at) != (starts_at, ends_at):
            hold(uow, place, starts_at, ends_at)


def answer_assignment(uow: UnitOfWork, command: AnswerAssignment) -> None:
    """Take the answer of the person, or of the own authority; the lead weighs the quorum after it."""
    place = find_assignment(uow, command.assignment_id)
    mine = place.person_id == uow.viewer.person_id or bool(uow.viewer.roles & {"planner", "decider", TASK})
    if place.authority_id != uow.me:
        raise NotFoundError("no such booking of yours")
    if not mine:
        raise NotAllowedError("the person or the own authority's planner answers")
    if place.state is AssignmentState.WITHDRAWN:
        raise GateClosedError("the person is not asked any more", ("state",))
    # Who declined is not withdrawn when the operation is called off: a late yes would hold the time for nothing.
    state = find_operation(uow, place.operation_id).state
    if state not in BEFORE_ONGOING | {OperationState.ONGOING}:
        raise GateClosedError(f"not while the operation is {state}", ("state",))
    to, held = ANSWERS[command.accepted]
    if place.state is to:
        return
    booking = uow.session.get(Booking, place.booking_id)
    if booking is None:
        raise NotFoundError("no such booking")
    booking.state = held
    place.state, place.changed_at = to, uow.now
    uow.session.flush()
    emit(uow, WEIGH, place.operation_id, acts_for=place.lead_id)
    if to is AssignmentState.DECLINED:
        emit(uow, TELL_DECLINED, place.id, acts_for=place.lead_id)
    record(uow, f"person.{to.value}", place.id)


def withdraw_assignment(uow: UnitOfWork, assignment_id: UUID) -> Assignment:
    """Let a person go, by the lead or the own authority; the time is free at once."""
    if not uow.viewer.roles & {"planner", TASK}:
        raise NotAllowedError("only a planner withdraws people")
    place = find_assignment(uow, assignment_id)
    if uow.me not in {place.lead_id, place.authority_id}:
        raise NotFoundError("no such booking of yours")
    free(uow, place)
    return place


def release_assignment(uow: UnitOfWork, assignment_id: UUID) -> None:
    """Free the time of a colleague who leaves (R8), as the own authority's administrator or worker."""
    place = find_assignment(uow, assignment_id)
    if not uow.viewer.roles & {"unit_admin", TASK}:
        raise NotAllowedError("only a unit administrator releases who leaves")
    if place.authority_id != uow.me:
        raise NotFoundError("no such booking of yours")
    free(uow, place)


def free(uow: UnitOfWork, place: Assignment) -> None:
    """Release the booking and let the lead weigh what is left."""
    booking = uow.session.get(Booking, place.booking_id)
    if booking is not None:
        booking.state = BookingState.RELEASED
    place.state, place.changed_at = AssignmentState.WITHDRAWN, uow.now
    uow.session.flush()
    emit(uow, WEIGH, place.operation_id, acts_for=place.lead_id)
    record(uow, "person.withdraw", place.id, owner=place.authority_id)
