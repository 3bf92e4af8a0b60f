"""Five outside readers and our own judge take every calendar body that we can send, and see the same in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samsyn.calendars.rendering.appointment import Surface
from samsyn.calendars.rendering.event import render_event, summary
from samsyn.calendars.rendering.feed import appointment
from samsyn.calendars.rendering.freebusy import render_freebusy
from samsyn.calendars.rendering.lines import Person
from samsyn.calendars.rules import FeedLevel
from tests.calendars.letters import REPLY_ADDRESS, a_feed
from tests.interop.bodies import BODIES, NIGHTS, ROWS, strange_rows
from tests.interop.readers import READERS, SLOW_READERS, Seen, objections_of_libical
from tests.interop.wire import wire_faults

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("name", list(BODIES))
def test_our_own_judge_and_libicals_table_of_itip_have_no_objection(name: str) -> None:
    data, kind = BODIES[name]
    assert wire_faults(data, kind) == []
    assert objections_of_libical(data) == []


@pytest.mark.parametrize("name", list(BODIES))
def test_all_readers_see_the_same_events(name: str) -> None:
    data, _ = BODIES[name]
    seen = {reader: sorted(read(data)) for reader, read in (READERS | SLOW_READERS).items()}
    assert {reader for reader, events in seen.items() if events != seen["icalendar"]} == set()
    assert len(seen["icalendar"]) == data.count(b"\r\nBEGIN:VEVENT\r\n")


@pytest.mark.parametrize("reader", list(READERS | SLOW_READERS))
def test_the_nights_when_the_clock_changes_are_where_the_database_has_them(reader: str) -> None:
    seen = {
        event.summary.removeprefix("Samsyn: Insats "): (event.start, event.end)
        for event in (READERS | SLOW_READERS)[reader](a_feed(*ROWS))
    }
    assert seen == {name: (int(a.timestamp()), int(b.timestamp())) for name, (a, b) in NIGHTS.items()}


@pytest.mark.parametrize("level", list(FeedLevel))
def test_a_thousand_strange_events_are_folded_right_and_read_back_identical(level: FeedLevel) -> None:
    data = a_feed(*strange_rows(1000), level=level)
    assert wire_faults(data, level) == []
    assert data.count(b"\r\nBEGIN:VEVENT\r\n") == 1000
    seen = {reader: sorted(read(data)) for reader, read in READERS.items()}
    assert {reader for reader, events in seen.items() if events != seen["icalendar"]} == set()


def test_what_is_read_back_is_what_was_meant() -> None:
    rows = strange_rows(200)
    us = Person(REPLY_ADDRESS, "Samsyn Arboga")
    meant = {row.uid: summary(appointment(row, row.uid, us, "sv"), Surface.FULL) for row in rows}
    for read in READERS.values():
        assert {event.uid: event.summary for event in read(a_feed(*rows))} == meant


def test_no_surface_but_the_table_s_six_exists_and_each_renders_alone() -> None:
    row = appointment(ROWS[0], ROWS[0].uid, Person(REPLY_ADDRESS, "Samsyn"), "sv")
    for surface in Surface:
        assert render_event(row, surface).startswith(b"BEGIN:VEVENT\r\n")


def test_a_reader_that_sees_another_hour_is_found() -> None:
    data = a_feed(*ROWS).replace(b"DTSTART:20270701T070000Z", b"DTSTART:20270701T080000Z")
    assert sorted(READERS["icalendar"](data)) != sorted(READERS["icalendar"](a_feed(*ROWS)))
    assert isinstance(READERS["icalendar"](data)[0], Seen)


def test_taken_times_are_what_libicals_table_asks_of_them_and_every_reader_takes_them() -> None:
    start = datetime(2027, 3, 22, tzinfo=UTC)
    busy = [(start + timedelta(hours=h), start + timedelta(hours=h + 2)) for h in (8, 30, 150)]
    window = (start, start + timedelta(weeks=8))
    for times in (busy, []):
        data = render_freebusy(
            times,
            window,
            uid="1@samsyn.example",
            organizer="samsyn@samsyn.example",
            name="Åsa Öberg",
            url="https://x.example/1",
        )
        assert objections_of_libical(data) == []
        assert not any(read(data) for read in (READERS | SLOW_READERS).values())
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        assert b"\n" not in data.replace(b"\r\n", b"")
