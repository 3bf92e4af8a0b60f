"""The one function that renders a VEVENT: invitations, cancellations and feeds all pass through it (SECRECY R7).

Default deny: a property that a surface does not name is not written, whatever is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from samsyn.calendars.rendering.addresses import one_line
from samsyn.calendars.rendering.appointment import Appointment, Standing, Surface
from samsyn.calendars.rendering.lines import Link, Value, content_line
from samsyn.texts import say

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 8000
BREVITY: Final = 50

ALWAYS: Final = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP")

ALLOWED: Final[Mapping[Surface, frozenset[str]]] = {
    Surface.REQUEST: frozenset({*ALWAYS, "LOCATION", "DESCRIPTION", "STATUS", "URL", "ORGANIZER", "ATTENDEE"}),
    Surface.CANCELLED: frozenset({*ALWAYS, "DESCRIPTION", "STATUS", "ORGANIZER", "ATTENDEE"}),
    Surface.REMOVED: frozenset({*ALWAYS, "DESCRIPTION", "ORGANIZER", "ATTENDEE"}),
    Surface.FULL: frozenset({*ALWAYS, "LOCATION", "DESCRIPTION", "STATUS", "URL", "ORGANIZER"}),
    Surface.AUTHORITY: frozenset({*ALWAYS, "DESCRIPTION", "STATUS", "ORGANIZER"}),
    Surface.BUSY: frozenset({*ALWAYS, "STATUS", "ORGANIZER"}),
}
"""What each surface may carry: the table under R7, and the iTIP tables of RFC 5546 3.2 (no ATTENDEE in PUBLISH)."""

FEEDS: Final = frozenset({Surface.FULL, Surface.AUTHORITY, Surface.BUSY})


@lru_cache(maxsize=8192)
def render_event(appointment: Appointment, surface: Surface) -> bytes:
    """Return the VEVENT's bytes: CRLF, folded, UTC, no alarm, the same bytes for the same appointment.

    Remembered by all that is said, so that one changed row of a thousand is rendered, and nobody gets another's.
    """
    lines = [b"BEGIN:VEVENT\r\n"]
    for name, of in PROPERTIES.items():
        if name in ALLOWED[surface] and (value := of(appointment, surface)) not in ("", None):
            lines.append(content_line(name, value))
    lines.append(b"END:VEVENT\r\n")
    return b"".join(lines)


def summary(appointment: Appointment, surface: Surface) -> str:
    """Return what a lock screen shows: the code word, "busy" at that level, the business only where it is opened.

    Of an activity what kind it is, and at that level that there is one: "busy" would say that somebody's time is taken.
    """
    language = appointment.language
    if surface is Surface.BUSY:
        title = say(language, "calendars.event.activity" if appointment.whole else "calendars.event.busy")
    elif appointment.whole:
        kind = appointment.whole.kind
        title = say(language, "calendars.event.opened", business=short(kind[:1].upper() + kind[1:]))
    elif surface is Surface.FULL and appointment.opened:
        title = say(language, "calendars.event.opened", business=short(appointment.opened.business))
    else:
        title = say(language, "calendars.event.summary", code_word=short(appointment.code_word))
    called_off = surface in FEEDS and appointment.standing is Standing.CANCELLED
    return say(language, "calendars.event.cancelled", summary=title) if called_off else title


def location(appointment: Appointment, surface: Surface) -> str:
    """Return the meeting place; where it is opened, then the address: people go to the one before the other."""
    places = [short(appointment.meeting_place)]
    if surface is Surface.FULL and appointment.opened:
        places.append(short(appointment.opened.address))
    return " → ".join(place for place in places if place)


def description(appointment: Appointment, surface: Surface) -> str:
    """Return what the event says of itself: never a name of others' staff, never a link that answers."""
    match surface:
        case Surface.AUTHORITY:
            return short(appointment.own_authority)
        case Surface.FULL if appointment.whole:
            leads = say(appointment.language, "calendars.event.activity_page", it=appointment.operation_url)
            return f"{short(appointment.own_authority)}\n{leads}"
        case Surface.CANCELLED | Surface.REMOVED:
            return say(appointment.language, f"calendars.cancellation.{surface}")
        case _:
            lines = [*told(appointment, surface), *visits(appointment, surface)]
            return "\n".join(line for line in lines if line)[:LONGEST_TEXT].rstrip()


def told(appointment: Appointment, surface: Surface) -> list[str]:
    """Return who asks, the own role, where to read more; to whom it was sent as an invitation also who takes part."""
    invited = surface is Surface.REQUEST
    said = {
        "asks": short(appointment.asks),
        "role": short(appointment.role),
        "authorities": together(appointment.authorities) if invited else "",
        "contact": short(appointment.contact),
        "order": appointment.operation_url,
    }
    lines = [say(appointment.language, f"calendars.event.{key}", it=it) for key, it in said.items() if it]
    return [*lines, say(appointment.language, "calendars.event.answer")] if invited else lines


def visits(appointment: Appointment, surface: Surface) -> list[str]:
    """Return a line per visit, where the visits are opened to the person's own feed."""
    if surface is not Surface.FULL or appointment.opened is None:
        return []
    return [one_line(visit, LONGEST_TEXT) for visit in appointment.opened.visits]


def status(appointment: Appointment, surface: Surface) -> str:
    """Return STATUS: a feed says TENTATIVE until the person has answered; a removed person's CANCEL has none."""
    if surface is Surface.CANCELLED or appointment.standing is Standing.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if surface in FEEDS and appointment.standing is Standing.ASKED else "CONFIRMED"


def transparency(appointment: Appointment, surface: Surface) -> str:
    """Return TRANSP: a cancelled operation in a feed blocks nobody's time, and an activity never does."""
    free = surface in FEEDS and (appointment.standing is Standing.CANCELLED or appointment.whole is not None)
    return "TRANSPARENT" if free else "OPAQUE"


def begins(appointment: Appointment) -> datetime | date:
    """Return DTSTART: of an activity its day."""
    return appointment.whole.day if appointment.whole else appointment.starts_at


def ends(appointment: Appointment) -> datetime | date:
    """Return DTEND: the first moment, or the first day, that is no part of it."""
    return appointment.whole.day + timedelta(days=1) if appointment.whole else appointment.ends_at


def short(text: str) -> str:
    """Return the text as one line of at most 200 characters."""
    return one_line(text, LONGEST_LINE)


def together(names: tuple[str, ...]) -> str:
    """Return the names with commas between; a list longer than any real operation's is cut."""
    return ", ".join(short(name) for name in names[:BREVITY] if short(name))


PROPERTIES: Final[Mapping[str, Callable[[Appointment, Surface], Value | None]]] = {
    "UID": lambda it, _: it.uid,
    "DTSTAMP": lambda it, _: it.stamp,
    "LAST-MODIFIED": lambda it, _: it.changed_at,
    "SEQUENCE": lambda it, _: it.sequence,
    "ORGANIZER": lambda it, _: it.organizer,
    "ATTENDEE": lambda it, _: it.attendee,
    "DTSTART": lambda it, _: begins(it),
    "DTEND": lambda it, _: ends(it),
    "SUMMARY": summary,
    "LOCATION": location,
    "DESCRIPTION": description,
    "URL": lambda it, _: Link(it.operation_url),
    "STATUS": status,
    "CLASS": lambda _it, _surface: "CONFIDENTIAL",
    "TRANSP": transparency,
}
"""How each property is made, in the order of the wire. Nothing else can be written."""
