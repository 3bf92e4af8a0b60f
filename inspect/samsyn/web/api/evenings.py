"""What a phone takes along for the evening, and whether its field session stands; under the findings' scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf.csrf import generate_csrf

from samsyn.core.errors import NotFoundError, NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import goes_to
from samsyn.web.api.quarantine import blueprint
from samsyn.web.guards import guarded
from samsyn.web.identity import current_card, current_language, current_viewer, identified
from samsyn.web.packing import pack_evening
from samsyn.web.shown.evenings import EveningOut, FieldSessionOut

__all__ = ["blueprint"]


@blueprint.get("/field-session")
@guarded()
@blueprint.output(FieldSessionOut)
def get_field_session() -> FieldSessionOut:
    """Whom this device stands for; 401 says that its session was ended, and that what it packed must go."""
    who, card = identified(), current_card()
    if who is None or card is None:
        raise NotKnownError("sign in")
    return FieldSessionOut(
        person_id=who.credential.person_id,
        authority_id=who.credential.authority_id,
        name=card.name,
        operation_id=who.credential.operation_id,
        csrf_token=generate_csrf(),
    )


@blueprint.get("/operations/<uuid:operation_id>/evening")
@guarded()
@blueprint.output(EveningOut)
def get_evening(operation_id: UUID) -> Any:
    """All that a phone needs for an evening without coverage, for one of those who go; own findings in it are logged.

    Another person's, or an operation that one does not go to, is as absent.
    """
    current_language()  # found now: asked for within the unit of work it would take a second connection
    with unit_of_work(current_viewer()) as uow:
        operation = goes_to(uow, operation_id)
        if operation is None:
            raise NotFoundError("no such operation")
        return pack_evening(uow, operation)
