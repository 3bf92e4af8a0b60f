"""Answers that a planner has to look at, and the one press that settles each: move, replace, count it, leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.calendars.queries import QueuedReply, get_queued, queued_replies
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here, settle_reply
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.held import ReplacePerson
from samsyn.lifecycle.service import Reschedule
from samsyn.operations.queries import OperationCard, PersonLine, operations_by_id, people_of_many
from samsyn.operations.rules import BEFORE_ONGOING, AssignmentState, OperationState

OPEN: Final = BEFORE_ONGOING | {OperationState.ONGOING}
COUNTED: Final = frozenset({Said.ACCEPTED, Said.DECLINED, Said.TENTATIVE})


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An answer to look at, whose it is, and what could be done. ``moves_to``: the operation's start, if it is granted.

    ``colleague``: the shown name of who is to go instead, empty where nobody of the own authority is named.
    """

    reply: QueuedReply
    operation: OperationCard
    place: PersonLine
    moves_to: datetime | None
    colleague: str
    own: bool

    @property
    def counts(self) -> bool:
        """Whether it may be taken for the person's answer: it is one, and only who sent it is in doubt."""
        return self.own and not self.reply.is_counter and self.reply.said in COUNTED


def queue_of(uow: UnitOfWork) -> list[QueueLine]:
    """Return what waits for the viewer's authority in operations that are not over, newest first."""
    return lines(uow, queued_replies(uow))


def get_line(uow: UnitOfWork, reply_id: UUID) -> QueueLine:
    """Return one of them; ``NotAllowedError`` for anyone but a planner, ``NotFoundError`` where it does not wait."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner decides on answers")
    found = lines(uow, [get_queued(uow, reply_id)])
    if not found:
        raise NotFoundError("no such answer in the queue")
    return found[0]


def lines(uow: UnitOfWork, queued: Sequence[QueuedReply]) -> list[QueueLine]:
    """Put operations, people and names to answers; a constant number of statements."""
    if not queued:
        return []
    ids = {one.operation_id for one in queued}
    operations, people = operations_by_id(uow, ids), people_of_many(uow, ids)
    places = {place.assignment_id: place for of_one in people.values() for place in of_one}
    names = staff_names(uow, {one.colleague_id for one in queued if one.colleague_id})
    found = []
    for one in queued:
        operation, place = operations.get(one.operation_id), places.get(one.assignment_id)
        if operation is None or place is None or operation.state not in OPEN:
            continue
        if place.state is not AssignmentState.WITHDRAWN:
            colleague = names.get((one.colleague_id, one.authority_id), "") if one.colleague_id else ""
            own = one.authority_id == uow.me
            found.append(QueueLine(one, operation, place, moved(one, operation, place), colleague, own))
    return found


def moved(reply: QueuedReply, operation: OperationCard, place: PersonLine) -> datetime | None:
    """Return when the operation would start if the person's own time began when it was asked to."""
    return None if reply.wished is None else operation.starts_at + (reply.wished[0] - place.starts_at)


def move_as_asked(uow: UnitOfWork, reply_id: UUID) -> Reschedule:
    """Return the command that grants the time; ``ConflictError`` where none was asked for, or it stands already."""
    line = get_line(uow, reply_id)
    if line.moves_to is None or line.moves_to == line.operation.starts_at or line.operation.lead_id != uow.me:
        raise ConflictError("no other time was asked for")
    return Reschedule(line.operation.id, line.moves_to, line.operation.version)


def replace_as_asked(uow: UnitOfWork, reply_id: UUID) -> ReplacePerson:
    """Return the command that lets the named colleague go, who is asked as everybody; ``ConflictError`` for no one."""
    line = get_line(uow, reply_id)
    if line.reply.colleague_id is None or not line.own:
        raise ConflictError("nobody of yours was named")
    return ReplacePerson(line.place.assignment_id, line.reply.colleague_id)


def count_as_answer(uow: UnitOfWork, reply_id: UUID) -> PersonLine:
    """Take it for the person's own answer, as said by a colleague; ``ConflictError`` where it is none."""
    line = get_line(uow, reply_id)
    if not line.counts:
        raise ConflictError("that is no answer")
    answer_here(uow, line.place.assignment_id, line.reply.said, Via.PAGE, line.reply.comment)
    return line.place


def leave_as_it_is(uow: UnitOfWork, reply_id: UUID) -> None:
    """Say that an answer in the queue changes nothing."""
    settle_reply(uow, get_line(uow, reply_id).reply)
