"""Mailing notices: leased and committed, sent with no transaction open, then said what happened. Twice is harmless."""

from __future__ import annotations

from smtplib import SMTP
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

from samsyn.access.rules import POLL_LASTS, Purpose
from samsyn.access.service import Derived, ensure_tokens
from samsyn.calendars.letters import Links, notice_letter
from samsyn.calendars.queries import NoticeMail, not_by_mail, notice_mails
from samsyn.calendars.rendering import build_notice
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import SEND_NOTICES, pass_on_to_deputies
from samsyn.core.errors import InvalidError
from samsyn.core.outbox import MAX_LOST, Leased, anything_due, bury, finish, give_back, lease, try_again
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import mail
from samsyn_workers.app import app
from samsyn_workers.calendars import LEASE, LIMIT, SOFT_LIMIT, links_of

BUDGET: Final = 5.0
Batch = list[tuple[Leased, NoticeMail]]


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
    unwanted: set[UUID] = set()
    for person in {one.person_id for one in mails.values()}:
        with unit_of_work(Viewer.task_of(uow.me, person)) as theirs:
            unwanted |= not_by_mail(theirs, [one for one in mails.values() if one.person_id == person])
    batch: Batch = []
    with unit_of_work(viewer) as uow:
        for row in rows:
            one = mails.get(row.subject_id)
            if row.lost and row.attempts > MAX_LOST:
                bury(uow.session, row, holder)
            elif one is None or one.id in unwanted or one.contact is None:
                finish(uow.session, row, holder)
            else:
                batch.append((row, one))
        ensure_tokens(uow, [token for _, one in batch for token in addresses_of(one, links)])
    return len(rows), batch


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
    for number, (row, one) in enumerate(batch):
        if not mail.is_open(smtp) or monotonic() >= ends_at:
            with unit_of_work(viewer) as uow:
                give_back(uow.session, [rest for rest, _ in batch[number:]], holder)
            break
        again = attempt(smtp, one, links)
        with unit_of_work(viewer) as uow:
            (try_again if again else finish)(uow.session, row, holder)
        sent += not again
    return sent


def attempt(smtp: SMTP, one: NoticeMail, links: Links) -> bool:
    """Send one; say whether another try may end better. One that is refused for good waits on the page all the same."""
    try:
        letter = notice_letter(one, links)
    except InvalidError:
        return False
    return mail.pass_on(smtp, letter.bounce_address, letter.recipient_address, build_notice(letter)).again
