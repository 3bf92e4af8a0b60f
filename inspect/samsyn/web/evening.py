"""What an evening's people read of it, for the page and for the phone that packs it: one reading, one set of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import (
    ContactLine,
    OperationCard,
    OrderLine,
    PartCard,
    PersonLine,
    TargetLine,
    VisitLine,
    contacts_given,
    order_of,
    parts_of,
    people_of,
    targets_of,
    visits_of,
)
from samsyn.operations.rules import OperationState, VisitState, usual_opening


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit in its order; ``opens_at`` is when its place is shown as a rule, where it is not shown yet."""

    visit: VisitLine
    target: TargetLine | None
    opens_at: datetime
    parts: tuple[PartCard, ...]
    present: tuple[PartCard, ...]
    ended: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Evening:
    """An operation's evening as one of those who go reads it."""

    stops: Sequence[Stop]
    order: OrderLine | None
    people: Sequence[PersonLine]
    contacts: Mapping[UUID, ContactLine]
    names: Mapping[UUID, str]


def read_evening(uow: UnitOfWork, operation: OperationCard) -> Evening:
    """Read the visits, the order, who goes and the numbers to tap, in a constant number of statements."""
    stops = stops_of(uow, operation)
    order, contacts = order_of(uow, operation.id), contacts_given(uow, operation.id)
    people = [person for person in people_of(uow, operation.id) if person.goes]
    asked = {part.authority_id for stop in stops for part in stop.present}
    names = authority_names(uow, {operation.lead_id, *asked, *(person.authority_id for person in people)})
    return Evening(stops, order, people, {line.person_id: line for line in contacts}, names)


def dialled(phone: str) -> str:
    """Return a number as a phone takes it: ``+46701740605``; a national one is a Swedish one."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    if phone.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+46{digits[1:]}" if digits.startswith("0") else digits


def stops_of(uow: UnitOfWork, operation: OperationCard) -> list[Stop]:
    """Return the visits in order, each with the own parts and those of everybody who comes."""
    visits, targets, parts = visits_of(uow, operation.id), targets_of(uow, operation.id), parts_of(uow, operation.id)
    ongoing = operation.state is OperationState.ONGOING
    next_up = next((visit.id for visit in visits if visit.state is VisitState.PLANNED), None) if ongoing else None
    stops = []
    for visit in visits:
        here = [part for part in parts if part.visit_id == visit.id and not part.withdrawn]
        stops.append(
            Stop(
                visit=visit,
                target=targets.get(visit.id),
                opens_at=usual_opening(operation.meets_at, visit.starts_at),
                parts=tuple(part for part in here if part.authority_id == uow.me),
                present=tuple(part for part in here if part.accepted),
                ended=visit.state is not VisitState.PLANNED,
                now=visit.id == next_up,
            )
        )
    return stops
