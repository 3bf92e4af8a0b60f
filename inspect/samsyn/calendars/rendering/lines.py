"""Content lines, written by the icalendar library: escaping, quoting, folding are its work (RFC 5545 3.1, 3.3.11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from icalendar import vCalAddress, vDatetime, vInt, vText, vUri
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


Value = str | int | datetime | Link | Person


@lru_cache(maxsize=2048)
def content_line(name: str, value: Value) -> bytes:
    """Return one property as it stands on the wire: folded at 75 octets, with its CRLF. Times are written in UTC.

    Remembered, because most lines of a version are the same for everybody who gets it: a version's text is built once
    and each person adds only the own lines.
    """
    parameters = Parameters()
    if isinstance(value, Person):
        parameters["CN"] = shown_name(value.name, value.address)
        parameters.update(value.parameters)
    line: bytes = Contentline.from_parts(name, parameters, typed(value), sorted=False).to_ical()
    return line + b"\r\n"


def typed(value: Value) -> vText | vInt | vDatetime | vUri | vCalAddress:
    """Return the value as the library's type."""
    match value:
        case Person():
            return vCalAddress(mailto(value.address))
        case Link():
            return vUri(value.url)
        case datetime():
            return vDatetime(value.astimezone(UTC).replace(microsecond=0))
        case int():
            return vInt(value)
        case _:
            return vText(value)
