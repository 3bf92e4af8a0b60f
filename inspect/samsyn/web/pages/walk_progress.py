"""How far a newcomer has come: told from what the viewer's authority sees of the newcomer's own operation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import request

from samsyn.core.paging import MOST, Seek
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, list_operations, parts_of, people_of
from samsyn.operations.rules import AFTERWARDS, TOLD, AssignmentState, OperationState

BACK: Final = timedelta(days=2)
AHEAD: Final = timedelta(days=400)
PLACES: Final = {
    "propose": "/operations/new",
    "visit": "/operations/{id}/visits/new",
    "accept": "/",
    "find": "/tonight?operation={id}",
    "read": "/businesses",
}
"""Where a step is done; the others on the operation's page."""
COOKIE: Final = "samsyn-walk"
"""What the tour is about: ``on`` before there is an operation, then its id; ``.read`` after the last step."""
READ: Final = ".read"
BEGUN: Final = AFTERWARDS | {OperationState.ONGOING}


@dataclass(frozen=True, slots=True)
class Progress:
    """The operation, if the viewer sees one, and the steps that are done."""

    operation: UUID | None = None
    done: frozenset[str] = frozenset()

    def path(self, step: str) -> str:
        """Return where the step is done; as long as there is no operation, the list of them."""
        place = PLACES.get(step, "/operations/{id}")
        return place.format(id=self.operation) if self.operation or "{id}" not in place else "/operations"


def chosen() -> UUID | None:
    """Return the operation that this browser's tour is about, if it has come so far."""
    try:
        return UUID(request.cookies.get(COOKIE, "").removesuffix(READ))
    except ValueError:
        return None


def over() -> bool:
    """Say whether this browser has come to the end of its tour."""
    return request.cookies.get(COOKIE, "").endswith(READ)


def progress(uow: UnitOfWork, loaded: Collection[UUID], chosen: UUID | None = None) -> Progress:
    """Return how far the chosen operation is, or the newest that was not loaded; four statements."""
    between = (uow.now - BACK, uow.now + AHEAD)
    own = [one for one in list_operations(uow, Seek(MOST), between=between).items if one.id not in loaded]
    if not own:
        return Progress()
    newest = max(own, key=lambda one: (one.id == chosen, one.changed_at))
    return Progress(newest.id, steps_done(uow, newest))


def steps_done(uow: UnitOfWork, operation: OperationCard) -> frozenset[str]:
    """Return the names of the steps that are behind."""
    parts = [part for part in parts_of(uow, operation.id) if not part.withdrawn]
    people = people_of(uow, operation.id)
    state = operation.state
    theirs = [part for part in parts if part.authority_id != operation.lead_id]
    asked = {person.authority_id for person in people}
    all_asked = bool(parts) and all(part.accepted and part.authority_id in asked for part in parts)
    facts = {
        "propose": True,
        "visit": bool(parts) and state is not OperationState.PROPOSED,
        "answer": any(part.accepted for part in theirs),
        "people": all_asked and bool(operation.meeting_place and operation.lead_person_id),
        "invite": state in TOLD | BEGUN,
        "accept": any(p.state is AssignmentState.ACCEPTED and p.authority_id != operation.lead_id for p in people),
        "begin": state in BEGUN,
        "find": any(part.handed_in for part in theirs),
        "report": state in {OperationState.COMPILED, OperationState.CLOSED},
        "read": over() and state in {OperationState.COMPILED, OperationState.CLOSED},  # reading leaves no trace here
    }
    return frozenset(name for name, so in facts.items() if so)
