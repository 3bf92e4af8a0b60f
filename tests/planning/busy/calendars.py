"""Forty calendars, good and bad (CALENDARS 23): how each is served, and the taken times or the fault that it is."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from samsyn.planning.busy.faults import Fault
from samsyn.planning.rules import Span
from tests.planning.busy.outside import NAME, Answer, calendar, http

WINDOW: Final = (datetime(2027, 1, 3, 23, 0, tzinfo=UTC), datetime(2027, 7, 4, 22, 0, tzinfo=UTC))
ME: Final = "kim.me@authority.example"
OURS: Final = "0f0e0d0c-0b0a-4908-8706-050403020100@samsyn.invalid"
"""An invitation of ours, which the house knows better."""
SECRETS: Final = ("Hemligt-ämne", "Hemlig-plats", "Hemlig-text", "hemlig.deltagare@x.example", "Hemlig-uid")


@dataclass(frozen=True)
class Case:
    """One calendar. ``told``: the taken times as ``MM-DD HH:MM/minutes`` in UTC of 2027, or why it tells nothing."""

    name: str
    answer: Answer
    told: tuple[str, ...] | Fault


def event(*lines: str, uid: str = "Hemlig-uid") -> str:
    """An event with words in it that nobody may ever see again."""
    words = [
        f"UID:{uid}",
        "DTSTAMP:20261201T080000Z",
        "SUMMARY:Hemligt-ämne\\, som är långt nog att vikas över flera rader i filen så att också",
        "  resten är hemlig",
        "LOCATION:Hemlig-plats",
        "DESCRIPTION:Hemlig-text BEGIN:VEVENT",
        'ATTENDEE;CN="Hemlig: namn";PARTSTAT=ACCEPTED:mailto:hemlig.deltagare@x.example',
    ]
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Hemlig-text", "TRIGGER:-PT15M", "END:VALARM"]
    return "\r\n".join(["BEGIN:VEVENT", *words, *lines, *alarm, "END:VEVENT", ""])


def whole(*parts: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//SV\r\n{head}{''.join(parts)}END:VCALENDAR\r\n".encode()


def one(*lines: str) -> Answer:
    return calendar(whole(event(*lines)))


def on(day: str, *lines: str) -> Answer:
    """An event from 09:00 to 10:00 UTC of a day, with further lines."""
    return one(f"DTSTART:2027{day}T090000Z", f"DTEND:2027{day}T100000Z", *lines)


def zone(name: str, standard: str, daylight: str) -> str:
    def part(kind: str, month: int, before: str, after: str) -> str:
        rule = f"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH={month}"
        lines = [f"BEGIN:{kind}", "DTSTART:16010101T020000", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
        return "\r\n".join([*lines, rule, f"END:{kind}", ""])

    parts = part("STANDARD", 10, daylight, standard) + part("DAYLIGHT", 3, standard, daylight)
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{parts}END:VTIMEZONE\r\n"


def in_zone(name: str, *lines: str, quoted: bool = False, head: str = "") -> Answer:
    said = f'"{name}"' if quoted else name
    times = (f"DTSTART;TZID={said}:20270604T090000", f"DTEND;TZID={said}:20270604T100000")
    return calendar(whole(event(*times, *lines), head=head))


def busy_list(*lines: str, ends: str = "20271231T000000Z") -> Answer:
    head = ["BEGIN:VFREEBUSY", "UID:Hemlig-uid", "DTSTART:20270101T000000Z", f"DTEND:{ends}"]
    return calendar(whole("\r\n".join([*head, *lines, "COMMENT:Hemlig-text", "END:VFREEBUSY", ""])))


def many(count: int) -> bytes:
    line = "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20270201T090000Z\r\nDTEND:20270201T100000Z\r\nEND:VEVENT\r\n"
    return whole(*(line.format(n=n) for n in range(count)))


def slow(sock: socket.socket) -> None:
    """A drop every now and then, which keeps every pause short."""
    with suppress(OSError):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\n")
        for _ in range(100):
            sock.sendall(b"B")
            time.sleep(0.1)


def endless(sock: socket.socket) -> None:
    """Fifty megabytes of one calendar."""
    with suppress(OSError):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n")
        for _ in range(800):
            sock.sendall(b"X-PAD:" + b"x" * 65_530)


def cut_off(sock: socket.socket) -> None:
    """Less than the length that is said."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + whole(event("DTSTART:20270201T090000Z")))


