"""When a person is taken: a VFREEBUSY of UTC periods and nothing else (RFC 5545 3.6.4, RFC 5546 3.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from samsyn.calendars.rendering.addresses import check_address
from samsyn.calendars.rendering.lines import Link, Person, content_line
from samsyn.calendars.rendering.message import PRODUCT
from samsyn.planning.rules import Span

STAMP: Final = "%Y%m%dT%H%M%SZ"


def render_freebusy(busy: Sequence[Span], window: Span, *, uid: str, organizer: str, name: str, url: str) -> bytes:
    """Return the VCALENDAR of a person's taken times within a window, in order and without overlaps.

    Nothing in it comes from the clock: DTSTAMP is the window's start, so that the same rows give the same bytes.
    Raises ``InvalidError`` for an organizer that is no address.
    """
    person = Person(check_address(organizer, "organizer"), name)
    lines = [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + PRODUCT + b"METHOD:PUBLISH\r\nBEGIN:VFREEBUSY\r\n",
        content_line("UID", uid),
        content_line("ORGANIZER", person),
        content_line("DTSTAMP", window[0]),
        content_line("DTSTART", window[0]),
        content_line("DTEND", window[1]),
        content_line("URL", Link(url)),
        *(f"FREEBUSY;FBTYPE=BUSY:{period(span)}\r\n".encode() for span in busy),
        b"END:VFREEBUSY\r\nEND:VCALENDAR\r\n",
    ]
    return b"".join(lines)


def period(span: Span) -> str:
    """Return a time as a period in UTC (RFC 5545 3.3.9)."""
    return "/".join(moment(at) for at in span)


def moment(at: datetime) -> str:
    """Return a moment in UTC to the second."""
    return at.astimezone(UTC).strftime(STAMP)
