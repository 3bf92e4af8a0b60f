"""Read the few lines of a calendar part that an answer consists of, in time that grows with its length alone.

The text is never built into components: lines are joined, counted and sifted, and only the kept ones are taken apart.
A deep, long or many-headed file ends as "too complex" (RELIABILITY 5).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from icalendar.parser import Contentline, Parameters
from icalendar.prop import vText

from samsyn.calendars.replies.comment import plain_comment
from samsyn.calendars.replies.inbound import Attendee, CalendarPart
from samsyn.calendars.replies.times import times_of

DEEPEST: Final = 5
MOST_COMPONENTS: Final = 200
MOST_KEPT: Final = 200
LONGEST_KEPT: Final = 20_000
LONGEST_ADDRESS: Final = 320
LONGEST_UID: Final = 255
STAMP: Final = re.compile(r"(\d{8}T\d{6})Z?")

KEPT: Final = frozenset(
    {"UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "ORGANIZER", "COMMENT", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION"}
)
FOLD: Final = re.compile("\n[ \t]")
NAME: Final = re.compile(r"[A-Za-z0-9-]+")

Kept = list[tuple[str, str]]


class TooComplexError(Exception):
    """The file is deeper, longer or has more parts than any answer has."""


class BrokenError(Exception):
    """The file is no calendar that can be read."""


def read_calendar(text: str, method_of_header: str) -> CalendarPart:
    """Return the answer; raise ``TooComplexError`` or ``BrokenError``.

    The header's method counts only where the body has none (RFC 6047 2.4 wants both); where they differ the method is
    "DIFFERS", which nothing acts upon.
    """
    methods, events = sift(text)
    if len(events) == 0:
        raise BrokenError
    said = {method.strip().upper() for method in (*methods, method_of_header) if method.strip()}
    lines = events[0]
    values = dict(reversed(lines))
    return CalendarPart(
        method=said.pop() if len(said) == 1 else ("DIFFERS" if said else ""),
        uid=value_of(values.get("UID", ""))[:LONGEST_UID],
        sequence=sequence(values.get("SEQUENCE")),
        stamped_at=stamp(values.get("DTSTAMP")),
        attendees=tuple(attendee(line) for name, line in lines if name == "ATTENDEE"),
        organizer=address(value_of(values.get("ORGANIZER", ""))),
        comment=comment(lines),
        events=len(events),
        of_series="RECURRENCE-ID" in values,
        times=times_of(values, parts),
    )


def sift(text: str) -> tuple[list[str], list[Kept]]:
    """Return the values of METHOD and, for each VEVENT right under the calendar, its kept lines in order."""
    path: list[str] = []
    methods: list[str] = []
    events: list[Kept] = []
    components = kept = 0
    for line in FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        found = NAME.match(line)
        name = found[0].upper() if found else ""
        if name == "BEGIN":
            path.append(line[6:].strip().upper())
            components += 1
            if path == ["VCALENDAR", "VEVENT"]:
                events.append([])
        elif name == "END":
            path = path[:-1]
        elif path == ["VCALENDAR"] and name == "METHOD":
            methods.append(value_of(line))
        elif path == ["VCALENDAR", "VEVENT"] and name in KEPT:
            events[-1].append((name, line))
            kept += 1
        if len(path) > DEEPEST or components > MOST_COMPONENTS or kept > MOST_KEPT or len(methods) > 1:
            raise TooComplexError
    return methods, events


def parts(line: str) -> tuple[Parameters, str]:
    """Return a line's parameters and its value; raise ``BrokenError``."""
    if len(line) > LONGEST_KEPT:
        raise TooComplexError
    try:
        _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except (ValueError, IndexError) as fault:
        raise BrokenError from fault
    return parameters, str(value)


def value_of(line: str) -> str:
    """Return a line's value without surrounding space, "" for no line."""
    return parts(line)[1].strip() if line else ""


def sequence(line: str | None) -> int:
    """Return the SEQUENCE; a number that is none, or is below zero, is a broken file."""
    said = value_of(line or "") or "0"
    if not said.isascii() or not said.isdigit() or len(said) > len("2147483647"):
        raise BrokenError
    return int(said)


def stamp(line: str | None) -> datetime | None:
    """Return DTSTAMP, which is in UTC whatever zone the sender names (RFC 5545 3.8.7.2); None when it is no time."""
    found = STAMP.fullmatch(value_of(line or ""))
    if not found:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def attendee(line: str) -> Attendee:
    """Return who answers and how."""
    parameters, value = parts(line)
    return Attendee(
        address=address(value),
        partstat=one(parameters, "PARTSTAT").strip().upper(),
        sent_by=address(one(parameters, "SENT-BY")),
        delegated="DELEGATED-TO" in parameters,
        delegates_to=address(one(parameters, "DELEGATED-TO")),
    )


def one(parameters: Parameters, name: str) -> str:
    """Return a parameter's value; of several the first."""
    said = parameters.get(name, "")
    return str(said[0] if isinstance(said, list) and said else said)


def address(value: str) -> str:
    """Return a calendar address as a plain one in lower case."""
    said = value.strip().strip('"').lower()
    return unquote(said.removeprefix("mailto:"))[:LONGEST_ADDRESS].strip()


def comment(lines: Kept) -> str:
    """Return COMMENT, or what Google writes beside the attendee instead."""
    for name, line in lines:
        if name == "COMMENT":
            return plain_comment(str(vText.from_ical(value_of(line))))
    for name, line in lines:
        if name == "ATTENDEE" and (said := one(parts(line)[0], "X-RESPONSE-COMMENT")):
            return plain_comment(said)
    return ""
