"""Taken times as calendars ask for them: the union of what is known, and not a word of what it is (CALENDARS 22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.rules import Role
from samsyn.calendars.queries.freebusy import my_busy_times, window_of
from samsyn.calendars.rendering.freebusy import render_freebusy
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Booking
from samsyn.operations.rules import BookingState
from samsyn.planning.models import Unavailable
from samsyn.planning.rules import Unavailability
from tests.factories import Town, make_person

QUARTER = timedelta(minutes=15)
WEEK = 7 * 96
Times = list[tuple[int, int]]
SPANS = st.lists(st.tuples(st.integers(-40, WEEK), st.integers(1, 60)), max_size=8)


def apart(spans: Times) -> Times:
    """Those that do not overlap an earlier one: nobody is booked twice."""
    kept: Times = []
    for start, length in sorted(spans):
        if not kept or start >= kept[-1][0] + kept[-1][1]:
            kept.append((start, length))
    return kept


def quarters(spans: Times) -> set[int]:
    return {n for start, length in spans for n in range(start, start + length)}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=SPANS.map(apart), refused=SPANS, away=SPANS, unknown=SPANS)
def test_it_is_the_union_of_what_is_known(town: Town, held: Times, refused: Times, away: Times, unknown: Times) -> None:
    office = town.tobacco
    viewer = Viewer(office.id, make_person(office.id, office.unit, "Kai", {Role.INSPECTOR}), frozenset())
    monday = window_of(datetime.now(UTC))[0]

    def during(span: tuple[int, int]) -> Range[datetime]:
        return Range(monday + span[0] * QUARTER, monday + sum(span) * QUARTER)

    with unit_of_work(town.planner(office)) as uow:
        whose: dict[str, Any] = {"person_id": viewer.person_id, "authority_id": office.id}
        for spans, state in ((held, BookingState.ACCEPTED), (refused, BookingState.DECLINED)):
            rows = [{"id": uuid4(), "during": during(one), "state": state, **whose} for one in spans]
            uow.session.execute(insert(Booking), rows) if rows else None
        for spans, known in ((away, Unavailability.BUSY), (unknown, Unavailability.UNKNOWN)):
            said: dict[str, Any] = {"state": known, "as_of": uow.now, **whose}
            rows = [{"id": uuid4(), "during": during(one), **said} for one in spans]
            uow.session.execute(insert(Unavailable), rows) if rows else None
    with unit_of_work(viewer) as uow:
        busy, window = my_busy_times(uow)
    raw = render_freebusy(
        busy,
        window,
        uid="1@samsyn.example",
        organizer="samsyn@samsyn.example",
        name="Kai",
        url="https://x.example/fb/1.ifb",
    )
    told = read(raw, monday)
    assert told == {n for n in quarters([*held, *away]) if n >= 0}


def read(raw: bytes, monday: datetime) -> set[int]:
    """The quarters that another program reads from it."""
    (component,) = Calendar.from_ical(raw).walk("VFREEBUSY")
    lines = component.get("FREEBUSY", [])
    periods = [p for line in (lines if isinstance(lines, list) else [lines]) for p in periods_of(line)]
    return {n for start, end in periods for n in range((start - monday) // QUARTER, (end - monday) // QUARTER)}


def periods_of(line: Any) -> Iterator[tuple[datetime, datetime]]:
    for one in line if isinstance(line, list) else [line]:
        yield one.dt


@pytest.fixture
def secret(town: Town) -> str:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        return create_feed(uow)[1]


def test_it_is_fetched_at_the_feeds_own_secret_and_is_the_same_while_nothing_changed(
    app: APIFlask, secret: str
) -> None:
    client = app.test_client()
    first, again = client.get(f"/fb/{secret}.ifb"), client.get(f"/fb/{secret}.ifb")
    assert (first.status_code, first.data, first.headers["ETag"]) == (200, again.data, again.headers["ETag"])
    assert first.content_type.startswith("text/calendar; charset=utf-8")
    same = client.get(f"/fb/{secret}.ifb", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert client.head(f"/fb/{secret}.ifb").status_code == 200
    assert b"ATTENDEE" not in first.data
    assert b"SUMMARY" not in first.data


def test_an_ended_feed_or_any_other_address_is_the_same_404(app: APIFlask, town: Town, secret: str) -> None:
    client = app.test_client()
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        feed, ended = create_feed(uow)
        revoke_feed(uow, feed)
    for one in (ended, secret[:-1], secret.swapcase(), "x"):
        assert client.get(f"/fb/{one}.ifb").status_code == 404
