"""Tell people: one frozen delivery and one outbox row per person, in the transaction that is their cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.calendars.models import Delivery, DeliveryAttempt
from samsyn.calendars.rules import About, Happened, Method
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


def knows(last: Delivery | None, about: About, wanted: Wanted) -> bool:
    """Say whether the last invitation still says what it should; then nobody is written to."""
    return last is not None and (
        last.method,
        last.code_word,
        last.meeting_place,
        last.starts_at,
        last.ends_at,
        last.role,
        last.asks,
    ) == (
        Method.REQUEST,
        about.code_word,
        about.meeting_place,
        wanted.starts_at,
        wanted.ends_at,
        wanted.role,
        about.asks,
    )


def invite(uow: UnitOfWork, about: About, people: Sequence[Wanted]) -> int:
    """Write a REQUEST to each person whose last message says something else; return how many were written."""
    before, step = last_told(uow, about.operation_id), sequence_step(uow)
    told = 0
    for wanted in people:
        last = before.get(wanted.person_id)
        if knows(last, about, wanted):
            continue
        moved = last is None or (last.starts_at, last.ends_at) != (wanted.starts_at, wanted.ends_at)
        write(uow, about, wanted, Method.REQUEST, next_sequence(last, step), time_moved=moved)
        told += 1
    return told


def cancel(uow: UnitOfWork, about: About, people: Sequence[Wanted], *, whole: bool) -> int:
    """Write a CANCEL to each person who has an invitation that stands.

    ``whole``: the event itself is cancelled (STATUS:CANCELLED); otherwise only this person is removed (RFC 5546 3.2.5).
    """
    before, step = last_told(uow, about.operation_id), sequence_step(uow)
    told = 0
    for wanted in people:
        last = before.get(wanted.person_id)
        if last is None or last.method is Method.CANCEL:
            continue
        write(uow, about, wanted, Method.CANCEL, next_sequence(last, step), whole=whole, time_moved=False)
        told += 1
    return told


def next_sequence(last: Delivery | None, step: int) -> int:
    """Each person has a sequence of their own; a restore raised every later one by ``step``."""
    return last.sequence + 1 if last is not None else step


def write(
    uow: UnitOfWork,
    about: About,
    wanted: Wanted,
    method: Method,
    sequence: int,
    *,
    time_moved: bool,
    whole: bool = False,
) -> None:
    """Write the frozen delivery and the outbox row that acts for the recipient's authority."""
    delivery_id = uuid4()
    uow.session.execute(
        insert(Delivery).values(
            id=delivery_id,
            operation_id=about.operation_id,
            from_id=uow.me,
            to_id=wanted.authority_id,
            person_id=wanted.person_id,
            assignment_id=wanted.assignment_id,
            uid=wanted.uid,
            method=method,
            whole=whole,
            time_moved=time_moved,
            sequence=sequence,
            code_word=about.code_word,
            meeting_place=about.meeting_place,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            asks=about.asks,
            role=wanted.role,
            authorities=list(about.authorities),
            written_at=uow.now,
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
