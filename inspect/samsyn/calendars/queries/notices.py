"""Read what waits for a person beside the calendar, and what of it is to be mailed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from samsyn.access.queries import Contact, contacts, my_settings
from samsyn.authorities.queries import authority_names
from samsyn.calendars.models import DeliveryAttempt, Notice, NoticeRead
from samsyn.calendars.rules import PAGE_OF, Choice, Happened, NoticeKind, chosen
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import operations_seen
from samsyn.planning.queries.polls import PollLine, polls_asked


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as its person sees it: a kind, an operation's code word, when; nothing of what it is about."""

    id: UUID
    kind: NoticeKind
    operation_id: UUID | None
    subject_id: UUID
    code_word: str
    at: datetime
    read_at: datetime | None

    @property
    def unread(self) -> bool:
        """Say whether the person has not seen it on the page."""
        return self.read_at is None

    @property
    def href(self) -> str:
        """Return where it leads."""
        if self.operation_id is None:
            return PAGE_OF[self.kind]
        return f"/operations/{self.operation_id}{'/poll' if self.kind is NoticeKind.POLL_ASKED else ''}"


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """A notice to be mailed, and where to. ``poll``: what is asked, while it may be answered; ``asks``: by whom."""

    id: UUID
    kind: NoticeKind
    operation_id: UUID | None
    person_id: UUID
    own_id: UUID
    code_word: str
    at: datetime
    contact: Contact | None
    subject_id: UUID
    poll: PollLine | None = None
    asks: str = ""

    @property
    def in_vain(self) -> bool:
        """Say whether it has nobody to go to, or asks what nobody may answer any more."""
        return self.contact is None or (self.kind is NoticeKind.POLL_ASKED and self.poll is None)


def choices_of(uow: UnitOfWork) -> dict[NoticeKind, Choice]:
    """How the viewer wants each kind of notice."""
    return chosen(my_settings(uow))


def of_own_view() -> ColumnElement[bool]:
    """Say that a notice is about an operation that the viewer may read, or about none."""
    return or_(Notice.operation_id.is_(None), operations_seen(Notice.operation_id))


def _mine(
    uow: UnitOfWork, wanted: Collection[NoticeKind]
) -> Select[UUID, NoticeKind, UUID | None, UUID, str, datetime, datetime]:
    """The viewer's notices about operations that the viewer may read, with when they were seen."""
    n, r = Notice, NoticeRead
    return (
        select(n.id, n.notice_kind, n.operation_id, n.subject_id, n.code_word, n.at, r.at)
        .outerjoin(r, and_(r.notice_id == n.id, r.person_id == uow.person))
        .where(n.person_id == uow.person, n.to_id == uow.me, n.notice_kind.in_(wanted))
        .where(of_own_view())
    )


def list_notices(uow: UnitOfWork, seek: Seek) -> Page[NoticeLine]:
    """The viewer's notices of the kinds that the viewer wants, those not seen first, newest first."""
    n = Notice
    seen = case((NoticeRead.notice_id.is_(None), 0), else_=1)
    rows = _mine(uow, wanted(choices_of(uow))).order_by(seen, n.at.desc(), n.id.desc())
    if seek.after:
        try:
            group, at, last = int(seek.after[0]), datetime.fromisoformat(seek.after[1]), UUID(seek.after[2])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((seen > group) | ((seen == group) & (tuple_(n.at, n.id) < (at, last))))
    lines = [NoticeLine(*row) for row in uow.session.execute(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda one: (str(int(not one.unread)), one.at.isoformat(), str(one.id)))


def wanted(choices: dict[NoticeKind, Choice]) -> list[NoticeKind]:
    """Return the kinds that are shown on the page."""
    return [kind for kind, choice in choices.items() if choice is not Choice.OFF]


def count_unread(uow: UnitOfWork, choices: dict[NoticeKind, Choice], most: int = 100) -> int:
    """How many notices wait unseen, counted up to ``most``."""
    rows = _mine(uow, wanted(choices)).where(NoticeRead.notice_id.is_(None)).limit(most)
    return uow.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def notice_mails(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, NoticeMail]:
    """Notices to people of the viewer's own authority, with addresses, by id; for the sending task."""
    rows = list(uow.session.scalars(select(Notice).where(Notice.id.in_(ids), Notice.to_id == uow.me)))
    reach = contacts(uow, {row.person_id for row in rows})
    asks = [row.subject_id for row in rows if row.notice_kind is NoticeKind.POLL_ASKED]
    polls = polls_asked(uow, asks) if asks else {}
    names = authority_names(uow, {poll.lead_id for poll in polls.values()}) if polls else {}
    return {
        row.id: NoticeMail(
            row.id,
            row.notice_kind,
            row.operation_id,
            row.person_id,
            row.to_id,
            row.code_word,
            row.at,
            reach.get(row.person_id),
            row.subject_id,
            poll := polls.get(row.subject_id),
            names.get(poll.lead_id, "") if poll else "",
        )
        for row in rows
    }


def wanted_by_mail(uow: UnitOfWork, notices: Collection[NoticeMail]) -> dict[UUID, Choice]:
    """Those that the viewer, a person, wants by mail and has not seen on the page meanwhile: at once, or once a day."""
    choices = choices_of(uow)
    ids = [one.id for one in notices]
    seen = set(uow.session.scalars(select(NoticeRead.notice_id).where(NoticeRead.notice_id.in_(ids))))
    how = {one.id: choices[one.kind] for one in notices if one.id not in seen}
    return {key: choice for key, choice in how.items() if choice in {Choice.MAIL, Choice.DAILY}}


def refusal_codes(uow: UnitOfWork, deliveries: Collection[UUID]) -> dict[UUID, str]:
    """The mail server's code for deliveries that it refused; for the page alone, never for a mail."""
    a = DeliveryAttempt
    rows = (
        select(a.delivery_id, a.reason)
        .where(a.delivery_id.in_(list(deliveries)), a.happened == Happened.REFUSED, a.reason.is_not(None))
        .order_by(a.at)
        .limit(2000)
    )
    return {row.delivery_id: row.reason for row in uow.session.execute(rows)}


def reminded_since(uow: UnitOfWork, places: Collection[UUID], since: datetime) -> set[UUID]:
    """The places whose person was reminded of the answer since a time, as far as the viewer can tell."""
    n = Notice
    rows = select(n.subject_id).where(
        n.subject_id.in_(list(places)), n.notice_kind == NoticeKind.ANSWER_REMINDER, n.at > since
    )
    return set(uow.session.scalars(rows))
