"""A mail that came in, as far as it matters; every field is what the sender claims unless it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attendee:
    """One ATTENDEE line: addresses in lower case without ``mailto:``, PARTSTAT in upper case ("" when absent)."""

    address: str
    partstat: str
    sent_by: str = ""
    delegated: bool = False
    delegates_to: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The one VEVENT of a calendar part. ``stamped_at`` is DTSTAMP in UTC; SEQUENCE defaults to 0 (RFC 5545 3.8.7.4).

    ``comment`` is plain text of at most 1,000 characters, identity numbers masked; it must be escaped where shown.
    ``times`` is the time that the sender names, in UTC: of a COUNTER what is proposed (RFC 5546 3.2.7); None where it
    is none, or lasts more than a day.
    """

    method: str
    uid: str
    sequence: int
    stamped_at: datetime | None
    attendees: tuple[Attendee, ...]
    organizer: str = ""
    comment: str = ""
    events: int = 1
    of_series: bool = False
    times: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class InboundMail:
    """What was read of a mail. ``fault`` says why ``calendar`` is missing: too_large, no_calendar, broken, too_complex,
    unreadable.

    ``message_hash`` is the SHA-256 of the Message-ID, or of the whole mail where it has none: for telling repeats.
    ``token`` is the 16 characters of a reply address, in lower case. ``dmarc_pass`` is the word of our own mail server
    alone. ``comes_from`` holds each address of the From field: an honest mail has one.
    """

    size: int
    message_hash: str
    token: str = ""
    comes_from: tuple[str, ...] = ()
    sent_at: datetime | None = None
    automatic: bool = False
    dmarc_pass: bool = False
    calendar: CalendarPart | None = None
    fault: str = ""
