"""Throw away of a calendar everything but times, before it is parsed: words and people never get that far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.told import Owner
from samsyn.planning.busy.zones import HOME, zone_of

COMPONENTS: Final = 5_000
DEPTH: Final = 4
LONGEST_LINE: Final = 64 * 1024
"""Bytes of what is kept; a list of ten thousand taken times in one line is longer, and no calendar's."""
LASTS: Final = b"X-LASTS"
"""A second copy of an event's DURATION: the library that repeats events takes the first away, and adds its hours on the
clock, which is an hour wrong when the clocks change meanwhile (RFC 5545, 3.3.6: hours are exact, days are the clock's).
"""
ZONE_PARTS: Final = frozenset({b"STANDARD", b"DAYLIGHT"})
TIMES: Final = frozenset({b"DTSTART", b"DTEND", b"RECURRENCE-ID", b"EXDATE", b"RDATE"})
OF_EVENT: Final = TIMES | {
    b"DURATION",
    b"RRULE",
    b"UID",
    b"STATUS",
    b"TRANSP",
    b"SEQUENCE",
    b"X-MICROSOFT-CDO-BUSYSTATUS",
}
OF_FREE_BUSY: Final = frozenset({b"DTSTART", b"DTEND", b"FREEBUSY"})
OF_ZONE: Final = frozenset({b"TZID", b"DTSTART", b"TZOFFSETFROM", b"TZOFFSETTO", b"RRULE", b"RDATE"})
PARAMETERS: Final = frozenset({b"TZID", b"VALUE", b"RANGE", b"FBTYPE"})
TOO_OFTEN: Final = re.compile(rb"FREQ=(?:SECONDLY|MINUTELY)", re.IGNORECASE)
_LINES: Final = re.compile(rb"\r\n|\n|\r")
_FOLD: Final = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_PARAMETER: Final = re.compile(rb';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)')
_NAME: Final = re.compile(rb"[A-Za-z0-9-]+")
_OF_TIME: Final = re.compile(rb';([A-Za-z0-9-]+)=("[^"]*"|[^";]*)')
"""Exchange writes names of zones with a colon in them and no quotes; a time has no colon, so the last one ends them."""
_CLOCK: Final = re.compile(rb"\d{8}T\d{6}([Zz]?)")


@dataclass
class _Part:
    """A component on its way: the lines that are kept of it. ``kept`` is False for one that is thrown away whole."""

    name: bytes
    kept: bool
    lines: list[bytes] = field(default_factory=list)
    repeats: bool = False
    last_day: bytes = b""


