"""Signals: own ones in full, of the others' only a bucket; lists by week are taken in once, replaced and undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError

from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.holding import WeekRow
from samsyn.places.queries import about, list_imports, list_signals, others_of_place, weeks_of
from samsyn.places.rules import SEVERAL_FROM, Bucket, SignalSource, bucket_of, monday_of
from samsyn.places.service import (
    AddHotSpot,
    AddSignal,
    add_hot_spot,
    add_signal,
    count_signals,
    import_weeks,
    undo_import,
    withdraw_signal,
)
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Office, Town

NOW = datetime.now(UTC)
TODAY = local_day(NOW)
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def spot_in(town: Town, name: str = "Torget") -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return add_hot_spot(uow, AddHotSpot(town.collaboration, name, ((59.3, 15.8),), TODAY, "Klagomål."))


@pytest.fixture
def spot(town: Town) -> UUID:
    return spot_in(town)


def note(town: Town, office: Office, spot: UUID, **said: object) -> UUID:
    with unit_of_work(town.inspector(office)) as uow:
        values = {"on_date": TODAY, "source": SignalSource.OWN, "weight": 1, "hot_spot_id": spot, **said}
        return add_signal(uow, AddSignal(**values))  # type: ignore[arg-type]


def told(town: Town, office: Office, spot: UUID) -> list[tuple[UUID, Bucket]]:
    with unit_of_work(town.planner(office)) as uow:
        return [(one.authority_id, one.bucket) for one in others_of_place(uow, spot)]


def week(town: Town, spot: UUID, ago: int, n: int, source: SignalSource = SignalSource.STATISTICS) -> WeekRow:
    return WeekRow(ago + 2, MONDAY - timedelta(weeks=ago), source, n, town.collaboration, "Torget", hot_spot_id=spot)


def test_others_learn_some_or_several_and_never_what(town: Town, spot: UUID) -> None:
    assert told(town, town.health, spot) == []
    for n in range(1, SEVERAL_FROM + 1):
        note(town, town.tobacco, spot, text="Langning vid kiosken")
        expected = Bucket.SEVERAL if n >= SEVERAL_FROM else Bucket.SOME
        assert told(town, town.health, spot) == [(town.tobacco.id, expected)]
    assert told(town, town.tobacco, spot) == [], "the own ones are no others'"
    assert told(town, town.outsider, spot) == []
    with unit_of_work(town.planner(town.health)) as uow:
        assert list_signals(uow) == []
        assert (about(uow, spot).own, about(uow, spot).others) == (0, 2)
        assert uow.session.scalar(text("SELECT count(*) FROM signal")) == 0
        columns = uow.session.execute(text("SELECT * FROM signal_count WHERE hot_spot_id = :s"), {"s": spot}).one()
        assert set(columns._mapping) == {
            *("id", "authority_id", "collaboration_id", "business_id", "hot_spot_id", "bucket"),
        }
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert len(list_signals(uow, spot)) == about(uow, spot).own == SEVERAL_FROM


def test_what_is_taken_back_leaves_nothing_behind(town: Town, spot: UUID) -> None:
    key = note(town, town.tobacco, spot)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        withdraw_signal(uow, key)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        withdraw_signal(uow, key)
        assert list_signals(uow, spot) == []
    assert told(town, town.health, spot) == []
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        withdraw_signal(uow, key)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "Hon heter 19121212-1212"}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"on_date": TODAY + timedelta(days=2)}, "on_date"),
        ({"expires_on": TODAY}, "expires_on"),
        ({"expires_on": TODAY + timedelta(days=400)}, "expires_on"),
        ({"weight": 4}, "weight"),
        ({"hot_spot_id": None}, "hot_spot_id"),
    ],
)
def test_what_is_no_signal_is_refused_by_field(town: Town, spot: UUID, said: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        note(town, town.tobacco, spot, **said)
    assert list(refused.value.fields) == [field]


def test_who_may_note(town: Town, spot: UUID) -> None:
    command = AddSignal(TODAY, SignalSource.OWN, 1, hot_spot_id=spot)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        add_signal(uow, command)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        import_weeks(uow, [week(town, spot, 1, 2)], "lista.csv")
    refused = (ProgrammingError, NotFoundError, NotAllowedError)
    with pytest.raises(refused), unit_of_work(town.planner(town.health)) as uow:
        uow.session.execute(
            text(
                "INSERT INTO signal_count (id, authority_id, collaboration_id, hot_spot_id, bucket)"
                " VALUES (:i, :a, :c, :s, 'several')"
            ),
            {"i": uuid4(), "a": town.tobacco.id, "c": town.collaboration, "s": spot},
        )


def test_a_signal_expires_and_the_worker_takes_its_bucket_away(town: Town, spot: UUID) -> None:
    key = note(town, town.tobacco, spot, expires_on=TODAY + timedelta(days=3))
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        due = uow.session.execute(
            text("SELECT next_at FROM outbox WHERE task = 'samsyn.places.count_signals' AND subject_id = :s"),
            {"s": spot},
        ).scalars().all()  # fmt: skip
        assert [local_day(at) >= TODAY + timedelta(days=3) for at in due] == [True]
    note(town, town.tobacco, spot, expires_on=TODAY + timedelta(days=9))
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        many = uow.session.scalar(text("SELECT count(*) FROM outbox WHERE subject_id = :s"), {"s": spot})
        assert many == 1, "the first to expire wakes, and sees to the next"
    for days, there in ((3, True), (4, True), (9, True), (10, False)):
        with unit_of_work(Viewer.task_of(town.tobacco.id), NOW + timedelta(days=days)) as uow:
            count_signals(uow, spot)
            count_signals(uow, spot)
        assert bool(told(town, town.health, spot)) is there, days
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert key in {one.id for one in list_signals(uow)}, "it stays in the own list"


def test_a_list_by_week_is_replaced_and_undone(town: Town, spot: UUID) -> None:
    planner = town.planner(town.tobacco)
    with unit_of_work(planner) as uow:
        first = import_weeks(uow, [week(town, spot, ago, 2) for ago in range(4)], "a.csv")
        assert [n for _, n in weeks_of(uow, spot, 5)] == [0, 2, 2, 2, 2]
    with unit_of_work(planner) as uow:
        second = import_weeks(uow, [week(town, spot, 1, 7), week(town, spot, 2, 0)], "b.csv")
        assert [n for _, n in weeks_of(uow, spot, 5)] == [0, 2, 0, 7, 2]
    with unit_of_work(planner) as uow:
        third = import_weeks(uow, [week(town, spot, 1, 9)], "c.csv")
    assert None not in {first, second, third}
    with unit_of_work(planner) as uow:
        undo_import(uow, second or uuid4())
        assert [n for _, n in weeks_of(uow, spot, 5)] == [0, 2, 2, 9, 2], "the newest holds, whatever is undone before"
    with unit_of_work(planner) as uow:
        undo_import(uow, third or uuid4())
        assert [n for _, n in weeks_of(uow, spot, 5)] == [0, 2, 2, 2, 2]
        undo_import(uow, first or uuid4())
        assert sum(n for _, n in weeks_of(uow, spot)) == 0
        assert [one.undone_at is not None for one in list_imports(uow)] == [True] * 3
    assert told(town, town.health, spot) == []
    with pytest.raises(NotFoundError), unit_of_work(planner) as uow:
        undo_import(uow, first or uuid4())
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        undo_import(uow, first or uuid4())


def test_many_places_are_counted_under_one_lock_and_in_as_many_statements(town: Town) -> None:
    """A list of thousands: a lock each would be more than the database holds."""
    spots = [spot_in(town, f"Plats {n}") for n in range(12)]
    counting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"

    def taken(places: list[UUID]) -> tuple[int, int]:
        statements: list[str] = []
        with unit_of_work(town.planner(town.tobacco)) as uow:
            bind = uow.session.get_bind()

            def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
                statements.append(statement)

            event.listen(bind, "before_cursor_execute", count)
            import_weeks(uow, [week(town, place, ago, 2) for place in places for ago in range(3)], "a.csv")
            event.remove(bind, "before_cursor_execute", count)
            locks = uow.session.scalar(text(counting))
        woken = sum("INTO outbox" in one for one in statements)
        assert woken == len(places)
        return len(statements) - woken, locks or 0

    few, many = taken(spots[:2]), taken(spots[2:])
    assert few == many
    assert [told(town, town.health, spot) for spot in spots] == [[(town.tobacco.id, Bucket.SEVERAL)]] * 12


def test_who_left_the_collaboration_tells_nothing_any_more(
    town: Town, spot: UUID, cluster: Cluster, database: str
) -> None:
    note(town, town.tobacco, spot)
    assert told(town, town.health, spot) == [(town.tobacco.id, Bucket.SOME)]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        left = text("UPDATE collaboration_member SET left_on = :day WHERE authority_id = (SELECT me()) RETURNING 1")
        assert uow.session.scalars(left, {"day": TODAY}).all() == [1]
    assert told(town, town.health, spot) == []
    with unit_of_work(town.planner(town.health)) as uow:
        assert about(uow, spot).others == 0
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        count_signals(uow, spot)
    with as_owner(cluster, database) as db:  # who left sees none of it, taken away or not
        stays = text("SELECT count(*) FROM signal_count WHERE hot_spot_id = :spot")
        assert db.scalar(stays, {"spot": spot}) == 0


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 4), st.integers(0, 40)),
        st.tuples(
            st.just("list"),
            st.dictionaries(st.integers(0, 40), st.integers(0, 6), min_size=1, max_size=5),
            st.just(0),
        ),
        st.tuples(st.just("undo"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(0)),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_numbers_and_buckets_are_what_a_count_by_hand_gives(town: Town, acts: list[tuple[str, object, int]]) -> None:
    """A model in a few lines: what was written and not taken back, and the newest list of each week not undone."""
    spot = spot_in(town, f"Plats {uuid4().hex[:9]}")
    written: dict[UUID, date] = {}
    lists: list[tuple[UUID, dict[int, int]]] = []
    for act, what, ago in acts:
        if act == "write":
            until = TODAY - timedelta(days=ago) + timedelta(days=1 + 10 * int(str(what)))
            key = note(town, town.tobacco, spot, on_date=TODAY - timedelta(days=ago), expires_on=until)
            written[key] = until
        with unit_of_work(town.planner(town.tobacco)) as uow:
            if act == "list":
                rows: dict[int, int] = what  # type: ignore[assignment]
                key_ = import_weeks(uow, [week(town, spot, back, n) for back, n in rows.items()], "x.csv")
                assert key_ is not None
                lists.append((key_, rows))
            elif act == "undo" and lists:
                undo_import(uow, lists.pop(int(str(what)) % len(lists))[0])
            elif act == "withdraw" and written:
                key = sorted(written)[int(str(what)) % len(written)]
                withdraw_signal(uow, key)
                del written[key]
    weeks: dict[int, int] = {}
    for _, rows in lists:
        weeks.update(rows)
    holding = sum(until >= TODAY for until in written.values())
    holding += sum(n for back, n in weeks.items() if MONDAY - timedelta(weeks=back) + timedelta(days=182) >= TODAY)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert about(uow, spot).own == holding
    bucket = bucket_of(holding)
    assert told(town, town.health, spot) == ([(town.tobacco.id, bucket)] if bucket else [])


def test_weeks_are_those_of_the_calendar() -> None:
    assert monday_of(2026, 53) == date(2026, 12, 28)
    assert monday_of(2025, 53) is None
    assert monday_of(2026, 54) is None
