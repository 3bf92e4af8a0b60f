"""Take answers: by mail, by personal link, on the page. An answer changes its own person's place and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.access.queries import Credential, contacts, find_credential
from samsyn.access.rules import Purpose
from samsyn.calendars.bounces import deliveries_named, undelivered
from samsyn.calendars.letters import BOUNCE, Links, event_secret
from samsyn.calendars.models import Delivery, Inbound, Reply, ReplyComment
from samsyn.calendars.replies import Decided, Facts, InboundMail, decide, read_reply
from samsyn.calendars.rules import BY_COLLEAGUE, Decision, Happened, Method, Said, Via
from samsyn.calendars.service.notices import is_notice, notify_refused
from samsyn.calendars.service.telling import SEND_DELIVERIES, last_told, note
from samsyn.calendars.service.wishes import write_wish
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotKnownError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import POST_OFFICE, Viewer
from samsyn.operations.queries import PersonLine, find_by_uid, get_assignment
from samsyn.operations.service import AnswerAssignment, answer_assignment

MEANS: Final = {Said.ACCEPTED: True, Said.DECLINED: False, Said.TENTATIVE: None}
BOUNCED: Final = re.compile(rf"(?<![A-Za-z0-9.+_-]){BOUNCE}\+([a-z2-7]{{16}})@", re.IGNORECASE)
KEPT: Final = frozenset({Decision.QUEUE, Decision.QUARANTINE})
"""What a person looks at later: only then is the mail itself kept, encrypted."""


def take_mail(
    raw: bytes, links: Links, *, envelope_to: str = "", trusted_authserv: str = "", now: datetime | None = None
) -> Decided:
    """Read one inbound mail and do what it may do, in one transaction; twice the same mail does it once.

    Mail without the secret of a person goes to the post office's quarantine; nothing is ever answered to it.
    """
    mail = read_reply(raw, envelope_to=envelope_to, trusted_authserv=trusted_authserv)
    bounced = BOUNCED.search(envelope_to)
    known = bearer(bounced[1].lower() if bounced else mail.token, now) or vouched_for(mail, now)
    if known is None:
        with unit_of_work(Viewer.task_of(POST_OFFICE), now) as uow:
            facts = Facts(received_at=uow.now, seen=seen(uow, mail))
            return keep(uow, mail, decide(mail, facts), raw, links)
    worker = Viewer.task_of(known.authority_id)
    try:
        with unit_of_work(worker, now) as uow:
            return keep(uow, mail, take_in(uow, mail, known, raw), raw, links)
    except (ConflictError, GateClosedError) as error:
        # A yes to a time that was given away meanwhile: a planner must look, and the mail must not come again for ever.
        with unit_of_work(worker, now) as uow:
            return keep(uow, mail, set_aside(uow, mail, known, error.code), raw, links)


def take_in(uow: UnitOfWork, mail: InboundMail, known: Credential, raw: bytes) -> Decided:
    """Do what a mail to a person's own address may do; seen before, it does nothing."""
    if known.purpose is Purpose.BOUNCE:
        return bounce(uow, mail, known, raw)
    mine = place_of(uow, mail, known)
    decided = decide(mail, facts_of(uow, mail, known, mine))
    if mine is not None and not seen(uow, mail):
        act(uow, mail, mine, decided)
    return decided


def set_aside(uow: UnitOfWork, mail: InboundMail, known: Credential, reason: str) -> Decided:
    """Put an answer that cannot be applied into the planner's queue."""
    mine = place_of(uow, mail, known)
    before = decide(mail, facts_of(uow, mail, known, mine))
    if before.decision is not Decision.APPLIED or mine is None:
        return before
    decided = Decided(Decision.QUEUE, before.said, reason)
    act(uow, mail, mine, decided)
    return decided


