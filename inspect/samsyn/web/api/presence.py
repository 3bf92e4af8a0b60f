"""Who came to a visit, left it, and in which police role they act; under the findings' scope.

That the police help somebody who asked is not said to the others.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_visit, presence_at
from samsyn.operations.rules import PoliceRole, Present
from samsyn.operations.service import NotePresence, note_presence
from samsyn.operations.service.presence import MAX_REASON
from samsyn.web.api.findings import blueprint
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Moment, printable
from samsyn.web.shown.presence import PresenceList, PresenceNotedOut

__all__ = ["blueprint"]

Reason = Annotated[str, StringConstraints(max_length=MAX_REASON), AfterValidator(printable)]


class PresenceIn(Body):
    """Somebody of the own authority came, left or changed police role; ``presence_id`` is made by the caller.

    ``person_id`` null is the caller. ``police_role`` and ``reason`` go with ``role`` alone, and are needed there.
    """

    presence_id: UUID
    what: Present
    at: Moment
    person_id: UUID | None = None
    police_role: PoliceRole | None = None
    reason: Reason | None = None


@blueprint.get("/visits/<uuid:visit_id>/presence")
@guarded()
@blueprint.output(PresenceList)
def get_presence(visit_id: UUID) -> Any:
    """Who of every authority came and left when, and their changes of police role.

    Going over to assistance is read by the police, and by who asked when the police answered a request with it;
    going back from it by the police alone.
    """
    with unit_of_work(current_viewer()) as uow:
        get_visit(uow, visit_id)
        return {"items": presence_at(uow, [visit_id]).get(visit_id, [])}


@blueprint.post("/visits/<uuid:visit_id>/presence")
@guarded("inspector", "planner", "decider")
@blueprint.input(PresenceIn, arg_name="body")
@blueprint.output(PresenceNotedOut, status_code=201)
def post_presence(visit_id: UUID, body: PresenceIn) -> Response:
    """Note it beside what was noted before; all who take part read it, but for assistance and the way back from it."""

    def make(uow: UnitOfWork) -> PresenceNotedOut:
        written = note_presence(uow, NotePresence(visit_id=visit_id, **dict(body)))
        return PresenceNotedOut(presence_id=body.presence_id, written=written)

    return once(make, status=201)
