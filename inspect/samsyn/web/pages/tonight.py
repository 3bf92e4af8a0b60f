"""What the signed-in person goes to: the meeting, the order of visits, and the way to each checklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.queries import answered_by_part
from samsyn.findings.rules import READERS
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    PersonLine,
    TargetLine,
    VisitLine,
    contacts_given,
    my_assignments,
    order_of,
    parts_of,
    people_of,
    targets_of,
    visits_of,
)
from samsyn.operations.rules import OperationState, VisitState, usual_opening
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer, in_field
from samsyn.web.pages.field_session import may_begin
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("tonight")
BACK: Final = timedelta(days=14)
"""As long as something may still be handed in after the visits."""
AHEAD: Final = timedelta(days=200)
SHOWN: Final = frozenset(
    {
        OperationState.SCHEDULED,
        OperationState.INVITED,
        OperationState.CONFIRMED,
        OperationState.ONGOING,
        OperationState.DONE,
    }
)
Mine = tuple[PersonLine, OperationCard]


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


@blueprint.get("/tonight")
@guarded()
def get_tonight() -> str | BaseResponse:
    """The operation that goes on or comes next, whole; the others as a list. A constant number of statements.

    One that the person does not go to, or that is long handed in, is not the evening's: the address leads on to the
    operation's own page, which says who may read it.
    """
    with unit_of_work(current_viewer()) as uow:
        mine = [
            (place, operation)
            for place, operation in my_assignments(uow, uow.now - BACK, uow.now + AHEAD)
            if place.goes and operation.state in SHOWN and in_field() in {None, operation.id}
        ]
        asked_for = request.args.get("operation")
        if asked_for is not None and in_field() not in {None, one_id(asked_for)}:
            raise NotFoundError("no such operation")
        if asked_for is not None and all(str(operation.id) != asked_for for _, operation in mine):
            return redirect(f"/operations/{one_id(asked_for)}{'/order' if in_field() else ''}", 303)
        chosen = choose(mine, uow.now, asked_for)
        if chosen is None:
            return page("tonight.html.j2", chosen=None, others=[])
        place, operation = chosen
        stops = stops_of(uow, operation)
        order, contacts = order_of(uow, operation.id), contacts_given(uow, operation.id)
        answered = answered_by_part(uow, operation.id) if uow.viewer.roles & READERS else {}
        fetched_at = uow.now
        people = [person for person in people_of(uow, operation.id) if person.goes]
        asked = {part.authority_id for stop in stops for part in stop.present}
        names = authority_names(uow, {operation.lead_id, *asked, *(person.authority_id for person in people)})
    others = [(p, o) for p, o in mine if o.id != operation.id]
    return page(
        "tonight.html.j2",
        chosen=operation,
        place=place,
        stops=stops,
        people=people,
        names=names,
        others=others,
        order=order,
        contacts={line.person_id: line for line in contacts},
        answered=answered,
        fetched_at=fetched_at,
        begins=may_begin(operation, fetched_at),
        ends=operation.state is OperationState.ONGOING and operation.lead_id == current_viewer().authority_id,
        dialled=dialled,
    )


def dialled(phone: str) -> str:
    """Return a number as a phone takes it: ``+46701740605``; a national one is a Swedish one."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    if phone.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+46{digits[1:]}" if digits.startswith("0") else digits


def choose(mine: list[Mine], now: datetime, asked: str | None) -> Mine | None:
    """Return the operation that was asked for, else the one that goes on, the next one, the latest one."""
    if asked is not None:
        return next(one for one in mine if str(one[1].id) == asked)
    going = [one for one in mine if one[1].state is OperationState.ONGOING]
    coming = [one for one in mine if one[1].ends_at > now and one[1].state is not OperationState.DONE]
    return next(iter([*going, *coming, *reversed(mine)]), None)


def one_id(text: str) -> UUID:
    """Return an address's id; ``NotFoundError`` for what cannot be one, so that nothing typed leads anywhere else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("no such operation") from error


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