def place_of(uow: UnitOfWork, mail: InboundMail, known: Credential) -> PersonLine | None:
    """Return the place that a mail speaks of, if it is that of the person to whose address it came."""
    place = find_by_uid(uow, mail.calendar.uid) if mail.calendar else None
    return place if place and place.person_id == known.person_id else None


def bearer(token: str, now: datetime | None) -> Credential | None:
    """Return whose reply or bounce address a mail was sent to."""
    if not token:
        return None
    try:
        return find_credential(token, frozenset({Purpose.REPLY, Purpose.BOUNCE}), now)
    except NotKnownError:
        return None


def vouched_for(mail: InboundMail, now: datetime | None) -> Credential | None:
    """Return whose invitation a mail without a person's secret speaks of, if our mail server vouches that it is theirs.

    It never counts as the answer: a planner looks at it (rule c).
    """
    if mail.calendar is None or not mail.dmarc_pass or len(mail.comes_from) != 1:
        return None
    try:
        known = find_credential(event_secret(mail.calendar.uid), frozenset({Purpose.EVENT}), now)
    except NotKnownError:
        return None
    with unit_of_work(Viewer.task_of(known.authority_id), now) as uow:
        reach = contacts(uow, {known.person_id}).get(known.person_id)
    return known if reach and reach.address.lower() == mail.comes_from[0] else None


def seen(uow: UnitOfWork, mail: InboundMail) -> bool:
    """Say whether this mail was taken in before."""
    found = select(Inbound.id).where(Inbound.authority_id == uow.me, Inbound.message_hash == mail.message_hash)
    return uow.session.scalar(found) is not None


def facts_of(uow: UnitOfWork, mail: InboundMail, known: Credential, place: PersonLine | None) -> Facts:
    """Gather what the decision asks: the person's addresses, what was told last, which answer holds."""
    reach = contacts(uow, {known.person_id}).get(known.person_id)
    holder = frozenset({reach.address}) if reach else frozenset()
    proven = known.purpose is not Purpose.EVENT
    addresses = holder if proven else frozenset()
    if place is None:
        return Facts(received_at=uow.now, seen=seen(uow, mail), addresses=addresses)
    told = last_told(uow, place.operation_id).get(place.person_id)
    moved = uow.session.scalar(
        select(Delivery.sequence)
        .where(
            Delivery.operation_id == place.operation_id,
            Delivery.person_id == place.person_id,
            Delivery.time_moved,
        )
        .order_by(Delivery.sequence.desc())
        .limit(1)
    )
    holds = uow.session.execute(
        select(Reply.stamped_at, Reply.message_hash)
        .where(Reply.assignment_id == place.assignment_id, Reply.decision == Decision.APPLIED)
        .order_by(Reply.stamped_at.desc(), Reply.message_hash.desc())
        .limit(1)
    ).one_or_none()
    stands = told is not None and told.method is Method.REQUEST
    return Facts(
        received_at=uow.now,
        seen=seen(uow, mail),
        addresses=addresses,
        invited=proven and stands,
        holder=holder if stands else frozenset(),
        time_sequence=moved or 0,
        last_sequence=told.sequence if told else 0,
        told_at=told.written_at if told else None,
        last_stamp=holds.stamped_at if holds else None,
        last_hash=(holds.message_hash or "") if holds else "",
    )


def act(uow: UnitOfWork, mail: InboundMail, place: PersonLine, decided: Decided) -> None:
    """Do what was decided: only APPLIED changes an answer, only RESEND sends anything."""
    if decided.decision is Decision.RESEND:
        told = last_told(uow, place.operation_id).get(place.person_id)
        if told is not None:
            emit(uow, SEND_DELIVERIES, told.id, acts_for=uow.me)
        return
    queued = decided.decision is Decision.QUEUE
    if mail.calendar is None or (decided.said is None and not queued):
        return
    if decided.decision is Decision.APPLIED and decided.said is not None:
        answer_assignment(uow, AnswerAssignment(place.assignment_id, MEANS[decided.said]))
    reply_id = write_reply(
        uow,
        place,
        decided,
        Via.MAIL,
        sequence=mail.calendar.sequence,
        message_hash=mail.message_hash,
        comment=mail.calendar.comment,
    )
    if queued:
        write_wish(uow, reply_id, place, mail.calendar)


