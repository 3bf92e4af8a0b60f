"""Keep what a person asked for instead of answering, and that a planner left things as they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from samsyn.access.queries import colleague_at
from samsyn.audit.service import record
from samsyn.calendars.models import ReplySettled, ReplyWish
from samsyn.calendars.queries import QueuedReply
from samsyn.calendars.replies import CalendarPart
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import PersonLine
from samsyn.planning.rules import Span


def write_wish(uow: UnitOfWork, reply_id: UUID, place: PersonLine, calendar: CalendarPart) -> None:
    """Write the time that a COUNTER proposes and the colleague whom a delegation names; nothing where there is neither.

    Only somebody of the own authority counts as a colleague: an address outside is none of ours to keep.
    """
    times = calendar.times if calendar.method == "COUNTER" else None
    named = [one.delegates_to for one in calendar.attendees if one.delegates_to]
    colleague = colleague_at(uow, named[0]) if len(named) == 1 else None
    keep_wish(uow, reply_id, place, times, colleague)


def keep_wish(uow: UnitOfWork, reply_id: UUID, place: PersonLine, times: Span | None, colleague: UUID | None) -> None:
    """Write a time or a colleague that was asked for; nothing where there is neither, or the colleague is oneself."""
    if times is None and colleague in (None, place.person_id):
        return
    starts_at, ends_at = times or (None, None)
    uow.session.execute(
        insert(ReplyWish).values(
            reply_id=reply_id,
            operation_id=place.operation_id,
            authority_id=uow.me,
            lead_id=place.lead_id,
            starts_at=starts_at,
            ends_at=ends_at,
            colleague_id=colleague if colleague != place.person_id else None,
        )
    )


def settle_reply(uow: UnitOfWork, queued: QueuedReply) -> None:
    """Say that an answer that the viewer found in the queue changes nothing. A second time is ``ConflictError``."""
    uow.session.execute(
        insert(ReplySettled).values(
            reply_id=queued.id,
            operation_id=queued.operation_id,
            authority_id=queued.authority_id,
            lead_id=queued.lead_id,
            settled_by_id=uow.me,
            person_id=uow.person,
            at=uow.now,
        )
    )
    record(uow, "reply.settle", queued.id, owner=queued.authority_id)
