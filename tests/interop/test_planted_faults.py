"""Planted faults (CALENDARS 4.25): each breaks the bytes in one way, and at least one check turns red."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import icalendar
import pytest

from samsyn.calendars.rendering import build_message
from samsyn.calendars.rules import FeedLevel, Method
from samsyn.core.home import HOME
from tests.calendars.letters import TOKEN, a_feed, a_letter, an_entry, swedish
from tests.interop.bodies import NIGHTS, ROWS
from tests.interop.readers import READERS, objections_of_libical
from tests.interop.wire import calendar_of, mail_faults, successor_faults, wire_faults

pytestmark = pytest.mark.interop

SUBJECT = "Samsyn: Insats Gullviva"


def within(raw: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the calendar inside a mail, in the part and in the file."""
    data = calendar_of(raw)
    assert change(data) != data
    old, new = (base64.encodebytes(it).replace(b"\n", b"\r\n") for it in (data, change(data)))
    assert raw.count(old) == 2
    return raw.replace(old, new)


MAIL_FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "the method of the header is another one": lambda raw: raw.replace(b"method=REQUEST", b"method=PUBLISH"),
    "the method is not REQUEST": lambda raw: within(raw, lambda it: it.replace(b"METHOD:REQUEST", b"METHOD:PUBLISH")),
    "no charset beside the calendar": lambda raw: raw.replace(b"text/calendar; charset=UTF-8", b"text/calendar"),
    "a line does not end with CRLF": lambda raw: within(raw, lambda it: it.replace(b"\r\n", b"\n")),
    "a line of the mail does not end with CRLF": lambda raw: raw.replace(b"\r\n", b"\n"),
    "a line is longer than 75 octets": lambda raw: within(raw, lambda it: it.replace(b"\r\n ", b"")),
    "a fold lies inside a character": lambda raw: within(raw, lambda it: it.replace("ö".encode(), b"\xc3\r\n \xb6")),
    "SEQUENCE is no number, or below zero": lambda raw: within(
        raw, lambda it: it.replace(b"SEQUENCE:0", b"SEQUENCE:-1")
    ),
    "ORGANIZER is no bare address with a quoted name": lambda raw: within(
        raw, lambda it: it.replace(b":mailto:svar+" + TOKEN.encode(), b":mailto:Samsyn <svar")
    ),
    "ATTENDEE is no bare address with a quoted name": lambda raw: within(
        raw, lambda it: it.replace('CN="Åsa Öberg"'.encode(), "CN=Åsa: Öberg".encode())
    ),
    "wrong number of attendees": lambda raw: within(
        raw, lambda it: it.replace(b"DTSTART", b"ATTENDEE:mailto:bo@miljo.example\r\nDTSTART")
    ),
    "DTSTART is not in UTC": lambda raw: within(
        raw, lambda it: it.replace(b"DTSTART:20261127T161500Z", b"DTSTART;TZID=Europe/Stockholm:20261127T171500")
    ),
    "CATEGORIES is not allowed here": lambda raw: within(
        raw, lambda it: it.replace(b"CLASS:", b"CATEGORIES:Tobak\r\nCLASS:")
    ),
    "a component that is no event": lambda raw: within(
        raw, lambda it: it.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT")
    ),
    "From is not the organiser": lambda raw: raw.replace(b"From: Samsyn Arboga\r\n <svar+", b"From: Bo\r\n <bo+"),
    "not marked as written by a machine": lambda raw: raw.replace(b"Auto-Submitted: auto-generated\r\n", b""),
}  # fmt: skip


@pytest.mark.parametrize("fault", list(MAIL_FAULTS))
def test_a_fault_planted_in_an_invitation_is_named(fault: str) -> None:
    raw = build_message(a_letter())
    assert mail_faults(raw, "REQUEST", SUBJECT) == []
    assert fault in mail_faults(MAIL_FAULTS[fault](raw), "REQUEST", SUBJECT)


def test_a_cancellation_without_status_is_named() -> None:
    raw = build_message(a_letter(method=Method.CANCEL, whole=True, sequence=1))
    broken = within(raw, lambda it: it.replace(b"STATUS:CANCELLED\r\n", b""))
    confirmed = within(raw, lambda it: it.replace(b"STATUS:CANCELLED", b"STATUS:CONFIRMED"))
    assert mail_faults(raw, "CANCEL", SUBJECT) == []
    assert mail_faults(broken, "CANCEL", SUBJECT) == mail_faults(confirmed, "CANCEL", SUBJECT) == ["wrong STATUS"]


def test_a_sequence_that_was_not_raised_is_named() -> None:
    later = {"written_at": datetime(2026, 11, 21, tzinfo=UTC), "message_id": "<later@samsyn.example>"}
    before = build_message(a_letter())
    assert successor_faults(before, build_message(a_letter(sequence=1, **later))) == []
    assert successor_faults(before, build_message(a_letter(sequence=0, **later))) == ["SEQUENCE was not raised"]


@pytest.mark.parametrize("level", list(FeedLevel))
def test_an_attendee_in_a_feed_is_named_by_us_and_by_libical(level: FeedLevel) -> None:
    broken = a_feed(an_entry(), level=level).replace(b"DTSTART", b"ATTENDEE:mailto:bo@miljo.example\r\nDTSTART")
    assert "wrong number of attendees" in wire_faults(broken, level)
    assert any("ATTENDEE" in words for words in objections_of_libical(broken))


def test_a_stamp_from_the_clock_makes_two_fetches_differ() -> None:
    later = re.sub(rb"DTSTAMP:\w+", b"DTSTAMP:20261123T120000Z", a_feed(*ROWS))
    assert a_feed(*ROWS) == a_feed(*ROWS) != later


def test_the_library_s_own_time_zones_make_the_readers_disagree() -> None:
    """``add_missing_timezones`` of icalendar 7.3: every outside reader accepts the file, and two read another hour."""
    calendar = icalendar.Calendar.from_ical(a_feed(*ROWS))
    for event in calendar.walk("VEVENT"):
        for name in ("DTSTART", "DTEND"):
            local = event.decoded(name).astimezone(HOME)
            del event[name]
            event.add(name, local)
    calendar.add_missing_timezones()
    data = calendar.to_ical()
    meant = {name: int(start.timestamp()) for name, (start, _) in NIGHTS.items()}
    wrong = {
        reader for reader in ("icalendar", "vobject", "ical.js")
        if {event.summary.removeprefix("Samsyn: Insats "): event.start for event in READERS[reader](data)} != meant
    }  # fmt: skip
    assert {"vobject", "ical.js"} <= wrong
    assert "a component that is no event" in wire_faults(data, "full")


def test_the_library_s_subject_that_loses_a_space_is_named() -> None:
    """``EmailMessage`` with ``policy.SMTP`` joins two encoded words without the space between them."""

    def through_the_library(subject: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = subject
        return message.as_bytes().partition(b"\r\n\r\n")[0]

    lost = 0
    for number in range(100):
        letter = a_letter(code_word=swedish(number))
        subject, raw = f"Samsyn: Insats {letter.code_word}", build_message(letter)
        assert mail_faults(raw, "REQUEST", subject) == []
        own = re.search(rb"Subject: .*?\r\n(?=\S)", raw, re.DOTALL)
        assert own
        planted = raw.replace(own[0], through_the_library(subject) + b"\r\n")
        lost += any(fault.startswith("the subject reads") for fault in mail_faults(planted, "REQUEST", subject))
    assert lost > 0
