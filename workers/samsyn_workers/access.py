"""Mailing invitations: leased and committed, sent with no transaction open, then said what happened.

A letter's link derives from keys and the sending's number, so a second try is the same bytes. What was taken, taken
back, sent or run out meanwhile is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTP
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

from samsyn.access.queries import Offer, invitations_by_id
from samsyn.access.service import SEND_INVITATIONS, note_sent
from samsyn.authorities.queries import authority_names, units_of
from samsyn.calendars.letters import Links, offer_letter
from samsyn.calendars.rendering import build_offer
from samsyn.calendars.rules import Happened
from samsyn.core.errors import InvalidError
from samsyn.core.outbox import MAX_LOST, Leased, anything_due, bury, finish, give_back, lease, try_again
from samsyn.core.settings import load_settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import mail
from samsyn_workers.app import app
from samsyn_workers.calendars import LEASE, LIMIT, SOFT_LIMIT, links_of

BUDGET: Final = 5.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Invitations of one authority that are to be mailed, and the words that their letters name it by."""

    viewer: Viewer
    holder: UUID
    leased: int
    rows: list[tuple[Leased, Offer]]
    authority: str
    units: dict[UUID, str]


@app.task(name=SEND_INVITATIONS, soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def send_invitations(*, acts_for: str) -> int:
    """Mail the due invitations of one authority. Running twice, or dying anywhere, loses none."""
    settings, viewer = load_settings(), Viewer.task_of(UUID(acts_for))
    links, sent, ends_at = links_of(settings), 0, monotonic() + BUDGET
    with unit_of_work(viewer) as uow:
        if not anything_due(uow.session, SEND_INVITATIONS):
            return 0
    with mail.connection(settings.smtp_url) as smtp:
        if smtp is None:
            return 0  # the rows stay due; the relay hints again
        while monotonic() < ends_at and mail.is_open(smtp):
            batch = begin(viewer)
            if not batch.leased:
                break
            sent += send_batch(batch, smtp, links, ends_at)
    return sent


def begin(viewer: Viewer) -> Batch:
    """Lease, complete what is not to be mailed any more, commit."""
    holder, kept = uuid4(), []
    with unit_of_work(viewer) as uow:
        rows = lease(uow.session, SEND_INVITATIONS, holder, seconds=LEASE)
        offers = invitations_by_id(uow, {row.subject_id for row in rows})
        for row in rows:
            offer = offers.get(row.subject_id)
            if row.lost and row.attempts > MAX_LOST:
                bury(uow.session, row, holder)
            elif offer is None or not offer.open or offer.sent_at is not None:
                finish(uow.session, row, holder)
            else:
                kept.append((row, offer))
        name = authority_names(uow, {uow.me}).get(uow.me, "")
        units = {unit.id: unit.name for unit in units_of(uow, {uow.me})}
    return Batch(viewer, holder, len(rows), kept, name, units)


def send_batch(batch: Batch, smtp: SMTP, links: Links, ends_at: float) -> int:
    """Hand them over one by one; the untried rest goes back as if never taken."""
    sent = 0
    for number, (row, offer) in enumerate(batch.rows):
        if not mail.is_open(smtp) or monotonic() >= ends_at:
            with unit_of_work(batch.viewer) as uow:
                give_back(uow.session, [rest for rest, _ in batch.rows[number:]], batch.holder)
            break
        outcome = attempt(smtp, batch, offer, links)
        with unit_of_work(batch.viewer) as uow:
            if (try_again if outcome.again else finish)(uow.session, row, batch.holder):
                accepted = outcome.happened is Happened.ACCEPTED
                note_sent(uow, offer.id, offer.edition, None if accepted else outcome.reason)
                sent += accepted
    return sent


def attempt(smtp: SMTP, batch: Batch, offer: Offer, links: Links) -> mail.Outcome:
    """Hand one letter over; one that cannot be written (an address that is none) is refused by us."""
    try:
        letter = offer_letter(offer, batch.authority, batch.units.get(offer.unit_id, ""), links)
    except InvalidError:
        return mail.Outcome(Happened.REFUSED, "invalid")
    return mail.pass_on(smtp, letter.sender_address, letter.recipient_address, build_offer(letter))
