"""Tell people: one frozen delivery and one outbox row per person, in the transaction that is their cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.calendars.models import Delivery, DeliveryAttempt
from samsyn.calendars.rules import MESSAGES, About, Change, Happened, Method
from samsyn.core.installation import sequence_step
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork

SEND_DELIVERIES: Final = "samsyn.calendars.send_deliveries"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person should know of an operation now; compared with what the person was told last."""

    assignment_id: UUID
    person_id: UUID
    authority_id: UUID
    uid: str
    role: str
    starts_at: datetime
    ends_at: datetime


def last_told(uow: UnitOfWork, operation_id: UUID) -> dict[UUID, Delivery]:
    """The newest delivery of each person of an operation."""
    d = Delivery
    rows = uow.session.scalars(select(d).where(d.operation_id == operation_id).order_by(d.person_id, d.sequence))
    return {row.person_id: row for row in rows}


def change_for(last: Delivery | None, about: About, wanted: Wanted) -> Change | None:
    """Return what a person is to be told; nothing where the last invitation still says what it should."""
    if last is None or last.method is Method.CANCEL:
        return Change.ASKED
    if (last.starts_at, last.ends_at) != (wanted.starts_at, wanted.ends_at):
        return Change.TIME
    says = (last.code_word, last.meeting_place, last.role, last.asks)
    return Change.WORDS if says != (about.code_word, about.meeting_place, wanted.role, about.asks) else None


def invite(uow: UnitOfWork, about: About, people: Sequence[Wanted], *, anew: UUID | None = None) -> int:
    """Write a REQUEST to each person whose last message says something else; return how many were written.

    ``anew``: a person who is asked once more after a no, and hears of it whatever the last message says.
    """
    before = last_told(uow, about.operation_id)
    changes = {
        one.person_id: Change.ASKED if one.person_id == anew else change_for(before.get(one.person_id), about, one)
        for one in people
    }
    return tell(uow, about, [(one, change) for one in people if (change := changes[one.person_id])], before)


def cancel(uow: UnitOfWork, about: About, people: Sequence[Wanted], *, whole: bool) -> int:
    """Write a CANCEL to each person who has an invitation that stands; return how many were written.

    ``whole``: the event itself is cancelled; otherwise only this person is removed (RFC 5546 3.2.5).
    """
    before, change = last_told(uow, about.operation_id), Change.CALLED_OFF if whole else Change.REMOVED
    standing = {person for person, last in before.items() if last.method is Method.REQUEST}
    return tell(uow, about, [(one, change) for one in people if one.person_id in standing], before)


def tell(
    uow: UnitOfWork, about: About, changes: Sequence[tuple[Wanted, Change]], before: Mapping[UUID, Delivery]
) -> int:
    """Write each person's own message, as the table says; return how many."""
    step = sequence_step(uow) if changes else 0
    for wanted, change in changes:
        last = before.get(wanted.person_id)
        version = (step, uow.now) if last is None else next_version(last, uow.now)
        write(uow, about, wanted, change, version)
    return len(changes)


def next_version(last: Delivery, now: datetime) -> tuple[int, datetime]:
    """Return SEQUENCE and DTSTAMP of a person's next message, both greater than the last; a stamp has whole seconds."""
    return last.sequence + 1, max(now, last.written_at + timedelta(seconds=1))


def write(uow: UnitOfWork, about: About, wanted: Wanted, change: Change, version: tuple[int, datetime]) -> None:
    """Write the frozen delivery and the outbox row that acts for the recipient's authority."""
    delivery_id, line, (sequence, written_at) = uuid4(), MESSAGES[change], version
    uow.session.execute(
        insert(Delivery).values(
            id=delivery_id,
            operation_id=about.operation_id,
            from_id=uow.me,
            to_id=wanted.authority_id,
            person_id=wanted.person_id,
            assignment_id=wanted.assignment_id,
            uid=wanted.uid,
            method=line.method,
            whole=line.whole,
            time_moved=not line.answers_stand,
            sequence=sequence,
            code_word=about.code_word,
            meeting_place=about.meeting_place,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            asks=about.asks,
            role=wanted.role,
            authorities=list(about.authorities),
            written_at=written_at,
        )
    )
    emit(uow, SEND_DELIVERIES, delivery_id, acts_for=wanted.authority_id)


def note_begun(uow: UnitOfWork, begun: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Write "begin" for deliveries (id, operation, attempt), before any of them is tried."""
    lines = [
        {
            "id": uuid4(),
            "delivery_id": delivery_id,
            "operation_id": operation_id,
            "to_id": uow.me,
            "attempt": attempt,
            "happened": Happened.BEGIN,
            "reason": None,
            "at": uow.now,
        }
        for delivery_id, operation_id, attempt in begun
    ]
    if lines:
        uow.session.execute(insert(DeliveryAttempt), lines)


def note(
    uow: UnitOfWork, delivery_id: UUID, operation_id: UUID, attempt: int, happened: Happened, reason: str | None = None
) -> None:
    """Write a line of the ledger; ``reason`` is a code of the mail server ("550"), never its text."""
    uow.session.execute(
        insert(DeliveryAttempt).values(
            id=uuid4(),
            delivery_id=delivery_id,
            operation_id=operation_id,
            to_id=uow.me,
            attempt=attempt,
            happened=happened,
            reason=reason,
            at=uow.now,
        )
    )
