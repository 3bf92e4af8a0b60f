"""Gather what the gates ask, a constant number of statements for an operation of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from samsyn.access.queries import competences_of
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import CompileStatus, operation_status, statuses_of
from samsyn.lifecycle.rules import GateFacts, Goer
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    PersonLine,
    get_operation,
    participations,
    participations_of_many,
    parts_of,
    parts_of_many,
    people_of,
    people_of_many,
    targets_of,
    targets_of_many,
    visits_of,
    visits_of_many,
)
from samsyn.operations.rules import AFTERWARDS, AssignmentState

NOT_YET: Final = CompileStatus(frozenset(), frozenset(), None)


def gate_facts(uow: UnitOfWork, operation_id: UUID) -> GateFacts:
    """Return all that the gates may ask of an operation, as the viewer sees it (the lead sees all of it)."""
    operation = get_operation(uow, operation_id)
    parts, people = parts_of(uow, operation_id), people_of(uow, operation_id)
    return facts_of(uow, operation, parts, people, status_of(uow, operation))


def status_of(uow: UnitOfWork, operation: OperationCard) -> CompileStatus:
    """Return what is compiled; nothing is before the operation is done, and then nothing is read."""
    return operation_status(uow, operation.id) if operation.state in AFTERWARDS else NOT_YET


def facts_of(
    uow: UnitOfWork,
    operation: OperationCard,
    parts: Sequence[PartCard],
    people: Sequence[PersonLine],
    status: CompileStatus,
) -> GateFacts:
    """Return the facts for a caller who has read parts, people and status already."""
    accepted = [p for p in people if p.state is AssignmentState.ACCEPTED]
    able = competences_of(uow, {p.person_id for p in accepted})
    return GateFacts(
        operation=operation,
        visits=tuple(visits_of(uow, operation.id)),
        targets=targets_of(uow, operation.id),
        parts=tuple(part for part in parts if not part.withdrawn),
        participations=tuple(participations(uow, operation.id)),
        people=tuple(people),
        accepted=tuple(Goer(p.authority_id, able.get((p.person_id, p.authority_id), frozenset())) for p in accepted),
        built=status.built,
        closed=status.closed,
        common_approved=status.common_approved,
    )


def facts_of_many(uow: UnitOfWork, operations: Sequence[OperationCard]) -> dict[UUID, GateFacts]:
    """Return what the gates may ask of each operation: as many statements for a hundred as for one."""
    ids = {operation.id for operation in operations}
    visits, targets, parts = visits_of_many(uow, ids), targets_of_many(uow, ids), parts_of_many(uow, ids)
    lines, people, statuses = participations_of_many(uow, ids), people_of_many(uow, ids), statuses_of(uow, ids)
    accepted = {key: [p for p in people.get(key, ()) if p.state is AssignmentState.ACCEPTED] for key in ids}
    able = competences_of(uow, {p.person_id for some in accepted.values() for p in some})
    return {
        one.id: GateFacts(
            operation=one,
            visits=tuple(visits.get(one.id, ())),
            targets=targets.get(one.id, {}),
            parts=tuple(parts.get(one.id, ())),
            participations=tuple(lines.get(one.id, ())),
            people=tuple(people.get(one.id, ())),
            accepted=tuple(
                Goer(p.authority_id, able.get((p.person_id, p.authority_id), frozenset())) for p in accepted[one.id]
            ),
            built=statuses[one.id].built,
            closed=statuses[one.id].closed,
            common_approved=statuses[one.id].common_approved,
        )
        for one in operations
    }
