"""Tasks of calendars: sending deliveries, reading mail that came in."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTP
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

from samsyn.calendars.doors import open_doors
from samsyn.calendars.letters import Links, letter
from samsyn.calendars.queries import Told, messages, unfinished
from samsyn.calendars.rules import Happened
from samsyn.calendars.service import SEND_DELIVERIES, note, note_begun, notify_refused, take_mail
from samsyn.core.errors import InvalidError
from samsyn.core.keys import load_keys
from samsyn.core.outbox import MAX_LOST, Leased, anything_due, bury, finish, give_back, lease, try_again
from samsyn.core.settings import Settings, load_settings
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import mail
from samsyn_workers.app import app
from samsyn_workers.inbound import read_mailbox

BUDGET: Final = 5.0
"""Seconds after which a run begins no further letter: with an answer that comes late (10 s) still within the limit."""
SOFT_LIMIT, LIMIT, LEASE = 16, 18, 20
"""Seconds: shorter than the house's, since the lease is what a killed worker makes invitations wait."""
GAVE_UP: Final = "gave_up"
"""In the ledger for a delivery whose worker died of it again and again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one authority that are to be handed over, and what they say; ``leased`` counts all that were taken."""

    viewer: Viewer
    holder: UUID
    leased: int
    rows: list[tuple[Leased, Told]]


def links_of(settings: Settings) -> Links:
    """Return the addresses of this installation."""
    keys = load_keys(settings.key_file or settings.data_dir / "keys.json")
    return Links(keys, settings.base_url, settings.mail_domain, settings.service_name)


@app.task(name=SEND_DELIVERIES, soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def send_deliveries(*, acts_for: str) -> int:
    """Send the due deliveries of one authority, 50 at a time. Running twice, or dying anywhere, loses none."""
    settings, viewer = load_settings(), Viewer.task_of(UUID(acts_for))
    links, sent, ends_at = links_of(settings), 0, monotonic() + BUDGET
    with unit_of_work(viewer) as uow:
        if not anything_due(uow.session, SEND_DELIVERIES):
            return 0  # most hints come twice: no connection for nothing
    with mail.connection(settings.smtp_url) as smtp:
        if smtp is None:
            return 0  # the rows stay due; the relay hints again
        while monotonic() < ends_at and mail.is_open(smtp):
            batch = begin(viewer, links)
            if not batch.leased:
                break
            sent += send_batch(batch, smtp, links, ends_at)
    return sent


def send_batch(batch: Batch, smtp: SMTP, links: Links, ends_at: float) -> int:
    """Hand the letters over, one by one, no transaction open meanwhile; return how many were accepted.

    Where the link is gone, the time is over or the lease was lost, the untried rest goes back as if never taken.
    """
    sent = 0
    for number, (row, told) in enumerate(batch.rows):
        kept = mail.is_open(smtp) and monotonic() < ends_at
        if kept:
            outcome = attempt(smtp, told, links)
            kept = conclude(batch, row, told, outcome)
            sent += kept and outcome.happened is Happened.ACCEPTED
        if not kept:
            with unit_of_work(batch.viewer) as uow:
                give_back(uow.session, [rest for rest, _ in batch.rows[number:]], batch.holder)
            break
    return sent


def attempt(smtp: SMTP, told: Told, links: Links) -> mail.Outcome:
    """Hand one letter over; one that cannot be written (an address that is none) is refused by us."""
    try:
        one = letter(told, links)
    except InvalidError:
        return mail.Outcome(Happened.REFUSED, "invalid")
    return mail.hand_over(smtp, one)


def begin(viewer: Viewer, links: Links) -> Batch:
    """Lease and say "begin", committed before anything is sent; make what the letters' links open.

    What needs no mail server is settled here: overtaken, without an address, or its worker's death again and again.
    """
    holder, kept = uuid4(), []
    with unit_of_work(viewer) as uow:
        rows = lease(uow.session, SEND_DELIVERIES, holder, seconds=LEASE)
        told = messages(uow, [row.subject_id for row in rows])
        for row in sorted(rows, key=lambda it: person_of(told, it)):
            one = told.get(row.subject_id)
            if one is None:
                try_again(uow.session, row, holder)  # hidden for now: the authority does not take part
            elif settled := without_sending(uow, row, one):
                happened, reason = settled
                note(uow, one.id, one.operation_id, row.attempts, happened, reason)
                if happened is Happened.REFUSED:
                    notify_refused(uow, one.id)
                (bury if reason == GAVE_UP else finish)(uow.session, row, holder)
            else:
                kept.append((row, one))
        note_begun(uow, [(one.id, one.operation_id, row.attempts) for row, one in kept])
        open_doors(uow, [one for _, one in kept], links)
    return Batch(viewer, holder, len(rows), kept)


def person_of(told: dict[UUID, Told], row: Leased) -> tuple[str, int]:
    """Return what rows are ordered by: the person, and for one person the version."""
    one = told.get(row.subject_id)
    return (str(one.person_id), one.sequence) if one else ("", 0)


def without_sending(uow: UnitOfWork, row: Leased, told: Told) -> tuple[Happened, str | None] | None:
    """Return what a delivery ends as without a mail server, or None where it is to be sent."""
    if told.overtaken:
        return Happened.OVERTAKEN, None
    if told.contact is None:
        return Happened.REFUSED, "no_address"
    if row.lost and unfinished(uow, told.id, row.attempts) >= MAX_LOST:
        return Happened.REFUSED, GAVE_UP
    return None


def conclude(batch: Batch, row: Leased, told: Told, outcome: mail.Outcome) -> bool:
    """Write what happened, one commit per recipient; what may still succeed goes back into the queue.

    False, and nothing written, if the lease was lost: whoever has the row now sends the same bytes and writes it down.
    """
    with unit_of_work(batch.viewer) as uow:
        mine = (try_again if outcome.again else finish)(uow.session, row, batch.holder)
        if mine:
            note(uow, told.id, told.operation_id, row.attempts, outcome.happened, outcome.reason)
            if outcome.happened is Happened.REFUSED and not outcome.again:
                notify_refused(uow, told.id)
    return mine


@app.task(name="samsyn.calendars.receive_mail")
def receive_mail() -> int:
    """Take in what lies in the mailbox; a mail taken twice does nothing the second time."""
    settings = load_settings()
    if not settings.inbound_url:
        return 0
    links = links_of(settings)

    def take(raw: bytes, recipient: str) -> object:
        return take_mail(raw, links, envelope_to=recipient, trusted_authserv=settings.trusted_authserv)

    return read_mailbox(settings.inbound_url, take)
