"""Tell a person that something waits: one row and one outbox row each, in the transaction that is their cause.

A notice says a kind and the operation's code word, whatever it is about. Whether it is mailed is asked when it is due,
of the person's own choice, which only the person's own authority may read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from samsyn.access.queries import deputies_today, planners_of
from samsyn.calendars.models import Delivery, Notice, NoticeRead
from samsyn.calendars.queries.notices import of_own_view
from samsyn.calendars.rules import THE_PERSONS_OWN, NoticeKind
from samsyn.core.errors import NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork

SEND_NOTICES: Final = "samsyn.calendars.send_notices"
TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Tell:
    """What is told. ``subject_id`` is what it is about; ``n`` makes it the only one of its number, where one is given.

    Without ``n`` each telling is a new one.
    """

    kind: NoticeKind
    operation_id: UUID | None
    code_word: str
    subject_id: UUID
    n: int | None = None


def notify(uow: UnitOfWork, tell: Tell, people: Iterable[tuple[UUID, UUID]]) -> int:
    """Write a notice to each person (person and authority) but the one who acts; return how many were written.

    The caller names only people who may read the operation: the database asks that the own authority takes part.
    """
    written = 0
    for person_id, authority_id in sorted(set(people)):
        if person_id == uow.viewer.person_id:
            continue
        notice_id = write_notice(uow, tell, person_id, authority_id)
        if notice_id is not None:
            emit(uow, SEND_NOTICES, notice_id, acts_for=authority_id)
            written += 1
    return written


def write_notice(uow: UnitOfWork, tell: Tell, person_id: UUID, authority_id: UUID) -> UUID | None:
    """Write one; nothing where the number that was given is taken. Whose number is taken may be hidden from us."""
    tries = [tell.n] if tell.n is not None else range(after := next_number(uow, tell, person_id), after + TRIES)
    for n in tries:
        notice_id = uuid4()
        try:
            with uow.session.begin_nested():
                uow.session.execute(
                    insert(Notice).values(
                        id=notice_id,
                        operation_id=tell.operation_id,
                        from_id=uow.me,
                        to_id=authority_id,
                        person_id=person_id,
                        subject_id=tell.subject_id,
                        notice_kind=tell.kind,
                        n=n,
                        code_word=tell.code_word,
                        at=uow.now,
                    )
                )
        except IntegrityError as error:
            if "uq_notice" not in str(error.orig):
                raise
        else:
            return notice_id
    return None


def next_number(uow: UnitOfWork, tell: Tell, person_id: UUID) -> int:
    """Return the number after the last that the viewer can see."""
    n = Notice
    last = select(func.max(n.n)).where(
        n.subject_id == tell.subject_id, n.person_id == person_id, n.notice_kind == tell.kind
    )
    return (uow.session.scalar(last) or 0) + 1


def pass_on_to_deputies(uow: UnitOfWork, ids: Collection[UUID]) -> int:
    """As the recipients' worker: write notices that are sent also to who stands in for their person today.

    Under the same number, so that nobody hears the same thing twice, and two who stand in for each other once.
    """
    n = Notice
    ours = select(n).where(n.id.in_(ids), n.to_id == uow.me, n.notice_kind.not_in(THE_PERSONS_OWN), of_own_view())
    rows = uow.session.scalars(ours).all()
    deputies, told = deputies_today(uow, {row.person_id for row in rows}) if rows else {}, 0
    for row in rows:
        if row.person_id in deputies:
            tell = Tell(row.notice_kind, row.operation_id, row.code_word, row.subject_id, row.n)
            told += notify(uow, tell, [(deputies[row.person_id][0], uow.me)])
    return told


def notify_refused(uow: UnitOfWork, delivery_id: UUID) -> int:
    """Tell the planners who asked, and those of the recipient, that a message will not arrive; never why, in a mail."""
    told = uow.session.get(Delivery, delivery_id)
    if told is None:
        return 0
    tell = Tell(NoticeKind.DELIVERY_REFUSED, told.operation_id, told.code_word, delivery_id)
    return notify(uow, tell, planners_of(uow, {told.from_id, told.to_id}))


def is_notice(uow: UnitOfWork, ids: list[UUID]) -> bool:
    """Say whether one of the ids is that of a notice to the own authority's people."""
    return bool(ids) and uow.session.scalar(select(Notice.id).where(Notice.id.in_(ids)).limit(1)) is not None


def mark_read(uow: UnitOfWork, notice_id: UUID) -> None:
    """Say that the viewer has seen a notice; again is nothing. ``NotFoundError`` for anybody else's."""
    if mark(uow, notice_id) == 0 and not is_mine(uow, notice_id):
        raise NotFoundError("no such notice")


def mark_all_read(uow: UnitOfWork) -> int:
    """Say that the viewer has seen all; return how many were unseen."""
    return mark(uow, None)


def is_mine(uow: UnitOfWork, notice_id: UUID) -> bool:
    """Say whether a notice is the viewer's own."""
    mine = select(Notice.id).where(Notice.id == notice_id, Notice.person_id == uow.person, Notice.to_id == uow.me)
    return uow.session.scalar(mine.where(of_own_view())) is not None


def mark(uow: UnitOfWork, notice_id: UUID | None) -> int:
    """Write the marks that are missing, of one notice or of all."""
    n, person = Notice, uow.person
    seen = select(NoticeRead.notice_id).where(NoticeRead.notice_id == n.id, NoticeRead.person_id == person)
    unseen = select(n.id).where(n.person_id == person, n.to_id == uow.me, ~seen.exists())
    unseen = unseen.where(of_own_view())
    if notice_id is not None:
        unseen = unseen.where(n.id == notice_id)
    rows = [{"notice_id": one, "person_id": person, "at": uow.now} for one in uow.session.scalars(unseen.limit(5000))]
    if rows:
        uow.session.execute(insert(NoticeRead), rows)
    return len(rows)
