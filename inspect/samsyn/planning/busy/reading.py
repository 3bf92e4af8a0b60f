"""When a calendar says that its owner is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast

import recurring_ical_events
from icalendar import Calendar, Component

from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.lighten import LASTS, lighten
from samsyn.planning.busy.told import Owner, Reading
from samsyn.planning.busy.zones import HOME, zone
from samsyn.planning.rules import Span, merged

OCCURRENCES: Final = 20_000
"""Of all events together; more is no person's calendar."""
PERIODS: Final = 5_000
"""Taken times that are kept."""
FREE_TYPES: Final = frozenset({"FREE"})
_LENGTH: Final = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_ERRORS: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What the two libraries raise for what is not as it should be; each of them means that nothing is known."""


def read_calendar(data: bytes, owner: Owner, window: Span) -> Reading:
    """Return what a calendar says of a window; ``UnreadError`` for one that cannot be trusted to say all of it.

    Taken: what is not TRANSPARENT, not CANCELLED, not declined by the owner, not free by Microsoft's own property; a
    published free/busy list by its types. A list of taken times (VFREEBUSY) tells nothing outside of its own range.
    """
    light = lighten(data, owner, window[0].date())
    try:
        calendars = Calendar.from_ical(light, multiple=True)
        _refuse_broken(calendars)
        lists = [one for calendar in calendars for one in calendar.walk("VFREEBUSY")]
        spans = [*_of_lists(lists), *(span for calendar in calendars for span in _of_events(calendar, window))]
        tells = _told_by(lists, window) if lists else window
    except _ERRORS:
        raise UnreadError(Fault.BROKEN) from None
    inside = [(max(a, window[0]), min(b, window[1])) for a, b in spans if a < window[1] and b > window[0]]
    busy = merged(inside)
    if len(busy) > PERIODS:
        raise UnreadError(Fault.TOO_MANY)
    return Reading(tuple(busy), tells)


def _refuse_broken(calendars: Iterable[Component]) -> None:
    """Refuse a calendar in which the parser could not read something: it goes on, and leaves the event's time out."""
    for calendar in calendars:
        for part in calendar.walk():
            if part.errors or (part.name == "VEVENT" and "DTSTART" not in part):
                raise UnreadError(Fault.BROKEN)


def _of_events(calendar: Component, window: Span) -> Iterator[Span]:
    """Yield each occurrence that takes time."""
    query = recurring_ical_events.of(calendar)
    first, last = window[0] - timedelta(days=1), window[1] + timedelta(days=1)
    for n, event in enumerate(query.between(first, last)):
        if n >= OCCURRENCES:
            raise UnreadError(Fault.TOO_MANY)
        if not _is_taken(event):
            continue
        starts, ends = _moment(_value(event, "DTSTART")), _end_of(event)
        if ends > starts:
            yield starts, ends


def _end_of(event: Component) -> datetime:
    """Return when an occurrence ends: of a DURATION the days are the clock's, the hours exact."""
    first = _value(event, "DTSTART")
    if (lasts := event.get(LASTS.decode())) is None or not isinstance(first, datetime):
        return _moment(_value(event, "DTEND"))
    if (said := _LENGTH.fullmatch(str(lasts).strip().upper())) is None:
        raise UnreadError(Fault.BROKEN)
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in said.groups())
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _moment(first + timedelta(weeks=weeks, days=days)) + exact


def _is_taken(event: Component) -> bool:
    said = {name: str(event.get(name, "")).strip().upper() for name in ("TRANSP", "STATUS")}
    free = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).strip().upper() == "FREE"
    return said["TRANSP"] != "TRANSPARENT" and said["STATUS"] != "CANCELLED" and not free


def _value(part: Component, name: str) -> date | datetime:
    """Return the day or time of a property."""
    value: date | datetime = cast(Any, part[name]).dt
    return value


def _moment(value: date | datetime) -> datetime:
    """Return a moment in UTC; a day begins at midnight in Sweden, and a time without a zone is Sweden's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    return (value if value.tzinfo else value.replace(tzinfo=zone(HOME))).astimezone(UTC)


def _of_lists(lists: Iterable[Component]) -> Iterator[Span]:
    """Yield the taken times of published lists."""
    for one in lists:
        said = one.get("FREEBUSY", [])
        for line in said if isinstance(said, list) else [said]:
            kind = str(line.params.get("FBTYPE", "BUSY")).upper()
            if kind not in FREE_TYPES:
                yield from _periods(line)


def _periods(line: Any) -> Iterator[Span]:
    """Yield the periods of one property, which holds one or a list of them."""
    for one in getattr(line, "dts", None) or [line]:
        start, end = _moment(one.start), _moment(one.end)
        if end < start:
            raise UnreadError(Fault.BROKEN)
        yield start, end


def _told_by(lists: Iterable[Component], window: Span) -> Span:
    """Return the one range that all lists tell of; a list without a range tells nothing."""
    starts, ends = window
    for one in lists:
        if "DTSTART" not in one or "DTEND" not in one:
            raise UnreadError(Fault.BROKEN)
        begins, until = (_moment(_value(one, name)) for name in ("DTSTART", "DTEND"))
        starts, ends = max(starts, begins), min(ends, until)
    return starts, max(starts, ends)
