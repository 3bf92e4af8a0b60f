"""Somebody who was asked names a colleague instead, by the personal link: a question to the own planners, no answer."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.access.queries import colleague_at
from samsyn.audit.service import record
from samsyn.calendars.models import Reply
from samsyn.calendars.queries.queued import waiting
from samsyn.calendars.replies import Decided
from samsyn.calendars.rules import DELEGATED, Decision, Said, Via
from samsyn.calendars.service.replies import write_reply
from samsyn.calendars.service.telling import last_told
from samsyn.calendars.service.wishes import keep_wish
from samsyn.core.errors import InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import get_assignment

MOST: Final = 5
"""Names that wait for a planner at once: whoever has the link could fill the queue otherwise."""


def pass_on(uow: UnitOfWork, assignment_id: UUID, address: str, comment: str = "") -> None:
    """Put the wish that a colleague goes instead before the own planners, as a delegation by mail is (CALENDARS 3).

    The answer that stands is not changed, and nobody is asked. Whether the address is a colleague's is told to the
    planners alone: whoever has the link would learn it otherwise. The same colleague again is nothing new. Raises
    ``InvalidError`` (field ``colleague``) where too many wait.
    """
    place = get_assignment(uow, assignment_id)
    colleague = colleague_at(uow, address)
    found = passed_on(uow, assignment_id)
    if colleague in found:
        return
    if len(found) >= MOST:
        raise InvalidError("enough colleagues are named", fields={"colleague": ["colleagues_named"]})
    told = last_told(uow, place.operation_id).get(place.person_id)
    decided = Decided(Decision.QUEUE, Said.OTHER, DELEGATED, uow.now)
    sequence = told.sequence if told else 0
    reply_id = write_reply(uow, place, decided, Via.LINK, sequence=sequence, comment=comment)
    keep_wish(uow, reply_id, place, None, colleague)
    record(uow, "reply.pass_on", reply_id)


def passed_on(uow: UnitOfWork, assignment_id: UUID) -> list[UUID | None]:
    """Return the colleagues that a person named and whom no planner has looked at yet; nothing for who is none."""
    mine = waiting().where(Reply.assignment_id == assignment_id, Reply.reason == DELEGATED)
    return [row.ReplyWish.colleague_id if row.ReplyWish else None for row in uow.session.execute(mine).all()]
