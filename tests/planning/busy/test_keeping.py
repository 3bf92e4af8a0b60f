"""What is kept of a calendar and what others learn of it: taken, free or unknown; after a failure nothing is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from samsyn.access.rules import Role
from samsyn.core.errors import InvalidError
from samsyn.core.keys import Keys, load_keys, make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.common_times.queries import Times, common_times, read_plan
from samsyn.lifecycle.common_times.wishes import Wish
from samsyn.lifecycle.leaving import end_what_opens
from samsyn.planning.busy.faults import Fault
from samsyn.planning.busy.reading import read_calendar
from samsyn.planning.busy.told import Owner, Reading
from samsyn.planning.iso_week import Week
from samsyn.planning.queries import errand, own_calendar, times_away
from samsyn.planning.red_days import assumed_on
from samsyn.planning.rules import Span, Unavailability
from samsyn.planning.service import (
    FETCH,
    add_shifts,
    fetch_now,
    note_fault,
    note_reading,
    put_address,
    refresh_unavailable,
    remove_address,
    window_at,
)
from samsyn.planning.service.busy import MOST_BY_HAND, PAUSES
from samsyn.planning.service.hours import STALE
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town, make_person
from tests.planning import scene
from tests.planning.busy.calendars import ME, WINDOW
from tests.planning.busy.generated import SERIES, Series, quarters, taken, written
from tests.planning.scene import MONDAY, moment

NOW: Final = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
SECRET: Final = "hemlig-adress"
URL: Final = f"https://calendar.example/{SECRET}.ics"
TABLES: Final = ("busy_source", "busy_reading", "busy_time")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    make_key_file(folder / "keys.json")
    return load_keys(folder / "keys.json")


@pytest.fixture
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


def somebody(town: Town) -> Viewer:
    return Viewer(town.tobacco.id, make_person(town.tobacco.id, town.tobacco.unit, "Kai", {Role.INSPECTOR}))


def worker(viewer: Viewer) -> Viewer:
    assert viewer.authority_id is not None
    return Viewer.task_of(viewer.authority_id, viewer.person_id)


def person_of(viewer: Viewer) -> UUID:
    assert viewer.person_id is not None
    return viewer.person_id


def gives_address(viewer: Viewer, keys: Keys, now: datetime = NOW, url: str = URL) -> UUID:
    """The person types it; what the worker would go to is returned."""
    with unit_of_work(viewer, now) as uow:
        put_address(uow, keys, url)
    with unit_of_work(worker(viewer), now) as uow:
        where = errand(uow, keys, at_once=True)
    assert where is not None
    assert where.url == url
    return where.source_id


def is_read(viewer: Viewer, source: UUID, spans: Sequence[Span] | Reading, now: datetime = NOW) -> None:
    read = spans if isinstance(spans, Reading) else Reading(tuple(spans), window_at(now))
    with unit_of_work(worker(viewer), now) as uow:
        assert note_reading(uow, source, read)


def fails(viewer: Viewer, source: UUID, fault: Fault = Fault.SERVER, now: datetime = NOW) -> None:
    with unit_of_work(worker(viewer), now) as uow:
        assert note_fault(uow, source, fault)


def told(town: Town, viewer: Viewer, between: Span = WINDOW, now: datetime = NOW) -> dict[Unavailability, set[int]]:
    """What a planner of another authority learns, in quarters."""
    with unit_of_work(town.planner(town.police), now) as uow:
        away = times_away(uow, {person_of(viewer)}, between)
    return {
        state: quarters([(one.starts_at, one.ends_at) for one in away if one.state is state])
        for state in Unavailability
    }


def usual() -> set[int]:
    """The quarters of the window in which people are assumed to work."""
    days = (date(2027, 1, 4) + timedelta(days=n) for n in range(182))
    return quarters([hours for day in days if (hours := assumed_on(day)) is not None])


EVERY: Final = frozenset(quarters([WINDOW]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(series=st.lists(SERIES, max_size=5), then=st.lists(SERIES, max_size=3), fault=st.sampled_from(Fault))
def test_kept_and_told_is_what_an_independent_reckoning_says(
    town: Town, keys: Keys, owner: Connection, series: list[Series], then: list[Series], fault: Fault
) -> None:
    viewer = somebody(town)
    source = gives_address(viewer, keys)
    assert told(town, viewer)[Unavailability.UNKNOWN] == EVERY
    for said in (series, then):
        is_read(viewer, source, read_calendar(written(said), Owner(frozenset({ME})), WINDOW))
        busy = quarters(list(taken(said)))
        rows = text("SELECT lower(during), upper(during) FROM busy_time WHERE person_id = :p")
        kept = [tuple(row) for row in owner.execute(rows, {"p": viewer.person_id})]
        owner.rollback()
        assert quarters(kept) == busy
        learnt = told(town, viewer)
        assert learnt[Unavailability.BUSY] == busy
        assert EVERY - busy - learnt[Unavailability.UNKNOWN] == usual() - busy
    fails(viewer, source, fault)
    learnt = told(town, viewer)
    assert learnt[Unavailability.BUSY] == busy
    assert learnt[Unavailability.UNKNOWN] == EVERY - busy


def test_a_reading_is_too_old_after_a_day_though_nobody_looks_after_it(town: Town, keys: Keys) -> None:
    viewer = somebody(town)
    is_read(viewer, gives_address(viewer, keys), [])
    assert told(town, viewer, now=NOW + STALE)[Unavailability.UNKNOWN] < EVERY
    assert told(town, viewer, now=NOW + STALE + timedelta(seconds=1))[Unavailability.UNKNOWN] == EVERY


def test_shifts_that_are_brought_in_are_not_free_while_the_calendar_cannot_be_read(town: Town, keys: Keys) -> None:
    viewer, shift = somebody(town), scene.span(date(2027, 1, 12), "09:00", "12:00")
    source = gives_address(viewer, keys)
    fails(viewer, source)

    def shifts_come() -> None:
        with unit_of_work(town.planner(town.tobacco), NOW) as uow:
            add_shifts(uow, person_of(viewer), [shift])
            refresh_unavailable(uow, person_of(viewer), WINDOW)

    shifts_come()
    assert quarters([shift]) <= told(town, viewer)[Unavailability.UNKNOWN]
    is_read(viewer, source, [scene.span(date(2027, 1, 12), "10:00", "11:00")])
    shifts_come()
    learnt = told(town, viewer)
    assert len(quarters([shift]) - learnt[Unavailability.UNKNOWN] - learnt[Unavailability.BUSY]) == 8


def test_a_list_that_tells_of_a_month_tells_nothing_of_the_next(town: Town, keys: Keys) -> None:
    viewer = somebody(town)
    until = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
    is_read(viewer, gives_address(viewer, keys), Reading((), (WINDOW[0], until)))
    free = EVERY - told(town, viewer)[Unavailability.UNKNOWN]
    assert free == usual() & quarters([(WINDOW[0], until)])


def test_common_times_take_it_as_taken_and_unknown_as_unknown(town: Town, keys: Keys) -> None:
    now = datetime(2027, 2, 1, tzinfo=UTC)
    operation = scene.propose(town, scene.span(MONDAY, "10:00", "12:00"), (town.police, town.tobacco))

    def search() -> Times:
        with unit_of_work(town.planner(town.police), now) as uow:
            return common_times(uow, read_plan(uow, operation), Wish(Week(MONDAY), weeks=1))

    everybody = [town.inspector(office, n) for office in (town.police, town.tobacco) for n in (0, 1)]
    sources = {viewer: gives_address(viewer, keys, now) for viewer in everybody}
    assert search().sure == 0
    whole_week = (moment(MONDAY, "00:00"), moment(MONDAY + timedelta(days=6), "00:00"))
    for viewer, source in sources.items():
        mornings = [scene.span(MONDAY + timedelta(days=n), "08:00", "13:00") for n in range(5)]
        is_read(viewer, source, mornings, now)
    found = search()
    assert found.offers[0].sure
    assert (found.offers[0].begins_at, found.possible, found.sure) == (moment(MONDAY, "13:00"), 5 * 9, 5 * 9)
    for viewer in everybody[2:]:
        fails(viewer, sources[viewer], now=now)
    found = search()
    assert (found.possible, found.sure) == (5 * 9, 0)
    for viewer in everybody[2:]:
        is_read(viewer, sources[viewer], [whole_week], now)
    found = search()
    assert found.possible == 0
    blamed = {one.authority_id for one in found.asked if one.key in {blame.key for blame in found.blames}}
    assert town.tobacco.id in blamed


def test_trying_ends_after_a_growing_pause_and_begins_again_by_hand(town: Town, keys: Keys, owner: Connection) -> None:
    viewer = somebody(town)
    source = gives_address(viewer, keys)
    waits = text(
        "SELECT round(extract(epoch FROM next_at - now()) / 60)::int FROM outbox"
        " WHERE subject_id = :p AND task = :t ORDER BY next_at"
    )
    for _ in range(len(PAUSES) + 1):
        fails(viewer, source)
    planned = [row[0] for row in owner.execute(waits, {"p": viewer.person_id, "t": FETCH})]
    assert planned == [int(pause.total_seconds()) // 60 for pause in PAUSES]
    with unit_of_work(viewer, NOW) as uow:
        shown = own_calendar(uow, keys)
        assert shown is not None
        assert (shown.next_at, shown.failures, shown.fault) == (None, len(PAUSES) + 1, Fault.SERVER)
        assert fetch_now(uow) is None  # a moment ago
    with unit_of_work(viewer, NOW + timedelta(minutes=2)) as uow:
        assert fetch_now(uow) is not None
    is_read(viewer, source, [], NOW + timedelta(minutes=2))
    with unit_of_work(viewer, NOW) as uow:
        shown = own_calendar(uow, keys)
        assert shown is not None
        assert (shown.failures, shown.fault, shown.readable, shown.periods) == (0, None, True, 0)
        assert shown.next_at is not None


def test_what_is_read_for_an_address_that_was_replaced_is_not_kept(town: Town, keys: Keys) -> None:
    viewer = somebody(town)
    old = gives_address(viewer, keys)
    is_read(viewer, old, [scene.span(MONDAY, "08:00", "12:00")])
    new = gives_address(viewer, keys, url="https://other.example/x.ics")
    assert told(town, viewer)[Unavailability.UNKNOWN] == EVERY  # nothing of the old one is left
    with unit_of_work(worker(viewer), NOW) as uow:
        assert not note_reading(uow, old, Reading((), WINDOW))
        assert not note_fault(uow, old, Fault.AWAY)
    is_read(viewer, new, [])


def test_nobody_else_reads_where_it_is_and_no_row_holds_the_address(town: Town, keys: Keys, owner: Connection) -> None:
    viewer = somebody(town)
    gives_address(viewer, keys)
    for eye in (town.planner(town.tobacco), town.inspector(town.tobacco), Viewer.task_of(town.tobacco.id), Viewer()):
        with unit_of_work(eye) as uow:
            rows = uow.session.scalars(text("SELECT id FROM busy_source WHERE person_id = :p"), {"p": viewer.person_id})
            assert list(rows) == []
    other = Viewer(town.police.id, viewer.person_id, frozenset({"inspector"}))
    with unit_of_work(other) as uow:
        assert own_calendar(uow, keys) is None
    for table in (*TABLES, "outbox", "job", "audit", "unavailable"):
        rows = owner.execute(text(f"SELECT t::text FROM {table} t")).scalars()
        assert not [row for row in rows if SECRET in row or SECRET.encode().hex() in row]
    with unit_of_work(viewer) as uow:
        shown = own_calendar(uow, keys)
    assert shown is not None
    assert shown.host == "calendar.example"
    assert SECRET not in repr(shown)


def test_removed_it_is_gone_with_all_that_was_read(town: Town, keys: Keys, owner: Connection) -> None:
    viewer = somebody(town)
    is_read(viewer, gives_address(viewer, keys), [scene.span(MONDAY, "08:00", "12:00")])
    assert count(owner, viewer) == {"busy_source": 1, "busy_reading": 1, "busy_time": 1}
    with unit_of_work(viewer, NOW) as uow:
        remove_address(uow)
        remove_address(uow)
    assert count(owner, viewer) == dict.fromkeys(TABLES, 0)
    assert told(town, viewer)[Unavailability.BUSY] == set()


def test_who_leaves_leaves_nothing_of_it(town: Town, keys: Keys, owner: Connection) -> None:
    viewer = town.inspector(town.tobacco)
    is_read(viewer, gives_address(viewer, keys), [scene.span(MONDAY, "08:00", "12:00")])
    owner.execute(text("UPDATE staff SET until_on = current_date - 1 WHERE person_id = :p"), {"p": viewer.person_id})
    owner.commit()
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        end_what_opens(uow, person_of(viewer))
    assert count(owner, viewer) == dict.fromkeys(TABLES, 0)


def count(owner: Connection, viewer: Viewer) -> dict[str, Any]:
    rows = {
        table: owner.scalar(text(f"SELECT count(*) FROM {table} WHERE person_id = :p"), {"p": viewer.person_id})
        for table in TABLES
    }
    owner.rollback()
    return rows


@pytest.mark.parametrize("typed", ["", "calendar", "http://calendar.example/x.ics", "https://a:b@calendar.example/x"])
def test_what_is_no_address_is_said_beside_the_field(town: Town, keys: Keys, typed: str) -> None:
    with unit_of_work(somebody(town)) as uow, pytest.raises(InvalidError) as refused:
        put_address(uow, keys, typed)
    assert refused.value.fields == {"address": ["calendar_address"]}


def test_nobody_looks_around_in_other_machines_through_this_one(town: Town, keys: Keys) -> None:
    viewer = somebody(town)
    for n in range(MOST_BY_HAND):
        with unit_of_work(viewer, NOW) as uow:
            put_address(uow, keys, f"https://calendar-{n}.example/")
    with unit_of_work(viewer, NOW) as uow, pytest.raises(InvalidError) as refused:
        put_address(uow, keys, URL)
    assert refused.value.fields == {"address": ["calendar_too_often"]}
    with unit_of_work(viewer, NOW) as uow:
        assert fetch_now(uow) is None
    with unit_of_work(viewer, NOW + timedelta(minutes=61)) as uow:
        put_address(uow, keys, URL)


def test_webcal_is_another_name_for_https(town: Town, keys: Keys) -> None:
    viewer = somebody(town)
    with unit_of_work(viewer) as uow:
        put_address(uow, keys, " webcal://calendar.example/x.ics#part ")
    with unit_of_work(worker(viewer)) as uow:
        where = errand(uow, keys, at_once=True)
    assert where is not None
    assert where.url == "https://calendar.example/x.ics"
