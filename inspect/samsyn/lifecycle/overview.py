"""All of an operation as one viewer may see it, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from samsyn.calendars.queries import ReplyLine, Sending, replies_of, sendings
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.facts import gate_facts
from samsyn.lifecycle.rules import GATES, next_step
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    ParticipationLine,
    PersonLine,
    TargetLine,
    VisitLine,
    parts_of,
    people_of,
)
from samsyn.operations.rules import OperationState


@dataclass(frozen=True, slots=True)
class Overview:
    """An operation, what belongs to it, and what the next gate wants (asked for the lead, who sees all of it)."""

    operation: OperationCard
    visits: tuple[VisitLine, ...]
    targets: Mapping[UUID, TargetLine]
    parts: tuple[PartCard, ...]
    people: tuple[PersonLine, ...]
    participations: tuple[ParticipationLine, ...]
    sendings: tuple[Sending, ...]
    replies: tuple[ReplyLine, ...]
    next_state: OperationState | None
    missing: tuple[str, ...]


def overview(uow: UnitOfWork, operation_id: UUID) -> Overview:
    """Return the operation; ``NotFoundError`` where it is hidden or absent."""
    facts = gate_facts(uow, operation_id)
    state = facts.operation.state
    to = next_step(state)
    return Overview(
        operation=facts.operation,
        visits=facts.visits,
        targets=facts.targets,
        parts=tuple(parts_of(uow, operation_id)),
        people=tuple(people_of(uow, operation_id)),
        participations=facts.participations,
        sendings=tuple(sendings(uow, operation_id)),
        replies=tuple(replies_of(uow, operation_id)),
        next_state=to,
        missing=GATES[state, to](facts) if to and facts.operation.lead_id == uow.me else (),
    )
