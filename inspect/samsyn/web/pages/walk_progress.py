"""How far a newcomer has come: told from what the viewer's authority sees of the newcomer's own operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from flask import request

from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import operation_status
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    PersonLine,
    operations_by_id,
    parts_of,
    people_of,
    visits_of,
)
from samsyn.operations.rules import AFTERWARDS, TOLD, AssignmentState, OperationState, VisitState

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
SUMMED: Final = frozenset({OperationState.COMPILED, OperationState.CLOSED})
STEPS_ON: Final = frozenset({"prepare", "settle", "invite", "confirm", "start", "mark_done", "reported", "compiled"})
"""Errands that are a press of the operation's own button to its next state."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The operation, if the viewer sees it, the steps that are done, whether it has a visit already, its name.

    ``errands``: of a step that is several things to do, each in its order and whether it is done.
    """

    operation: UUID | None = None
    done: frozenset[str] = frozenset()
    visited: bool = False
    code_word: str = ""
    errands: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    def errand(self, step: str) -> tuple[int, str]:
        """Return the first thing to do of a step that is not done, counted from one; 0 for a step that is one thing."""
        of = self.errands.get(step, {})
        return next(((n, name) for n, (name, did) in enumerate(of.items(), 1) if not did), (0, ""))

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
    """Return how far this browser's operation is: the one made in its tour, and nobody else's; few statements."""
    mine = chosen()
    seen = operations_by_id(uow, {mine}) if mine is not None else {}
    for operation in seen.values():
        parts = [part for part in parts_of(uow, operation.id) if not part.withdrawn]
        people = people_of(uow, operation.id)
        errands = errands_of(uow, operation, parts, people)
        done = steps_done(operation, parts, people, errands)
        return Progress(operation.id, done, bool(parts), operation.code_word, errands)
    return Progress()


def steps_done(
    operation: OperationCard,
    parts: list[PartCard],
    people: list[PersonLine],
    errands: Mapping[str, Mapping[str, bool]],
) -> frozenset[str]:
    """Return the names of the steps that are behind; one of several things to do when all are done."""
    state = operation.state
    theirs = [part for part in parts if part.authority_id != operation.lead_id]
    facts = {
        "propose": True,
        "visit": all(errands["visit"].values()),
        "answer": any(part.accepted for part in theirs),
        "people": all(errands["people"].values()),
        "invite": state in TOLD | BEGUN,
        "accept": any(p.state is AssignmentState.ACCEPTED and p.authority_id != operation.lead_id for p in people),
        "begin": state in BEGUN,
        "find": any(part.handed_in for part in theirs),
        "report": state in SUMMED,
        "read": over() and state in SUMMED,  # reading leaves no trace here
    }
    return frozenset(name for name, so in facts.items() if so)


def errands_of(
    uow: UnitOfWork, operation: OperationCard, parts: list[PartCard], people: list[PersonLine]
) -> dict[str, dict[str, bool]]:
    """Return what the steps with several things to do consist of, in the order in which the pages ask for them."""
    state, lead = operation.state, operation.lead_id
    own = [part for part in parts if part.authority_id == lead]
    asked = {person.authority_id for person in people}
    going = [p for p in people if p.authority_id == lead and p.state is AssignmentState.ACCEPTED]
    begun = state in BEGUN
    return {
        "visit": {"add": bool(parts), "prepare": state is not OperationState.PROPOSED},
        "people": {
            "answer": any(part.accepted for part in own),
            "police": lead in asked,
            "tobacco": bool(parts) and all(part.accepted and part.authority_id in asked for part in parts),
            "meeting": bool(operation.meeting_place and operation.lead_person_id),
        },
        "invite": {"settle": state not in {OperationState.PROPOSED, OperationState.PREPARING}, "invite": begun},
        "begin": {"yes": bool(going), "confirm": begun or state is OperationState.CONFIRMED, "start": begun},
        "report": reporting(uow, operation, own) if begun else {},
    }


def reporting(uow: UnitOfWork, operation: OperationCard, own: list[PartCard]) -> dict[str, bool]:
    """Return what there is to do after the evening; the common part is looked for only once it is asked for."""
    state = operation.state
    reported = state in SUMMED | {OperationState.REPORTED}
    return {
        "end": all(visit.state is not VisitState.PLANNED for visit in visits_of(uow, operation.id)),
        "mark_done": state in AFTERWARDS,
        "hand_in": all(part.handed_in for part in own),
        "reported": reported,
        "common": reported and operation_status(uow, operation.id).common_approved,
        "compiled": state in SUMMED,
    }