def packed(body: bytes) -> Answer:
    return http("200 OK", "Content-Encoding: gzip", body=gzip.compress(body))


def leads_to(where: str) -> Answer:
    return http("302 Found", f"Location: {where}")


GOOD: Final = ("02-01 09:00/60",)
WEEKLY: Final = ("DTSTART;TZID=Europe/Stockholm:20270322T090000", "DTEND;TZID=Europe/Stockholm:20270322T100000")
SERIES: Final = (*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=4")
CASES: Final = (
    Case("in UTC", on("0201"), GOOD),
    Case("nothing planned", calendar(whole()), ()),
    Case("by length", one("DTSTART:20270201T090000Z", "DURATION:PT1H"), GOOD),
    Case(
        "a series over the change of the clocks",
        one(*SERIES),
        ("03-22 08:00/60", "03-29 07:00/60", "04-05 07:00/60", "04-12 07:00/60"),
    ),
    Case(
        "a series with an exception",
        one(*SERIES, "EXDATE;TZID=Europe/Stockholm:20270329T090000,20270405T090000"),
        ("03-22 08:00/60", "04-12 07:00/60"),
    ),
    Case(
        "a series with one moved and one called off",
        calendar(
            whole(
                event(*SERIES),
                event("RECURRENCE-ID:20270329T070000Z", "DTSTART:20270330T120000Z", "DTEND:20270330T123000Z"),
                event(
                    "RECURRENCE-ID;TZID=Europe/Stockholm:20270405T090000",
                    "DTSTART:20270405T070000Z",
                    "DTEND:20270405T080000Z",
                    "STATUS:CANCELLED",
                ),
            )
        ),
        ("03-22 08:00/60", "03-30 12:00/30", "04-12 07:00/60"),
    ),
    Case(
        "a series until a day",
        one(*WEEKLY, "RRULE:FREQ=DAILY;UNTIL=20270323T220000Z"),
        ("03-22 08:00/60", "03-23 08:00/60"),
    ),
    Case(
        "dates beside a series",
        one(*WEEKLY, "RDATE;TZID=Europe/Stockholm:20270401T120000"),
        ("03-22 08:00/60", "04-01 10:00/60"),
    ),
    Case("a whole day", one("DTSTART;VALUE=DATE:20270201"), ("01-31 23:00/1440",)),
    Case(
        "whole days over the change of the clocks",
        one("DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329"),
        ("03-26 23:00/2820",),
    ),
    Case("transparent", on("0201", "TRANSP:TRANSPARENT"), ()),
    Case("called off", on("0201", "STATUS:CANCELLED"), ()),
    Case("tentative takes time", on("0201", "STATUS:TENTATIVE"), GOOD),
    Case("free by Microsoft's word", on("0201", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), ()),
    Case("out of office by Microsoft's word", on("0201", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), GOOD),
    Case("declined by the owner", on("0201", f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{ME.upper()}"), ()),
    Case("declined by somebody else", on("0201", "ATTENDEE;PARTSTAT=DECLINED:mailto:other@x.example"), GOOD),
    Case(
        "an invitation of ours",
        calendar(whole(event("DTSTART:20270301T170000Z", "DTEND:20270301T200000Z", uid=OURS))),
        (),
    ),
    Case("a zone by Windows' name", in_zone("W. Europe Standard Time"), ("06-04 07:00/60",)),
    Case("another zone by Windows' name", in_zone("FLE Standard Time"), ("06-04 06:00/60",)),
    Case("a zone with a prefix", in_zone("/freeassociation.sourceforge.net/Europe/Stockholm"), ("06-04 07:00/60",)),
    Case(
        "a zone that the calendar tells",
        in_zone("Customized Time Zone", head=zone("Customized Time Zone", "+0200", "+0300")),
        ("06-04 06:00/60",),
    ),
    Case(
        "a zone with signs in its name",
        in_zone("(UTC+02:00) Kyiv; Riga", quoted=True, head=zone("(UTC+02:00) Kyiv; Riga", "+0200", "+0300")),
        ("06-04 06:00/60",),
    ),
    Case("a zone that nobody knows", in_zone("Mitt hemliga land"), Fault.ZONE),
    Case("no zone at all is Sweden's", one("DTSTART:20270604T090000", "DTEND:20270604T100000"), ("06-04 07:00/60",)),
    Case(
        "line feeds alone, packed",
        packed(whole(event("DTSTART:20270201T090000Z", "DTEND:20270201T100000Z")).replace(b"\r\n", b"\n")),
        GOOD,
    ),
    Case(
        "a list of taken times",
        busy_list(
            "FREEBUSY;FBTYPE=BUSY:20270201T090000Z/PT1H,20270202T090000Z/20270202T093000Z",
            "FREEBUSY;FBTYPE=FREE:20270203T090000Z/PT1H",
        ),
        (*GOOD, "02-02 09:00/30"),
    ),
    Case("led on by another name", leads_to(f"https://other.{NAME}/in-utc"), GOOD),
    Case("cut off inside", calendar(whole(event("DTSTART:20270201T090000Z"))[:-40]), Fault.BROKEN),
    Case("cut off on the way", cut_off, Fault.SERVER),
    Case("a time that is none", on("0201", "EXDATE:2027"), Fault.BROKEN),
    Case("an end that is none", one("DTSTART:20270201T090000Z", "DTEND:2027-02-01 10:00"), Fault.BROKEN),
    Case("an event without a time", one("TRANSP:OPAQUE"), Fault.BROKEN),
    Case(
        "a sign-in page",
        http("200 OK", "Content-Type: text/html", body=b"<!doctype html><title>Logga in</title>"),
        Fault.NO_CALENDAR,
    ),
    Case("an empty answer", calendar(b""), Fault.NO_CALENDAR),
    Case("a fault of the server", http("500 Internal Server Error"), Fault.SERVER),
    Case("closed", http("401 Unauthorized"), Fault.CLOSED),
    Case("slow", slow, Fault.SLOW),
    Case("fifty megabytes", endless, Fault.TOO_LARGE),
    Case("small packed, large unpacked", packed(b"BEGIN:VCALENDAR\r\n" + b"X" * 30_000_000), Fault.TOO_LARGE),
    Case("by the second", on("0201", "RRULE:FREQ=SECONDLY"), Fault.HEAVY),
    Case("too many events", calendar(many(5_001)), Fault.TOO_MANY),
    Case("led to this machine", leads_to("https://127.0.0.1/private"), Fault.NOT_PUBLIC),
    Case("led to a cloud's own address", leads_to("https://169.254.169.254/latest/meta-data"), Fault.NOT_PUBLIC),
    Case("led to plain http", leads_to(f"http://{NAME}/in-utc"), Fault.ADDRESS),
    Case("led in a circle", leads_to("/led-in-a-circle"), Fault.REDIRECTS),
)


def path_of(case: Case) -> str:
    return "/" + case.name.replace(" ", "-").lower()


def spans(told: Sequence[str]) -> tuple[Span, ...]:
    """The times of a case."""
    found = []
    for said in told:
        when, _, minutes = said.partition("/")
        start = datetime.strptime(f"2027-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        found.append((start, start + timedelta(minutes=int(minutes))))
    return tuple(found)
