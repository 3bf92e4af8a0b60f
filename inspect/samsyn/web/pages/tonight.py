"""What the signed-in person goes to: the meeting, the order of visits, and the way to each checklist."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.findings.queries import answered_by_part
from samsyn.findings.rules import READERS
from samsyn.operations.queries import OperationCard, PersonLine, my_assignments
from samsyn.operations.rules import OperationState
from samsyn.web.evening import dialled, read_evening
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
        chosen, begins_now = choose(mine, uow.now, asked_for), bool(uow.viewer.roles & {"planner", "inspector"})
        if chosen is None:
            return page("tonight.html.j2", chosen=None, others=[], begins_now=begins_now)
        place, operation = chosen
        evening = read_evening(uow, operation)
        answered = answered_by_part(uow, operation.id) if uow.viewer.roles & READERS else {}
        fetched_at = uow.now
    others = [(p, o) for p, o in mine if o.id != operation.id]
    return page(
        "tonight.html.j2",
        chosen=operation,
        place=place,
        stops=evening.stops,
        people=evening.people,
        names=evening.names,
        others=others,
        order=evening.order,
        contacts=evening.contacts,
        answered=answered,
        fetched_at=fetched_at,
        begins=may_begin(operation, fetched_at),
        ends=operation.state is OperationState.ONGOING and operation.lead_id == current_viewer().authority_id,
        dialled=dialled,
        begins_now=begins_now,
    )


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
