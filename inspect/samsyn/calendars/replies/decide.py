"""What becomes of a mail that came in. It can change one person's answer and nothing else, ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from samsyn.calendars.replies.inbound import Attendee, CalendarPart, InboundMail
from samsyn.calendars.rules import COUNTER, DELEGATED, Decision, Said

ANSWERS: Final = {"ACCEPTED": Said.ACCEPTED, "DECLINED": Said.DECLINED, "TENTATIVE": Said.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the house knows when a mail has come in; times in UTC.

    ``addresses`` and ``invited`` are of the person behind the token (empty and False for no or a wrong token);
    ``invited``: that person has an invitation under the mail's UID that was not taken back. ``holder`` holds the known
    addresses of the person to whom the UID belongs and who is invited, whatever the token says.
    ``time_sequence`` is the last SEQUENCE that moved this person's time, ``last_sequence`` the last one sent, and
    ``told_at`` when that was written. ``last_stamp`` and ``last_hash`` are of the answer that holds now, however it
    came; ``seen``: a mail with this hash was taken in before.
    """

    received_at: datetime
    seen: bool = False
    addresses: frozenset[str] = frozenset()
    invited: bool = False
    holder: frozenset[str] = frozenset()
    time_sequence: int = 0
    last_sequence: int = 0
    told_at: datetime | None = None
    last_stamp: datetime | None = None
    last_hash: str = ""

    def knows(self, address: str) -> bool:
        """Say whether it is an address of the person behind the token; capitals make no difference."""
        return any(address == known.lower() for known in self.addresses)

    def held_by(self, address: str) -> bool:
        """Say whether it is an address of the person to whom the UID belongs."""
        return any(address == known.lower() for known in self.holder)


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision; what the person said, where it is an answer at all; a reason as a code; the stamp to remember.

    Only APPLIED changes an answer, and only RESEND sends something: the frozen delivery, to the known address.
    """

    decision: Decision
    said: Said | None
    reason: str
    stamped_at: datetime | None = None


def decide(mail: InboundMail, facts: Facts) -> Decided:
    """Return what to do: rules (a) to (d) of the design; of RFC 5546 2.1.5 and 3.2.3 what can be relied on."""
    calendar = mail.calendar
    if facts.seen:
        return Decided(Decision.LOGGED, None, "seen_before")
    if calendar is None:
        asleep = mail.automatic and mail.fault == "no_calendar"
        return Decided(Decision.LOGGED if asleep else Decision.QUARANTINE, None, "automatic" if asleep else mail.fault)
    if reason := useless(calendar):
        return Decided(Decision.QUARANTINE, None, reason)
    if not (mail.token and facts.invited):
        return unproven(mail, calendar, facts)
    if reason := doubt(mail, calendar, facts):
        asks = calendar.method == "REFRESH"
        return Decided(Decision.QUARANTINE if asks else Decision.QUEUE, answer(calendar), reason)
    return weigh(mail, calendar, facts)


def useless(calendar: CalendarPart) -> str:
    """Return why nothing in it can be an answer, "" otherwise: REQUEST, CANCEL, ADD and PUBLISH end here."""
    if calendar.method not in ("REPLY", "REFRESH", "COUNTER"):
        return f"method_{calendar.method.lower()[:20] or 'missing'}"
    return "not_one_event" if not calendar.uid or calendar.events != 1 or calendar.of_series else ""


def unproven(mail: InboundMail, calendar: CalendarPart, facts: Facts) -> Decided:
    """Return rule (c) or (d): without the right token, only a sender whom our mail server vouches for is shown."""
    known = len(mail.comes_from) == 1 and facts.held_by(mail.comes_from[0]) and mail.dmarc_pass
    if known and calendar.method != "REFRESH":
        return Decided(Decision.QUEUE, answer(calendar), "without_token")
    return Decided(Decision.QUARANTINE, None, "unknown_uid" if mail.token and facts.addresses else "unknown_token")


def doubt(mail: InboundMail, calendar: CalendarPart, facts: Facts) -> str:
    """Return why a planner must look (rule b), "" when the mail is the person's own."""
    if calendar.method != "REPLY":
        return "" if sent_by_person(mail, None, facts) else "other_sender"
    if len(calendar.attendees) != 1:
        return "not_one_attendee"
    attendee = calendar.attendees[0]
    if not facts.knows(attendee.address):
        return "other_attendee"
    if not sent_by_person(mail, attendee, facts):
        return "other_sender"
    return DELEGATED if attendee.delegated or attendee.partstat == "DELEGATED" else ""


def sent_by_person(mail: InboundMail, attendee: Attendee | None, facts: Facts) -> bool:
    """Say whether the one sender is the person, or somebody of the same domain whom SENT-BY names."""
    if len(mail.comes_from) != 1:
        return False
    sender = mail.comes_from[0]
    if facts.knows(sender) or attendee is None:
        return facts.knows(sender)
    return sender == attendee.sent_by and sender.rpartition("@")[2] == attendee.address.rpartition("@")[2]


def weigh(mail: InboundMail, calendar: CalendarPart, facts: Facts) -> Decided:
    """Return what the person's own mail does: applied, or set aside as no answer, old, or ahead of what was sent."""
    if calendar.method == "REFRESH":
        return Decided(Decision.RESEND, None, "refresh")
    said, stamped = answer(calendar), stamp(mail, calendar, facts)
    aside = (
        (calendar.method == "COUNTER", Decision.QUEUE, COUNTER),
        (said is Said.OTHER, Decision.LOGGED, "no_answer"),
        (calendar.sequence < facts.time_sequence, Decision.LOGGED, "old_sequence"),
        (calendar.sequence > facts.last_sequence, Decision.QUEUE, "sequence_never_sent"),
        (stamped is None, Decision.QUEUE, "no_stamp"),
        (older(stamped, mail.message_hash, facts), Decision.LOGGED, "old_stamp"),
    )
    for stops, decision, reason in aside:
        if stops:
            return Decided(decision, said, reason)
    return Decided(Decision.APPLIED, said, "reply", stamped)


def stamp(mail: InboundMail, calendar: CalendarPart, facts: Facts) -> datetime | None:
    """Return when the answer was given, never later than it came in.

    DTSTAMP says so, unless the sender copied ours: an answer cannot be older than the question, so Date counts then.
    """
    claimed = calendar.stamped_at
    if claimed is None or (facts.told_at and claimed <= facts.told_at):
        claimed = mail.sent_at or claimed
    return min(claimed, facts.received_at) if claimed else None


def older(stamped: datetime | None, message_hash: str, facts: Facts) -> bool:
    """Say whether the answer that holds is the newer one; equal stamps go by the hash, so that order never matters."""
    if stamped is None or facts.last_stamp is None:
        return False
    return (stamped, message_hash) < (facts.last_stamp, facts.last_hash)


def answer(calendar: CalendarPart) -> Said | None:
    """Return what the one attendee says; OTHER for what is no answer; None where it is no one's answer."""
    if calendar.method == "REFRESH" or len(calendar.attendees) != 1:
        return None
    return ANSWERS.get(calendar.attendees[0].partstat, Said.OTHER)
