"""How far a newcomer has come: told from what the viewer's authority sees of the newcomer's own operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import request

from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, PartCard, operations_by_id, parts_of, people_of
from samsyn.operations.rules import AFTERWARDS, TOLD, AssignmentState, OperationState

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
    """The operation, if the viewer sees it, the steps that are done, whether it has a visit already, its name."""

    operation: UUID | None = None
    done: frozenset[str] = frozenset()
    visited: bool = False
    code_word: str = ""

    def path(self, step: str) -> str:
        """Return where the step is done; as long as there is no operation, the list of them."""
        place = PLACES.get(step, "/operations/{id}")
        if step == "visit" and self.visited:  # what is left of the step is a button of the operation's page
            place = "/operations/{id}#gate"
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


def progress(uow: UnitOfWork) -> Progress:
    """Return how far this browser's operation is: the one made in its tour, and nobody else's; four statements."""
    mine = chosen()
    seen = operations_by_id(uow, {mine}) if mine is not None else {}
    for operation in seen.values():
        parts = [part for part in parts_of(uow, operation.id) if not part.withdrawn]
        return Progress(operation.id, steps_done(uow, operation, parts), bool(parts), operation.code_word)
    return Progress()


def steps_done(uow: UnitOfWork, operation: OperationCard, parts: list[PartCard]) -> frozenset[str]:
    """Return the names of the steps that are behind."""
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