def lighten(data: bytes, owner: Owner, begins_on: date) -> bytes:
    """Return the calendar with nothing in it but when its owner is taken, its zones named as IANA does.

    A time without a zone is given Sweden's. Who else takes part is left out; that the owner declined stays. Events
    that were over weeks before ``begins_on`` go too. Raises ``UnreadError``: no calendar, cut off, a line that is
    none, a zone that nobody knows, too many events, a repetition by the minute.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise UnreadError(Fault.NO_CALENDAR)
    return _Sieve(owner, (begins_on - timedelta(days=62)).strftime("%Y%m%d").encode()).sift(text)


class _Sieve:
    """Goes over the lines once."""

    def __init__(self, owner: Owner, old: bytes) -> None:
        self.owner = {one.encode() for one in owner.addresses}
        self.invitations = {b"UID:" + one.encode() for one in owner.invitations}
        self.old = old
        self.open: list[_Part] = []
        self.found: list[bytes] = []
        self.count = 0
        self.own_zones: set[bytes] = set()
        self.named: set[bytes] = set()

    def sift(self, text: bytes) -> bytes:
        for line in _kept_lines(text):
            name, rest = _split(line)
            if name == b"BEGIN":
                self.begin(rest[1:].strip().upper())
            elif name == b"END":
                self.end(rest[1:].strip().upper())
            elif not self.open:
                raise UnreadError(Fault.BROKEN)
            elif self.open[-1].kept:
                self.take(self.open[-1], name, rest)
        if self.open or not self.found:
            raise UnreadError(Fault.BROKEN)
        if self.named - self.own_zones:
            raise UnreadError(Fault.ZONE)
        return b"\r\n".join(self.found) + b"\r\n"

    def begin(self, name: bytes) -> None:
        above = self.open[-1] if self.open else None
        if len(self.open) >= DEPTH or (above is None) != (name == b"VCALENDAR"):
            raise UnreadError(Fault.BROKEN)
        kept = above is None or (above.name == b"VCALENDAR" and name in {b"VEVENT", b"VFREEBUSY", b"VTIMEZONE"})
        kept = kept or (above is not None and above.name == b"VTIMEZONE" and name in ZONE_PARTS)
        self.open.append(_Part(name, kept))

    def end(self, name: bytes) -> None:
        if not self.open or self.open[-1].name != name:
            raise UnreadError(Fault.BROKEN)
        part = self.open.pop()
        if not part.kept or self.is_old(part) or not self.invitations.isdisjoint(part.lines):
            return
        whole = [b"BEGIN:" + name, *part.lines, b"END:" + name]
        self.count += 1
        if self.count > COMPONENTS:
            raise UnreadError(Fault.TOO_MANY)
        if self.open:
            self.open[-1].lines += whole
        else:
            self.found += whole

    def is_old(self, part: _Part) -> bool:
        """Say whether an event was over long before; one that repeats, or changes one that does, never is."""
        return part.name == b"VEVENT" and not part.repeats and b"" < part.last_day < self.old

    def take(self, part: _Part, name: bytes, rest: bytes) -> None:
        """Keep of a line what tells a time."""
        if part.name == b"VEVENT":
            self.take_event(part, name, rest)
        elif part.name == b"VFREEBUSY" and name in OF_FREE_BUSY:
            part.lines.append(name + self.cleaned(rest, name in TIMES))
        elif part.name in {b"VTIMEZONE", *ZONE_PARTS} and name in OF_ZONE:
            self.take_zone(part, name, rest)

    def take_event(self, part: _Part, name: bytes, rest: bytes) -> None:
        if name == b"ATTENDEE":
            if self.is_owner(rest) and b"PARTSTAT=DECLINED" in rest.upper():
                part.lines.append(b"STATUS:CANCELLED")
                part.lines = [one for one in part.lines if one[:7] != b"STATUS:" or one == b"STATUS:CANCELLED"]
            return
        if name not in OF_EVENT or (name == b"STATUS" and b"STATUS:CANCELLED" in part.lines):
            return
        if name == b"RRULE" and TOO_OFTEN.search(rest):
            raise UnreadError(Fault.HEAVY)
        part.repeats |= name in {b"RRULE", b"RDATE", b"RECURRENCE-ID", b"DURATION"}
        line = name + self.cleaned(rest, name in TIMES)
        if name == b"DURATION":
            part.lines.append(LASTS + line.removeprefix(name))
        if name in {b"DTSTART", b"DTEND"}:
            part.last_day = max(part.last_day, line.rpartition(b":")[2][:8])
        part.lines.append(line)

    def take_zone(self, part: _Part, name: bytes, rest: bytes) -> None:
        if name == b"RRULE" and TOO_OFTEN.search(rest):
            raise UnreadError(Fault.HEAVY)
        if name == b"TZID" and part.name == b"VTIMEZONE":
            said = _parameters(rest)[1]
            part.kept = zone_of(said.decode("utf-8", "replace")) is None  # of a zone that is known, IANA's rules count
            self.own_zones.add(said)
        if part.kept:
            part.lines.append(name + b":" + _parameters(rest)[1])

    def is_owner(self, rest: bytes) -> bool:
        return rest.rpartition(b":")[2].strip().lower() in self.owner

    def cleaned(self, rest: bytes, is_time: bool) -> bytes:
        """Return what follows the name; of the parameters only those that tell a time, the zone by its real name."""
        given, value = _parameters(rest, _OF_TIME if is_time else _PARAMETER)
        kept = [one for one in given if one[0] != b"TZID"]
        clock = _CLOCK.match(value) if is_time else None
        if clock is not None and not clock[1]:
            said = next((zone for name, zone in given if name == b"TZID"), None)
            kept.append((b"TZID", HOME.encode() if said is None else self.zone(said.strip(b'"'))))
        return b"".join(b";%s=%s" % one for one in kept) + b":" + value

    def zone(self, said: bytes) -> bytes:
        known = zone_of(said.decode("utf-8", "replace"))
        if known is not None:
            return known.encode()
        self.named.add(said)  # the calendar has to tell it itself
        return b'"' + said + b'"' if any(sign in said for sign in b":;,") else said


def _kept_lines(text: bytes) -> Iterator[bytes]:
    """Yield the lines, each with what was folded off it."""
    for line in _LINES.split(_FOLD.sub(b"", text)):
        if line.strip():
            yield line


def _split(line: bytes) -> tuple[bytes, bytes]:
    """Return a line's name and the rest, which begins with its sign; ``UnreadError`` for a line that is none."""
    if (match := _NAME.match(line)) is None or line[match.end() : match.end() + 1] not in {b":", b";"}:
        raise UnreadError(Fault.BROKEN)
    return match[0].upper(), line[match.end() :]


def _parameters(rest: bytes, pattern: re.Pattern[bytes] = _PARAMETER) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the parameters that are kept, and the value."""
    if len(rest) > LONGEST_LINE:
        raise UnreadError(Fault.TOO_MANY)
    head, sign, value = rest.rpartition(b":") if pattern is _OF_TIME else (rest, b":", b"")
    at, found = 0, []
    while (match := pattern.match(head, at)) is not None:
        at = match.end()
        if (name := match[1].upper()) in PARAMETERS:
            found.append((name, match[2]))
    if pattern is not _OF_TIME:
        sign, value = rest[at : at + 1], rest[at + 1 :]
    elif at < len(head):
        sign = b""
    if sign != b":":
        raise UnreadError(Fault.BROKEN)
    return found, value.strip()