def answer_here(uow: UnitOfWork, assignment_id: UUID, said: Said, via: Via, comment: str = "") -> None:
    """Take the answer that a person gives by personal link or on the page.

    Raises ``InvalidError`` (field ``said``) for a word that is none of the three answers.
    """
    if said not in MEANS:
        raise InvalidError("no answer", fields={"said": ["no_answer"]})
    place = get_assignment(uow, assignment_id)
    answer_assignment(uow, AnswerAssignment(assignment_id, MEANS[said]))
    told = last_told(uow, place.operation_id).get(place.person_id)
    by_colleague = via is Via.PAGE and uow.viewer.person_id != place.person_id
    decided = Decided(Decision.APPLIED, said, BY_COLLEAGUE if by_colleague else via.value, uow.now)
    write_reply(uow, place, decided, via, sequence=told.sequence if told else 0, comment=comment)


def write_reply(
    uow: UnitOfWork,
    place: PersonLine,
    decided: Decided,
    via: Via,
    *,
    sequence: int,
    message_hash: str | None = None,
    comment: str = "",
) -> UUID:
    """Write what came back and return its id.

    A mail's sender is never verified, a link's holder and a signed-in person are.
    """
    reply_id = uuid4()
    uow.session.execute(
        insert(Reply).values(
            id=reply_id,
            operation_id=place.operation_id,
            authority_id=uow.me,
            person_id=place.person_id,
            assignment_id=place.assignment_id,
            sequence=sequence,
            said=decided.said or Said.OTHER,
            via=via,
            verified=via is not Via.MAIL,
            message_hash=message_hash,
            stamped_at=decided.stamped_at,
            decision=decided.decision,
            reason=decided.reason,
            at=uow.now,
        )
    )
    if comment:
        uow.session.execute(
            insert(ReplyComment).values(
                reply_id=reply_id,
                operation_id=place.operation_id,
                authority_id=uow.me,
                lead_id=place.lead_id,
                text=comment[:1000],
            )
        )
    return reply_id


def bounce(uow: UnitOfWork, mail: InboundMail, known: Credential, raw: bytes) -> Decided:
    """Note at a delivery that it could not be delivered: the planner sees it within the minute.

    It is the one that the bounce names, if it was to this person; else the person's newest.
    """
    if not undelivered(raw):
        return Decided(Decision.LOGGED, None, "no_bounce")
    ids = deliveries_named(raw)
    if is_notice(uow, ids):
        return Decided(Decision.LOGGED, None, "bounce_of_notice")
    named = Delivery.id.in_(ids)
    told = uow.session.scalar(
        select(Delivery)
        .where(Delivery.person_id == known.person_id, Delivery.to_id == uow.me)
        .order_by(named.desc(), Delivery.written_at.desc())
        .limit(1)
    )
    if told is not None and not seen(uow, mail):
        note(uow, told.id, told.operation_id, 0, Happened.REFUSED, "bounced")
        notify_refused(uow, told.id)
    return Decided(Decision.LOGGED, None, "bounce")


def keep(uow: UnitOfWork, mail: InboundMail, decided: Decided, raw: bytes, links: Links) -> Decided:
    """Account for the mail, once."""
    if seen(uow, mail):
        return decided
    sealed, name = (
        links.keys.encrypt("inbound", raw[:262_144], str(uow.me)) if decided.decision in KEPT else (None, None)
    )
    uow.session.execute(
        insert(Inbound).values(
            id=uuid4(),
            authority_id=uow.me,
            message_hash=mail.message_hash,
            size=mail.size,
            decision=decided.decision,
            reason=decided.reason,
            body=sealed,
            key_name=name,
            at=uow.now,
        )
    )
    return decided
