"""Mailing notices: leased and committed, sent with no transaction open, then said what happened. Twice is harmless."""

from __future__ import annotations

from smtplib import SMTP
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

from samsyn.access.rules import POLL_LASTS, Purpose
from samsyn.access.service import Derived, ensure_tokens
from samsyn.calendars.letters import Links, digest_letter, notice_letter
from samsyn.calendars.queries import NoticeMail, notice_mails, wanted_by_mail
from samsyn.calendars.rendering import build_notice
from samsyn.calendars.rules import AT_ONCE, Choice, NoticeKind, digest_at
from samsyn.calendars.service import SEND_NOTICES, pass_on_to_deputies
from samsyn.core.errors import InvalidError
from samsyn.core.outbox import (
    BATCH,
    MAX_LOST,
    Leased,
    anything_due,
    bury,
    finish,
    give_back,
    lease,
    put_off,
    try_again,
)
from samsyn.core.settings import load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import mail
from samsyn_workers.app import app
from samsyn_workers.calendars import LEASE, LIMIT, SOFT_LIMIT, links_of

BUDGET: Final = 5.0
Together = list[tuple[Leased, NoticeMail]]
"""What goes in one mail to one person."""
Batch = list[Together]


@app.task(name=SEND_NOTICES, soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def send_notices(*, acts_for: str) -> int:
    """Mail the due notices of one authority's people who want them so. Running twice, or dying anywhere, loses none."""
    settings, viewer = load_settings(), Viewer.task_of(UUID(acts_for))
    links, sent, ends_at = links_of(settings), 0, monotonic() + BUDGET
    with unit_of_work(viewer) as uow:
        if not anything_due(uow.session, SEND_NOTICES):
            return 0
    with mail.connection(settings.smtp_url) as smtp:
        if smtp is None:
            return 0  # the rows stay due; the relay hints again
        while monotonic() < ends_at and mail.is_open(smtp):
            holder = uuid4()
            leased, batch = begin(viewer, links, holder)
            if not leased:
                break
            sent += send_batch(viewer, holder, batch, smtp, links, ends_at)
    return sent


def begin(viewer: Viewer, links: Links, holder: UUID) -> tuple[int, Batch]:
    """Lease, complete what is not to be mailed, commit; return how many were leased and what is to be sent.

    A person's choice is read as that person, the only one who may read it.
    """
    with unit_of_work(viewer) as uow:
        rows = lease(uow.session, SEND_NOTICES, holder, seconds=LEASE)
        mails = notice_mails(uow, [row.subject_id for row in rows])
        pass_on_to_deputies(uow, list(mails))
    wanted: dict[UUID, Choice] = {}
    for person in {one.person_id for one in mails.values()}:
        with unit_of_work(Viewer.task_of(uow.me, person)) as theirs:
            wanted |= wanted_by_mail(theirs, [one for one in mails.values() if one.person_id == person])
    batch: Batch = []
    daily: dict[UUID, Together] = {}
    with unit_of_work(viewer) as uow:
        for row in rows:
            one = mails.get(row.subject_id)
            how = wanted.get(row.subject_id)
            if row.lost and row.attempts > MAX_LOST:
                bury(uow.session, row, holder)
            elif one is None or how is None or one.in_vain:
                finish(uow.session, row, holder)
            elif how is Choice.MAIL or one.kind in AT_ONCE:
                batch.append([(row, one)])
            elif not put_off(uow.session, row, holder, digest_at(one.at, one.person_id)):
                daily.setdefault(one.person_id, []).append((row, one))
        batch += whole(daily, cut=len(rows) == BATCH, uow=uow, holder=holder)
        ensure_tokens(uow, [token for several in batch for token in addresses_of(several[0][1], links)])
    return len(rows), batch


def whole(daily: dict[UUID, Together], *, cut: bool, uow: UnitOfWork, holder: UUID) -> Batch:
    """Return each person's notices of the day. Rows come in the order of their moment, and a person has one of their
    own: where the batch was cut, the rest of the last person's may be in the next one, so these wait for it.
    """
    if cut and len(daily) > 1:
        last = max(daily, key=lambda person: max(digest_at(one.at, person) for _, one in daily[person]))
        give_back(uow.session, [row for row, _ in daily.pop(last)], holder)
    return list(daily.values())


def addresses_of(one: NoticeMail, links: Links) -> list[Derived]:
    """Return what makes the sender's addresses of a notice known when mail comes back, and what opens a poll's link."""
    opens = []
    if one.kind is NoticeKind.POLL_ASKED:
        secret, until = links.poll_secret(one.subject_id), one.at + POLL_LASTS
        opens.append(Derived(Purpose.POLL, one.person_id, secret, until, poll_ask_id=one.subject_id))
    return [
        *opens,
        Derived(Purpose.REPLY, one.person_id, links.reply_token(one.person_id, one.own_id)),
        Derived(Purpose.BOUNCE, one.person_id, links.bounce_token(one.person_id, one.own_id)),
    ]


def send_batch(viewer: Viewer, holder: UUID, batch: Batch, smtp: SMTP, links: Links, ends_at: float) -> int:
    """Hand them over one by one; the untried rest goes back as if never taken."""
    sent = 0
    for number, several in enumerate(batch):
        if not mail.is_open(smtp) or monotonic() >= ends_at:
            with unit_of_work(viewer) as uow:
                give_back(uow.session, [row for rest in batch[number:] for row, _ in rest], holder)
            break
        again = attempt(smtp, [one for _, one in several], links)
        with unit_of_work(viewer) as uow:
            for row, _ in several:
                (try_again if again else finish)(uow.session, row, holder)
        sent += not again
    return sent


def attempt(smtp: SMTP, several: list[NoticeMail], links: Links) -> bool:
    """Send one mail; say if another try may end better. What is refused for good waits on the page all the same."""
    try:
        letter = digest_letter(several, links) if len(several) > 1 else notice_letter(several[0], links)
    except InvalidError:
        return False
    return mail.pass_on(smtp, letter.bounce_address, letter.recipient_address, build_notice(letter)).again
