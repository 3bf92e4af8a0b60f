"""An invitation or a cancellation as a mail (iMIP, RFC 6047), written by hand from base64 parts.

Shape: mixed [ alternative [ plain, html, calendar last ], the same calendar as a file ]. Parts are base64, so no
text in them can end a part, a line or a header; headers carry only checked addresses and encoded words.
"""

from __future__ import annotations

import base64
import hashlib
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from samsyn.calendars.rendering.addresses import shown_name
from samsyn.calendars.rendering.appointment import Appointment, Standing, Surface
from samsyn.calendars.rendering.event import render_event
from samsyn.calendars.rendering.letter import Letter
from samsyn.calendars.rendering.lines import Person
from samsyn.calendars.rendering.page import page
from samsyn.calendars.rendering.text import plain, subject, words
from samsyn.calendars.rules import Method

PRODUCT: Final = b"PRODID:-//Samsyn//Samsyn//SV\r\n"
LONGEST_PLAIN: Final = 60
ASKED: Final = (
    ("CUTYPE", "INDIVIDUAL"),
    ("ROLE", "REQ-PARTICIPANT"),
    ("PARTSTAT", "NEEDS-ACTION"),
    ("RSVP", "TRUE"),
)


def build_message(letter: Letter) -> bytes:
    """Return the whole mail, CRLF throughout; the same letter gives the same bytes, whenever it is built."""
    calendar, said = build_calendar(letter), words(letter)
    mark = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    inner = (
        ("text/plain; charset=utf-8", "", plain(said).encode()),
        ("text/html; charset=utf-8", "", page(said, letter.language).encode()),
        (f"text/calendar; charset=UTF-8; method={letter.method.upper()}", "", calendar),
    )
    alternative = multipart([part(*it) for it in inner], f"=_{mark}_a")
    whole = [
        f'Content-Type: multipart/alternative; boundary="=_{mark}_a"\r\n\r\n'.encode() + alternative,
        part('application/ics; name="invite.ics"', 'attachment; filename="invite.ics"', calendar),
    ]
    head = headers(letter) + f'Content-Type: multipart/mixed; boundary="=_{mark}_m"\r\n\r\n'
    return head.encode("ascii") + multipart(whole, f"=_{mark}_m")


def build_calendar(letter: Letter) -> bytes:
    """Return the VCALENDAR of the letter: one event, one method, one attendee, UTC, no VTIMEZONE, no alarm."""
    asked = letter.method is Method.REQUEST
    called_off = Surface.CANCELLED if letter.whole else Surface.REMOVED
    event = render_event(appointment(letter), Surface.REQUEST if asked else called_off)
    method = f"METHOD:{letter.method.upper()}\r\n".encode()
    head = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + PRODUCT + b"CALSCALE:GREGORIAN\r\n" + method
    return head + event + b"END:VCALENDAR\r\n"


def envelope(letter: Letter) -> tuple[str, str]:
    """Return the sender and the one recipient of the SMTP transaction; bounces come back to the person's own token."""
    return letter.bounce_address, letter.recipient_address


def appointment(letter: Letter) -> Appointment:
    """Return the letter as what an event is rendered from."""
    parameters = ASKED if letter.method is Method.REQUEST else ()
    return Appointment(
        uid=letter.uid,
        sequence=letter.sequence,
        stamp=letter.written_at,
        changed_at=letter.written_at,
        starts_at=letter.starts_at,
        ends_at=letter.ends_at,
        code_word=letter.code_word,
        meeting_place=letter.meeting_place,
        asks=letter.asks,
        role=letter.role,
        authorities=letter.authorities,
        own_authority="",
        contact=letter.contact,
        operation_url=letter.operation_url,
        organizer=Person(letter.reply_address, letter.calendar_name),
        attendee=Person(letter.recipient_address, letter.recipient_name, parameters),
        standing=Standing.ASKED,
        language=letter.language,
    )


def headers(letter: Letter) -> str:
    """Return the header lines before Content-Type; exactly one recipient."""
    us = mailbox("From", letter.calendar_name, letter.reply_address)
    return (
        f"From: {us}\r\n"
        f"To: {mailbox('To', letter.recipient_name, letter.recipient_address)}\r\n"
        f"Reply-To: {mailbox('Reply-To', letter.calendar_name, letter.reply_address)}\r\n"
        f"Subject: {encoded(subject(letter), 'Subject')}\r\n"
        f"Date: {format_datetime(letter.written_at.replace(microsecond=0))}\r\n"
        f"Message-ID: {letter.message_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        f"Content-Language: {letter.language}\r\n"
        "MIME-Version: 1.0\r\n"
    )


def mailbox(header: str, name: str, address: str) -> str:
    """Return a display name and an address; the name is an encoded word unless it is plain letters and digits."""
    said = shown_name(name, address)
    atoms = said.isascii() and said.replace(" ", "").isalnum() and len(said) <= LONGEST_PLAIN
    phrase = said if atoms else word(said, header)
    return f"{phrase}\r\n <{address}>"


def encoded(text: str, header: str) -> str:
    """Return an unstructured header's value; it decodes to the same text, spaces between words included."""
    simple = text.isascii() and text.isprintable() and "=?" not in text and len(text) <= LONGEST_PLAIN
    return text if simple else word(text, header)


@lru_cache(maxsize=512)
def word(text: str, header: str) -> str:
    """Return RFC 2047 encoded words. ``EmailMessage`` is not used: it loses a space in folded Swedish subjects."""
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def part(kind: str, disposition: str, body: bytes) -> bytes:
    """Return one base64 part with its headers."""
    shown = f"Content-Disposition: {disposition}\r\n" if disposition else ""
    head = f"Content-Type: {kind}\r\n{shown}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + base64.encodebytes(body).replace(b"\n", b"\r\n")


def multipart(parts: list[bytes], boundary: str) -> bytes:
    """Return the parts, each ended by CRLF, between their boundaries; "=_" never occurs in base64."""
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + one for one in parts) + mark + b"--\r\n"
