"""All of an operation as one viewer may see it, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samsyn.calendars.queries import ReplyLine, Sending, every_sending, newest, replies_of
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.status import CompileStatus
from samsyn.lifecycle.facts import facts_of, status_of
from samsyn.lifecycle.rules import GATES, next_step
from samsyn.operations.queries import (
    OperationCard,
    PartCard,
    ParticipationLine,
    PersonLine,
    TargetLine,
    VisitLine,
    get_operation,
    parts_of,
    people_of,
    states_reached,
)
from samsyn.operations.rules import OperationState


@dataclass(frozen=True, slots=True)
class Overview:
    """An operation, what belongs to it, and what the next gate wants (asked for the lead, who sees all of it).

    ``sendings``: the newest message to each person; ``sent``: every one, oldest first.
    """

    operation: OperationCard
    visits: tuple[VisitLine, ...]
    targets: Mapping[UUID, TargetLine]
    parts: tuple[PartCard, ...]
    people: tuple[PersonLine, ...]
    participations: tuple[ParticipationLine, ...]
    sendings: tuple[Sending, ...]
    sent: tuple[Sending, ...]
    replies: tuple[ReplyLine, ...]
    status: CompileStatus
    next_state: OperationState | None
    missing: tuple[str, ...]
    reached: Mapping[OperationState, datetime]


def overview(uow: UnitOfWork, operation_id: UUID) -> Overview:
    """Return the operation; ``NotFoundError`` where it is hidden or absent."""
    operation = get_operation(uow, operation_id)
    parts, people, status = parts_of(uow, operation_id), people_of(uow, operation_id), status_of(uow, operation)
    facts, sent = facts_of(uow, operation, parts, people, status), every_sending(uow, operation_id)
    to = next_step(operation.state)
    return Overview(
        operation=operation,
        visits=facts.visits,
        targets=facts.targets,
        parts=tuple(parts),
        people=tuple(people),
        participations=facts.participations,
        sendings=tuple(newest(sent)),
        sent=tuple(sent),
        replies=tuple(replies_of(uow, operation_id)),
        status=status,
        next_state=to,
        missing=GATES[operation.state, to](facts) if to and operation.lead_id == uow.me else (),
        reached=states_reached(uow, operation_id),
    )
