"""From bytes to ``InboundMail``; nothing that anybody sends makes it raise or run long."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Final

from samsyn.calendars.replies.calendar_part import BrokenError, TooComplexError, read_calendar
from samsyn.calendars.replies.inbound import CalendarPart, InboundMail
from samsyn.calendars.replies.sender import Mail, automatic, dmarc_pass, fields, senders, token

LARGEST: Final = 256 * 1024
MOST_PARTS: Final = 40
CALENDARS: Final = ("text/calendar", "application/ics")
NESTING: Final = re.compile(rb"(?i)multipart/|message/|(?<![a-z])digest")
FOLD: Final = re.compile(rb"\r?\n[ \t]")
"""Joined before decoding: some senders fold inside a letter."""
LONGEST_TYPE: Final = 2000
TYPE: Final = re.compile(rb"(?im)^content-type:[^\n]*(?:\n[ \t][^\n]*)*")
HEADERS_END: Final = re.compile(rb"\r?\n\r?\n")


def read_reply(raw: bytes, *, envelope_to: str = "", trusted_authserv: str = "") -> InboundMail:
    """Return what the mail says. Never raises; a mail over 256 KB is read by its headers alone.

    The token is looked for in the envelope's recipient, To, Delivered-To, and the calendar's ORGANIZER, in this order.
    ``trusted_authserv`` is the name under which our own mail server writes Authentication-Results; all others are as if
    they were not there, and without the name nothing is believed.
    """
    try:
        return read(raw, envelope_to, trusted_authserv)
    except Exception:  # the standard library's parser trips over some rubbish; none of it may stop the postman
        digest = hashlib.sha256(raw).hexdigest()
        return InboundMail(size=len(raw), message_hash=digest, token=token(envelope_to), fault="unreadable")


def read(raw: bytes, envelope_to: str, trusted_authserv: str) -> InboundMail:
    """Return what the mail says."""
    fault = "too_large" if len(raw) > LARGEST else ""
    if not fault and too_complex(raw):
        fault = "too_complex"
    mail = BytesHeaderParser().parsebytes(head_of(raw)) if fault else message_from_bytes(raw, policy=compat32)
    calendar, fault = (None, fault) if fault else find_calendar(mail)
    comes_from = senders(mail)
    places = (envelope_to, *fields(mail, "to"), *fields(mail, "delivered-to"), calendar.organizer if calendar else "")
    return InboundMail(
        size=len(raw),
        message_hash=message_hash(mail, raw),
        token=token(*places),
        comes_from=comes_from,
        sent_at=sent_at(mail),
        automatic=automatic(mail),
        dmarc_pass=dmarc_pass(mail, trusted_authserv, comes_from),
        calendar=calendar,
        fault=fault,
    )


def too_complex(raw: bytes) -> bool:
    """Say whether the standard library would take long or run out of stack: many levels, endless type parameters.

    It reads parameters in time that grows with the square of their length: 14 s for one of 250 KB.
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    longest = max((len(found[0]) for found in TYPE.finditer(lines)), default=0)
    return longest > LONGEST_TYPE or len(NESTING.findall(raw)) > MOST_PARTS


def head_of(raw: bytes) -> bytes:
    """Return the header block, at most 64 KB of it."""
    start = raw[: LARGEST // 4]
    end = HEADERS_END.search(start)
    return start[: end.start()] if end else start


def find_calendar(mail: Mail) -> tuple[CalendarPart | None, str]:
    """Return the first calendar part, or the reason why there is none to be had."""
    for part in mail.walk():
        if part.get_content_type() in CALENDARS and not part.is_multipart():
            try:
                return read_calendar(decoded(part), method_of(part)), ""
            except TooComplexError:
                return None, "too_complex"
            except BrokenError:
                return None, "broken"
    return None, "no_calendar"


def method_of(part: Mail) -> str:
    """Return the method parameter of the part's Content-Type, or ""."""
    said = part.get_param("method")
    return said if isinstance(said, str) else ""


def decoded(part: Mail) -> str:
    """Return the part as text: UTF-8 where it is that, else what the part says it is, else Windows' western letters."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    named = part.get_param("charset")
    for charset in ("utf-8-sig", named if isinstance(named, str) else "cp1252"):
        try:
            return FOLD.sub(b"", data).decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def message_hash(mail: Mail, raw: bytes) -> str:
    """Return what tells a repeated mail: the hash of its Message-ID, of its bytes where it has none."""
    said = fields(mail, "message-id")
    return hashlib.sha256(said[0].encode("utf-8", "replace") if said and said[0] else raw).hexdigest()


def sent_at(mail: Mail) -> datetime | None:
    """Return the Date field in UTC, or None when it is no date."""
    for said in fields(mail, "date"):
        try:
            return parsedate_to_datetime(said).astimezone(UTC)
        except (ValueError, OverflowError, IndexError, TypeError):
            return None
    return None
