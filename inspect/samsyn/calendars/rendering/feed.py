"""A feed: METHOD:PUBLISH, no attendee, nothing from the clock, so that unchanged rows give the same bytes and ETag."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from samsyn.calendars.rendering.addresses import check_address
from samsyn.calendars.rendering.appointment import Appointment, Opened, Standing, Surface, WholeDay
from samsyn.calendars.rendering.event import render_event, short
from samsyn.calendars.rendering.lines import Person, content_line
from samsyn.calendars.rendering.message import PRODUCT
from samsyn.calendars.rules import FeedLevel
from samsyn.core.errors import InvalidError

SURFACES: Final = {
    FeedLevel.BUSY: Surface.BUSY,
    FeedLevel.AUTHORITY: Surface.AUTHORITY,
    FeedLevel.FULL: Surface.FULL,
}
FRESH: Final = b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
ZONE: Final = b"X-WR-TIMEZONE:Europe/Stockholm\r\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a feed: a person's part of an operation as it stands. ``changed_at`` is the row's last change (UTC).

    ``opened`` is given only when every shown visit is announced or done and its authority allows it; it is used at
    level full alone. ``whole``: it is an activity, whose page is the ``operation_url``.
    """

    uid: str
    sequence: int
    code_word: str
    meeting_place: str
    starts_at: datetime
    ends_at: datetime
    asks: str
    role: str
    own_authority: str
    contact: str
    operation_url: str
    standing: Standing
    changed_at: datetime
    opened: Opened | None = None
    whole: WholeDay | None = None


def render_feed(
    entries: Iterable[Entry], *, level: FeedLevel, feed_key: bytes, calendar_name: str, organizer: str, language: str
) -> bytes:
    """Return the VCALENDAR; rows in any order give the same bytes, no rows give a valid empty calendar.

    ``feed_key`` is secret and differs per feed: at the levels busy and authority it makes the UIDs, so that two
    subscribers' feeds share none and none can be merged over a real invitation. ``organizer`` at level full is the
    person's reply address (an organiser never changes for a UID); at the other levels it must carry no reply token:
    raises ``InvalidError``.
    """
    full = level is FeedLevel.FULL
    if not full and "+" in organizer:
        raise InvalidError("a shared feed carries no reply address", fields={"organizer": ("token",)})
    us = Person(check_address(organizer, "organizer"), calendar_name)
    domain = organizer.rpartition("@")[2]
    parts = [head(calendar_name)]
    for entry in sorted(entries, key=lambda it: (it.starts_at, it.uid)):
        uid = entry.uid if full else f"{derived(feed_key, entry.uid)}@{domain}"
        parts.append(render_event(appointment(entry, uid, us, language), SURFACES[level]))
    return b"".join([*parts, b"END:VCALENDAR\r\n"])


def head(calendar_name: str) -> bytes:
    """Return the calendar's own lines; the only X- properties that go out (R7)."""
    name = short(calendar_name)
    start = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + PRODUCT + b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
    return start + content_line("NAME", name) + content_line("X-WR-CALNAME", name) + ZONE + FRESH


def appointment(entry: Entry, uid: str, organizer: Person, language: str) -> Appointment:
    """Return the row as what an event is rendered from; the times that clients compare come from the row."""
    return Appointment(
        uid=uid,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        changed_at=entry.changed_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        code_word=entry.code_word,
        meeting_place=entry.meeting_place,
        asks=entry.asks,
        role=entry.role,
        authorities=(),
        own_authority=entry.own_authority,
        contact=entry.contact,
        operation_url=entry.operation_url,
        organizer=organizer,
        attendee=None,
        standing=entry.standing,
        language=language,
        opened=entry.opened,
        whole=entry.whole,
    )


def derived(feed_key: bytes, uid: str) -> str:
    """Return 160 bits that tell nothing of the UID, as lower-case base32."""
    return base64.b32encode(hmac.digest(feed_key, uid.encode(), "sha256")[:20]).decode().lower()
