"""Content lines (RFC 5545 3.1, 3.3.11): escaping and quoting are the icalendar library's work.

Folding is ours, for speed: the library goes through every character. A test holds it to the library's octets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from icalendar import vCalAddress, vText, vUri
from icalendar.parser import Contentline, Parameters

from samsyn.calendars.rendering.addresses import mailto, shown_name


@dataclass(frozen=True, slots=True)
class Link:
    """A URI value (RFC 5545 3.3.13)."""

    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """A calendar address with its name (RFC 5545 3.3.3): the organiser, or the one person who is asked."""

    address: str
    name: str
    parameters: tuple[tuple[str, str], ...] = ()


LONGEST: Final = 74
INSIDE, CONTINUES = 0b1100_0000, 0b1000_0000
"""The first two bits of an octet that continues a character (RFC 3629, 3)."""
ESCAPES: Final = b"\\^"
Value = str | int | datetime | date | Link | Person


def content_line(name: str, value: Value) -> bytes:
    """Return one property as it stands on the wire: folded at 75 octets, with its CRLF. Times are written in UTC.

    A day without a time is one wherever it is read (RFC 5545 3.3.4).
    """
    if isinstance(value, datetime):
        return f"{name}:{value.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n".encode()
    if isinstance(value, date):
        return f"{name};VALUE=DATE:{value:%Y%m%d}\r\n".encode()
    return f"{name}:{value}\r\n".encode() if isinstance(value, int) else written_line(name, value)


@lru_cache(maxsize=4096)
def written_line(name: str, value: str | Link | Person) -> bytes:
    """Return a text, a link or a person as a line.

    Remembered, because most lines of a version are the same for everybody who gets it: a version's text is built once
    and each person adds only the own lines.
    """
    match value:
        case Person():
            parameters = Parameters({"CN": shown_name(value.name, value.address)})
            parameters.update(value.parameters)
            whole = str(Contentline.from_parts(name, parameters, vCalAddress(mailto(value.address)), sorted=False))
        case Link():
            whole = f"{name}:{vUri(value.url).to_ical().decode()}"
        case _:
            whole = f"{name}:{vText(value).to_ical().decode()}"
    return folded(whole) + b"\r\n"


def folded(line: str) -> bytes:
    """Return the line in pieces of 74 octets and a space between, as the library folds it, an octet at a time.

    Neither inside a character nor behind the sign that begins an escape: some readers unfold late.
    """
    raw, start, pieces = line.encode(), 0, list[bytes]()
    while len(raw) - start > LONGEST:
        end = start + LONGEST
        while raw[end] & INSIDE == CONTINUES:
            end -= 1
        if end - start > 1 and raw[end - 1] in ESCAPES:
            end -= 1
        pieces.append(raw[start:end])
        start = end
    return b"\r\n ".join([*pieces, raw[start:]])
