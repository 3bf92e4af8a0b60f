"""Answers as mail programs send them, and what the house knows when one comes in."""

from __future__ import annotations

import base64
import quopri
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from samsyn.calendars.rendering import build_calendar
from samsyn.calendars.replies import Decided, Facts, InboundMail, decide, read_reply
from tests.calendars.letters import LETTER, REPLY_ADDRESS, TOKEN, WRITTEN, a_letter

ANSWERED = WRITTEN + timedelta(hours=2)
ME = LETTER.recipient_address
OURS = "mx.samsyn.example"
FACTS = Facts(
    received_at=ANSWERED + timedelta(minutes=1),
    addresses=frozenset({ME, "aasa@miljo.example"}),
    invited=True,
    holder=frozenset({ME, "aasa@miljo.example"}),
    told_at=WRITTEN,
)
STRANGER = replace(FACTS, addresses=frozenset(), invited=False)
"""No token, or a wrong one: the house knows only whose the UID is."""


def echoed(partstat: str, comment: str = "", method: str = "REPLY", stamped: datetime = ANSWERED) -> str:
    """Our own event sent back, the way most programs answer."""
    text = build_calendar(a_letter()).decode().replace("\r\n ", "")
    said = f"COMMENT:{comment}\r\n" if comment else ""
    return (
        text.replace("METHOD:REQUEST", f"METHOD:{method}")
        .replace("PARTSTAT=NEEDS-ACTION;RSVP=TRUE", f"PARTSTAT={partstat}")
        .replace("DTSTAMP:20261120T080000Z", f"DTSTAMP:{stamped:%Y%m%dT%H%M%SZ}")
        .replace("END:VEVENT", f"{said}END:VEVENT")
    )


def bare(partstat: str, comment: str = "", **changes: str) -> str:
    """A short answer as Exchange writes it: no ORGANIZER, Windows time zones, properties of its own."""
    fields = {
        "METHOD": "REPLY", "UID": LETTER.uid, "SEQUENCE": "0", "DTSTAMP": f"{ANSWERED:%Y%m%dT%H%M%SZ}",
        "WHO": f"ATTENDEE;PARTSTAT={partstat};CN={ME}:mailto:{ME}", **changes,
    }  # fmt: skip
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:{fields['METHOD']}", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0",
        "BEGIN:VTIMEZONE", "TZID:FLE Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T040000", "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD", "END:VTIMEZONE",
        "BEGIN:VEVENT", fields["WHO"], f"UID:{fields['UID']}", "SUMMARY;LANGUAGE=sv-SE:Samsyn: Insats Gullviva",
        "DTSTART;TZID=FLE Standard Time:20261127T181500", "DTEND;TZID=FLE Standard Time:20261127T221500",
        f"DTSTAMP:{fields['DTSTAMP']}", f"SEQUENCE:{fields['SEQUENCE']}", "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        *([f"COMMENT;LANGUAGE=sv-SE:{comment}"] if comment else []), "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "BEGIN:VALARM", "COMMENT:inte det här", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(line for line in lines if line not in ("SEQUENCE:", "DTSTAMP:", "UID:")) + "\r\n"


def a_mail(
    calendar: str | bytes | None,
    *,
    sender: str = ME,
    to: str = REPLY_ADDRESS,
    kind: str = "text/calendar",
    encoding: str = "base64",
    charset: str = "utf-8",
    method: str = "REPLY",
    headers: str = "",
    message_id: str = "<1@miljo.example>",
) -> bytes:
    """A multipart answer: a text part in Latin letters first, then the calendar."""
    data = (calendar or "").encode(charset) if isinstance(calendar, str) or calendar is None else calendar
    packed = data
    if encoding != "8bit":
        packed = base64.encodebytes(data) if encoding == "base64" else quopri.encodestring(data)
    parameter = f"; method={method}" if method else ""
    part = (
        f"--x\r\nContent-Type: {kind}; charset={charset}{parameter}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode() + packed
    return (
        (
            f"{headers}From: =?iso-8859-1?q?=D6berg=2C_=C5sa?= <{sender}>\r\nTo: {to}\r\nSubject: Accepterat\r\n"
            f"Date: {ANSWERED:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: {message_id}\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n"
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "Jag =E4r med\r\n"
        ).encode()
        + (part if calendar is not None else b"")
        + b"\r\n--x--\r\n"
    )


def judged(raw: bytes, facts: Facts = FACTS, envelope_to: str = "") -> tuple[InboundMail, Decided]:
    mail = read_reply(raw, envelope_to=envelope_to, trusted_authserv=OURS)
    return mail, decide(mail, facts)


def a_facts(**changes: Any) -> Facts:
    return replace(FACTS, **changes)


__all__ = [
    "ANSWERED", "FACTS", "LETTER", "ME", "OURS", "REPLY_ADDRESS", "STRANGER", "TOKEN", "UTC", "WRITTEN",
    "a_facts", "a_mail", "bare", "echoed", "judged",
]  # fmt: skip
