"""Reading a person's calendar: what it saves to throw the words away before parsing (CALENDARS 2.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from samsyn.planning.busy.lighten import lighten
from samsyn.planning.busy.reading import read_calendar
from samsyn.planning.busy.told import Owner
from samsyn.planning.rules import Span, merged
from tests.bench.bench_dossiers import better
from tests.bench.measuring import Clock
from tests.bench.place import Place
from tests.bench.result import Result

EVENTS = 1000
WINDOW = (datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 7, 5, tzinfo=UTC))
WORDS = "Genomgång av kvartalets ärenden med kollegor från hela förvaltningen; ta med underlag. " * 8
PEOPLE = [
    f'ATTENDEE;CN="Kollega {n}";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:kollega.{n}@kommun.example'
    for n in range(8)
]
ALARM = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Påminnelse", "TRIGGER:-PT15M", "END:VALARM"]


def folded(line: str) -> str:
    """A line as programs send it, at most 75 octets a piece."""
    pieces, data = [], line.encode()
    while len(data) > 74:
        cut = 74
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(data[:cut])
        data = data[cut:]
    return b"\r\n ".join([*pieces, data]).decode()


def an_event(n: int) -> str:
    start = WINDOW[0] + timedelta(hours=4 * n % 4200)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{n}@kommun.example",
        "DTSTAMP:20261201T080000Z",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:Möte {n}",
        "LOCATION:Stadshuset\\, sal 3",
        f"DESCRIPTION:{WORDS}",
        "ORGANIZER;CN=Kommunen:mailto:kommunen@kommun.example",
        *PEOPLE,
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        *ALARM,
        "END:VEVENT",
    ]
    return "\r\n".join(map(folded, lines))


def a_calendar() -> bytes:
    events = "\r\n".join(map(an_event, range(EVENTS)))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//SV\r\n{events}\r\nEND:VCALENDAR\r\n".encode()


def usual(data: bytes) -> list[Span]:
    """All of it parsed, and what is in the way read off the events."""
    events: list[Any] = recurring_ical_events.of(Calendar.from_ical(data)).between(*WINDOW)
    return merged((one["DTSTART"].dt, one["DTEND"].dt) for one in events)


def bench(_place: Place) -> list[Result]:
    """Both ways over one calendar in one process, by turns; they must say the same."""
    data, owner = a_calendar(), Owner(frozenset({"kollega.1@kommun.example"}))
    assert list(read_calendar(data, owner, WINDOW).busy) == usual(data)
    begins_on = WINDOW[0].date()
    works: dict[str, Callable[[], object]] = {
        "ours": partial(read_calendar, data, owner, WINDOW),
        "usual": partial(usual, data),
        "parse": partial(Calendar.from_ical, data),
        "strip and parse": lambda: Calendar.from_ical(lighten(data, owner, begins_on)),
    }
    ms = {name: cost.cpu * 1000 for name, cost in Clock().interleaved(works).items()}
    whole, parsed = "all of it parsed and expanded", "all of it parsed"
    return [
        better("calendar of 1,000 events read, CPU ms", ms["ours"], ms["usual"], 2, whole),
        better(
            "calendar of 1,000 events parsed, words dropped first, CPU ms",
            ms["strip and parse"],
            ms["parse"],
            5,
            parsed,
        ),
    ]
