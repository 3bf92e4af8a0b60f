"""Read the answers that nobody may apply by themselves: another time, a colleague, a sender who is not the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from samsyn.calendars.models import Delivery, Reply, ReplyComment, ReplySettled, ReplyWish
from samsyn.calendars.rules import COUNTER, Decision, Said
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, operations_by_id

MOST: Final = 200
"""Answers that are looked at in one read; a queue that long is read from its newest end."""


@dataclass(frozen=True, slots=True)
class QueuedReply:
    """An answer that a planner has to look at. ``wished`` is the time that was asked for, ``colleague_id`` the person.

    ``reason`` is why it was not applied: a code of ``decide``.
    """

    id: UUID
    operation_id: UUID
    authority_id: UUID
    person_id: UUID
    assignment_id: UUID
    said: Said
    reason: str
    sequence: int
    at: datetime
    comment: str
    wished: tuple[datetime, datetime] | None
    colleague_id: UUID | None
    lead_id: UUID

    @property
    def is_counter(self) -> bool:
        """Whether another time is asked for, which is the lead's to decide."""
        return self.reason == COUNTER

    def waits_for(self, authority_id: UUID) -> bool:
        """Say whether an authority's planners have to look: the time is the lead's, the people are their own."""
        return authority_id == (self.lead_id if self.is_counter else self.authority_id)


def queued_replies(uow: UnitOfWork, limit: int = MOST) -> list[QueuedReply]:
    """Return what waits for the viewer's authority, newest first; two statements."""
    found = read(uow, waiting().order_by(Reply.at.desc(), Reply.id).limit(limit))
    return [one for one in found if one.waits_for(uow.me)]


def get_queued(uow: UnitOfWork, reply_id: UUID) -> QueuedReply:
    """Return one that waits for the viewer's authority; ``NotFoundError`` where it is hidden, absent or settled."""
    found = [one for one in read(uow, waiting().where(Reply.id == reply_id)) if one.waits_for(uow.me)]
    if not found:
        raise NotFoundError("no such answer in the queue")
    return found[0]


def waiting() -> Select[Reply, str, ReplyWish]:
    """Return the question for answers that wait: nobody settled them, and nothing newer took their place.

    What takes it: an answer that was applied later, or a message that moved the person's time or called it off.
    """
    newer, told = aliased(Reply), Delivery
    applied = exists().where(
        newer.assignment_id == Reply.assignment_id, newer.decision == Decision.APPLIED, newer.at > Reply.at
    )
    overtaken = exists().where(
        told.operation_id == Reply.operation_id,
        told.person_id == Reply.person_id,
        told.sequence > Reply.sequence,
        told.written_at > Reply.at,
        told.time_moved,
    )
    settled = exists().where(ReplySettled.reply_id == Reply.id)
    return (
        select(Reply, ReplyComment.text, ReplyWish)
        .outerjoin(ReplyComment, ReplyComment.reply_id == Reply.id)
        .outerjoin(ReplyWish, ReplyWish.reply_id == Reply.id)
        .where(Reply.decision == Decision.QUEUE, ~settled, ~applied, ~overtaken)
    )


def read(uow: UnitOfWork, rows: Select[Reply, str, ReplyWish]) -> Sequence[QueuedReply]:
    """Read them with their operations' leads."""
    found = uow.session.execute(rows).all()
    operations = operations_by_id(uow, {row.Reply.operation_id for row in found}) if found else {}
    return [
        queued(reply, comment or "", wish, operations[reply.operation_id])
        for reply, comment, wish in found
        if reply.operation_id in operations
    ]


def queued(reply: Reply, comment: str, wish: ReplyWish | None, operation: OperationCard) -> QueuedReply:
    """Copy mapped rows into the public type."""
    times = (wish.starts_at, wish.ends_at) if wish else (None, None)
    return QueuedReply(
        id=reply.id,
        operation_id=reply.operation_id,
        authority_id=reply.authority_id,
        person_id=reply.person_id,
        assignment_id=reply.assignment_id,
        said=reply.said,
        reason=reply.reason or "",
        sequence=reply.sequence,
        at=reply.at,
        comment=comment,
        wished=(times[0], times[1]) if times[0] and times[1] else None,
        colleague_id=wish.colleague_id if wish else None,
        lead_id=operation.lead_id,
    )
