"""A week to look at: operations, answers, people, hours, put in place as briefly as can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range

from samsyn.businesses.models import OpeningHours
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.service import ask_for_person
from samsyn.operations.models import Booking, OperationOrder
from samsyn.operations.queries import parts_of
from samsyn.operations.rules import BookingState, OperationState, PoliceRole
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AnswerPart,
    AskPart,
    AskPerson,
    ProposeOperation,
    add_visit,
    answer_assignment,
    answer_part,
    propose_operation,
)
from samsyn.planning.iso_week import at
from samsyn.planning.models import Leave, Shift, Unavailable
from samsyn.planning.rules import LeaveKind, Span, Unavailability
from tests.factories import Office, Town, in_time

MONDAY = date(2027, 3, 1)
"""Of week 9: nothing special in it."""


def moment(day: date, clock: str) -> datetime:
    return at(day, time.fromisoformat(clock))


def span(day: date, first: str, last: str) -> Span:
    return moment(day, first), moment(day, last)


def propose(
    town: Town,
    when: Span,
    offices: Sequence[Office],
    *,
    businesses: Sequence[int] = (0,),
    people: int = 1,
    state: OperationState | None = None,
) -> UUID:
    """An operation that the police leads: its visits one after the other, what is asked of each office at each."""
    length = (when[1] - when[0]) / max(1, len(businesses))
    with unit_of_work(town.planner(town.police), in_time(when[0])) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, *when))
        asked = tuple(AskPart(one.id, one.unit, people=people) for one in offices)
        for n, business in enumerate(businesses):
            first = when[0] + n * length
            add_visit(uow, AddVisit(operation, town.businesses[business], first, first + length, parts=asked))
        set_state(uow.session, operation, state or OperationState.PREPARING)
    return operation


def set_state(session, operation: UUID, state: OperationState, *, in_danger: bool = False) -> None:  # type: ignore[no-untyped-def]
    changed = text("UPDATE operation SET state = :s, in_danger = :d, version = version + 1 WHERE id = :o")
    session.execute(changed, {"s": state.value, "d": in_danger, "o": operation})


def answer(town: Town, operation: UUID, office: Office, *, accepted: bool = True) -> None:
    """All of an office's parts."""
    with unit_of_work(town.planner(office)) as uow:
        for part in parts_of(uow, operation):
            if part.authority_id == office.id:
                answer_part(
                    uow,
                    AnswerPart(
                        part.id,
                        accepted=accepted,
                        legal_basis="LTLP 7:18" if accepted else None,
                        announced=False if accepted else None,
                        no_notice_reason="annars syns inget" if accepted else None,
                        police_role=PoliceRole.OWN_SUPERVISION if accepted and office is town.police else None,
                        seen_version=part.version,
                    ),
                )


def state(town: Town, operation: UUID, to: OperationState, *, in_danger: bool = False) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        set_state(uow.session, operation, to, in_danger=in_danger)


def send(town: Town, operation: UUID, office: Office, n: int = 0, *, accepted: bool | None = None) -> UUID:
    """Ask an inspector, who perhaps answers."""
    with unit_of_work(town.planner(town.police)) as uow:
        place = ask_for_person(uow, AskPerson(operation, office.id, office.inspectors[n])).assignment_id
    if accepted is not None:
        with unit_of_work(town.inspector(office, n)) as uow:
            answer_assignment(uow, AnswerAssignment(place, accepted))
    return place


def title(town: Town, operation: UUID, words: str) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        row = {"operation_id": operation, "lead_id": town.police.id, "title": words, "version": 1}
        uow.session.execute(insert(OperationOrder).values(open_at=moment(date(2030, 1, 1), "00:00"), **row))


def take(town: Town, office: Office, when: Span, n: int = 0) -> None:
    """A colleague's time is taken, as far as others learn."""
    with unit_of_work(town.planner(office)) as uow:
        whose = {"person_id": office.inspectors[n], "authority_id": office.id}
        row = {"during": Range(*when), "state": Unavailability.BUSY, "as_of": uow.now}
        uow.session.execute(insert(Unavailable).values(id=uuid4(), **row, **whose))


def leave(town: Town, office: Office, when: Span, kind: LeaveKind, n: int = 0) -> None:
    """A colleague is away, and others learn that the time is taken."""
    with unit_of_work(town.planner(office)) as uow:
        whose = {"person_id": office.inspectors[n], "authority_id": office.id, "during": Range(*when)}
        uow.session.execute(insert(Leave).values(id=uuid4(), leave_kind=kind, **whose))
    take(town, office, when, n)


def shift(town: Town, office: Office, when: Span, n: int = 0) -> None:
    """A colleague works on a day, and what is left of it is taken."""
    with unit_of_work(town.planner(office)) as uow:
        whose = {"person_id": office.inspectors[n], "authority_id": office.id, "during": Range(*when)}
        uow.session.execute(insert(Shift).values(id=uuid4(), **whose))
    take(town, office, (when[1], when[1] + timedelta(hours=10)), n)


def book(town: Town, office: Office, when: Span, n: int = 0) -> None:
    """A colleague's time is held for something that no viewer of this town sees."""
    with unit_of_work(town.planner(office)) as uow:
        whose = {"person_id": office.inspectors[n], "authority_id": office.id, "during": Range(*when)}
        uow.session.execute(insert(Booking).values(id=uuid4(), state=BookingState.ACCEPTED, **whose))


def opens(town: Town, business: int, weekday: int, first: int, last: int) -> None:
    """Hours of a business, in minutes after midnight."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        row = {"weekday": weekday, "opens": first, "closes": last, "collaboration_id": town.collaboration}
        uow.session.execute(insert(OpeningHours).values(business_id=town.businesses[business], **row))
