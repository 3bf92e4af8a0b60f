"""Read what people were told, whether it arrived, and what they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from samsyn.access.queries import Contact, contacts
from samsyn.calendars.models import Delivery, DeliveryAttempt, Notice, Reply, ReplyComment
from samsyn.calendars.rules import BY_COLLEAGUE, Decision, Happened, Method, NoticeKind, Said, Via
from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """One frozen message to one person, and where it may go. ``overtaken``: the same person was told newer things."""

    id: UUID
    operation_id: UUID
    person_id: UUID
    assignment_id: UUID
    uid: str
    method: Method
    whole: bool
    sequence: int
    code_word: str
    meeting_place: str
    starts_at: datetime
    ends_at: datetime
    asks: str
    role: str
    own_id: UUID
    authorities: tuple[str, ...]
    written_at: datetime
    overtaken: bool
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Sending:
    """How a message to a person fares, as the lead sees it: never an address. ``from_id``: who sent it."""

    person_id: UUID
    method: Method
    sequence: int
    happened: Happened | None
    reason: str | None
    at: datetime
    from_id: UUID


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """An answer that came; the comment is for the own authority and the lead."""

    person_id: UUID
    said: Said
    via: Via
    verified: bool
    decision: Decision
    at: datetime
    comment: str | None
    reason: str | None

    @property
    def way(self) -> str:
        """Return how it came: a person's own way, or that a colleague with planning rights said it."""
        return BY_COLLEAGUE if self.reason == BY_COLLEAGUE else self.via


def messages(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, Told]:
    """Return deliveries to people of the viewer's own authority, with addresses, by id; for the sending task."""
    rows = list(uow.session.scalars(select(Delivery).where(Delivery.id.in_(ids))))
    newest = {
        (operation_id, person_id): sequence
        for operation_id, person_id, sequence in uow.session.execute(
            select(Delivery.operation_id, Delivery.person_id, func.max(Delivery.sequence))
            .where(Delivery.person_id.in_({r.person_id for r in rows}))
            .group_by(Delivery.operation_id, Delivery.person_id)
        )
    }
    reach = contacts(uow, {row.person_id for row in rows})
    return {
        row.id: Told(
            row.id,
            row.operation_id,
            row.person_id,
            row.assignment_id,
            row.uid,
            row.method,
            row.whole,
            row.sequence,
            row.code_word,
            row.meeting_place,
            row.starts_at,
            row.ends_at,
            row.asks,
            row.role,
            row.to_id,
            tuple(row.authorities),
            row.written_at,
            newest[row.operation_id, row.person_id] > row.sequence,
            reach.get(row.person_id),
        )
        for row in rows
    }


def unfinished(uow: UnitOfWork, delivery_id: UUID, before: int) -> int:
    """How many attempts below ``before`` were begun and never ended: their workers vanished."""
    a, ended = DeliveryAttempt, aliased(DeliveryAttempt)
    found = select(func.count(a.attempt.distinct())).where(
        a.delivery_id == delivery_id,
        a.happened == Happened.BEGIN,
        a.attempt < before,
        ~exists().where(ended.delivery_id == delivery_id, ended.attempt == a.attempt, ended.happened != Happened.BEGIN),
    )
    return uow.session.scalar(found) or 0


def sendings(uow: UnitOfWork, operation_id: UUID) -> list[Sending]:
    """The newest message to each person of an operation and the last line of its ledger."""
    return newest(every_sending(uow, operation_id))


def invited_people(uow: UnitOfWork, operation_id: UUID) -> set[UUID]:
    """Return who holds an invitation to an operation: whose newest message is none that takes it back."""
    d = Delivery
    last = (
        select(d.person_id, d.method)
        .where(d.operation_id == operation_id)
        .ext(distinct_on(d.person_id))
        .order_by(d.person_id, d.sequence.desc())
        .limit(2000)
    )
    return {row.person_id for row in uow.session.execute(last) if row.method is Method.REQUEST}


def newest(sent: Iterable[Sending]) -> list[Sending]:
    """The last message to each person of those that come in the order of their numbers."""
    return list({line.person_id: line for line in sent}.values())


def every_sending(uow: UnitOfWork, operation_id: UUID) -> list[Sending]:
    """Every message to each person of an operation, in their order, with the last line of its ledger."""
    d, a = Delivery, DeliveryAttempt
    last = (
        select(a.delivery_id, a.happened, a.reason)
        .where(a.operation_id == operation_id)
        .order_by(a.at, a.attempt, (a.happened != Happened.BEGIN))
    )
    state = {row.delivery_id: (row.happened, row.reason) for row in uow.session.execute(last)}
    rows = uow.session.scalars(
        select(d).where(d.operation_id == operation_id).order_by(d.person_id, d.sequence).limit(2000)
    )
    return [
        Sending(row.person_id, row.method, row.sequence, *state.get(row.id, (None, None)), row.written_at, row.from_id)
        for row in rows
    ]


def reminders_of(uow: UnitOfWork, operation_id: UUID) -> dict[UUID, datetime]:
    """When the viewer's authority last reminded each person of answering, or was reminded itself."""
    n = Notice
    rows = (
        select(n.person_id, func.max(n.at).label("at"))
        .where(n.operation_id == operation_id, n.notice_kind == NoticeKind.ANSWER_REMINDER)
        .group_by(n.person_id)
    )
    return {row.person_id: row.at for row in uow.session.execute(rows)}


def deliveries_of(uow: UnitOfWork, operation_id: UUID) -> int:
    """How many messages were written about an operation so far."""
    return uow.session.scalar(select(func.count()).where(Delivery.operation_id == operation_id)) or 0


@dataclass(frozen=True, slots=True)
class SentLine:
    """How a person's newest invitation to an operation fares: never an address."""

    operation_id: UUID
    person_id: UUID
    to_id: UUID
    happened: Happened | None
    reason: str | None
    written_at: datetime


def sent_of(uow: UnitOfWork, operations: Collection[UUID]) -> list[SentLine]:
    """The invitation of each person of some operations who is not called off, with the last line of its ledger."""
    d, a = Delivery, DeliveryAttempt
    newest = (
        select(d.id, d.operation_id, d.person_id, d.to_id, d.written_at, d.method)
        .where(one_of(d.operation_id, operations))
        .ext(distinct_on(d.operation_id, d.person_id))
        .order_by(d.operation_id, d.person_id, d.sequence.desc())
        .subquery()
    )
    last = (
        select(a.delivery_id, a.happened, a.reason)
        .where(one_of(a.operation_id, operations))
        .ext(distinct_on(a.delivery_id))
        .order_by(a.delivery_id, a.at.desc(), a.attempt.desc(), (a.happened == Happened.BEGIN))
        .subquery()
    )
    n = newest.c
    rows = (
        select(n.operation_id, n.person_id, n.to_id, last.c.happened, last.c.reason, n.written_at)
        .outerjoin(last, last.c.delivery_id == n.id)
        .where(n.method == Method.REQUEST)
    )
    return [SentLine(*row) for row in uow.session.execute(rows)]


def replies_of(uow: UnitOfWork, operation_id: UUID, limit: int = 200) -> list[ReplyLine]:
    """The answers to an operation, newest first."""
    r = Reply
    rows = (
        select(r.person_id, r.said, r.via, r.verified, r.decision, r.at, ReplyComment.text, r.reason)
        .outerjoin(ReplyComment, ReplyComment.reply_id == r.id)
        .where(r.operation_id == operation_id)
        .order_by(r.at.desc(), r.id)
        .limit(limit)
    )
    return [ReplyLine(*row) for row in uow.session.execute(rows)]
