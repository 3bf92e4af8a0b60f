"""Gather what the gates ask, a constant number of statements for an operation of any size."""

from __future__ import annotations

from uuid import UUID

from samsyn.access.queries import competences_of
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import operation_status
from samsyn.lifecycle.rules import GateFacts, Goer
from samsyn.operations.queries import (
    answers_given,
    get_operation,
    participations,
    people_of,
    targets_of,
    visits_of,
)
from samsyn.operations.rules import AssignmentState


def gate_facts(uow: UnitOfWork, operation_id: UUID) -> GateFacts:
    """Return all that the gates may ask of an operation, as the viewer sees it (the lead sees all of it)."""
    accepted = [p for p in people_of(uow, operation_id) if p.state is AssignmentState.ACCEPTED]
    able = competences_of(uow, {p.person_id for p in accepted})
    status = operation_status(uow, operation_id)
    return GateFacts(
        operation=get_operation(uow, operation_id),
        visits=tuple(visits_of(uow, operation_id)),
        targets=targets_of(uow, operation_id),
        parts=tuple(answers_given(uow, operation_id)),
        participations=tuple(participations(uow, operation_id)),
        accepted=tuple(Goer(p.authority_id, able.get((p.person_id, p.authority_id), frozenset())) for p in accepted),
        built=status.built,
        closed=status.closed,
        common_approved=status.common_approved,
    )
