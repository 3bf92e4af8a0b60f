"""Begin a field session: this device is for one operation's evening, for twelve hours, whether it is used or not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, make_response, redirect

from samsyn.access.rules import FIELD_BEFORE
from samsyn.access.service import open_field_session
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import OperationCard, goes_to
from samsyn.web.devices import this_client
from samsyn.web.guards import guarded
from samsyn.web.identity import begin_session, current_viewer, identified, in_field
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("field_session")


def may_begin(operation: OperationCard, now: datetime) -> bool:
    """Say whether a field session for an operation that the viewer goes to may begin now, on a device in none."""
    return in_field() is None and operation.begins_at - FIELD_BEFORE <= now <= operation.ends_at


@blueprint.post("/operations/<uuid:operation_id>/field-session")
@guarded()
def post_begin(operation_id: UUID) -> Response:
    """Put this device into a field session, in place of the session that it has; other devices keep theirs."""
    who = identified()
    if who is None or who.by_bearer:
        raise NotAllowedError("only a session goes over to a field session")
    with unit_of_work(current_viewer()) as uow:
        operation = goes_to(uow, operation_id)
        if operation is None:
            raise NotFoundError("no such operation")
        if not may_begin(operation, uow.now):
            raise GateClosedError("too early, or over", missing=("field_time",))
        secret = open_field_session(uow, operation_id, this_client())
    begin_session(secret)
    return make_response(redirect(f"/tonight?operation={operation_id}#content", 303))
