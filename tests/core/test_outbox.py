"""The queue: one holder at a time, on the database's clock; nothing is lost; only the recipient's worker reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from samsyn.core.database import make_engine
from samsyn.core.errors import NotFoundError
from samsyn.core.outbox import MAX_ATTEMPTS, Leased, emit, finish, lease, pause, try_again
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers.relay import sweep
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town

TASK = "samsyn.tests.nothing"


def queue(town: Town, n: int = 1, *, after: timedelta = timedelta()) -> list[UUID]:
    """Rows for tobacco, made by the police."""
    subjects = [uuid4() for _ in range(n)]
    with unit_of_work(town.planner(town.police)) as uow:
        for subject in subjects:
            emit(uow, TASK, subject, acts_for=town.tobacco.id, after=after)
    return subjects


def worker(town: Town) -> Viewer:
    return Viewer.task_of(town.tobacco.id)


def take(town: Town, holder: UUID, *, limit: int = 50, seconds: int = 30) -> list[Leased]:
    with unit_of_work(worker(town)) as uow:
        return lease(uow.session, TASK, holder, limit=limit, seconds=seconds)


def end(town: Town, row: Leased, holder: UUID) -> bool:
    with unit_of_work(worker(town)) as uow:
        return finish(uow.session, row, holder)


def again(town: Town, row: Leased, holder: UUID) -> None:
    with unit_of_work(worker(town)) as uow:
        try_again(uow.session, row, holder)


def states(town: Town) -> list[str]:
    with unit_of_work(worker(town)) as uow:
        return list(uow.session.scalars(text("SELECT state FROM outbox WHERE task = :t ORDER BY state"), {"t": TASK}))


def test_a_leased_row_belongs_to_one_holder_until_it_is_done(town: Town) -> None:
    [subject] = queue(town)
    me, other = uuid4(), uuid4()
    [row] = take(town, me)
    assert (row.subject_id, row.attempts, row.made_by_id) == (subject, 1, town.police.id)
    assert take(town, other) == []
    assert not end(town, row, other)
    assert end(town, row, me)
    assert not end(town, row, me)
    assert take(town, me) == []
    assert states(town) == ["done"]


def test_two_holders_at_once_take_different_rows(town: Town) -> None:
    queue(town, 6)
    with unit_of_work(worker(town)) as one, unit_of_work(worker(town)) as two:
        first = lease(one.session, TASK, uuid4(), limit=4)
        second = lease(two.session, TASK, uuid4(), limit=4)
    assert (len(first), len(second)) == (4, 2)
    assert {row.id for row in first} & {row.id for row in second} == set()


def test_a_lease_that_ran_out_is_due_again_and_its_first_holder_too_late(town: Town) -> None:
    queue(town)
    slow, next_one = uuid4(), uuid4()
    [row] = take(town, slow, seconds=0)
    [taken] = take(town, next_one)
    assert (taken.id, taken.attempts) == (row.id, 2)
    assert not end(town, row, slow)
    again(town, row, slow)  # changes nothing either
    assert states(town) == ["leased"]
    assert end(town, taken, next_one)


def test_a_transaction_that_fails_queues_nothing_and_gives_its_lease_back(town: Town) -> None:
    with pytest.raises(RuntimeError):
        queue_and_fail(town)
    assert states(town) == []
    queue(town)
    with pytest.raises(RuntimeError):
        take_and_fail(town)
    assert len(take(town, uuid4())) == 1


def queue_and_fail(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        emit(uow, TASK, uuid4(), acts_for=town.tobacco.id)
        raise RuntimeError


def take_and_fail(town: Town) -> None:
    with unit_of_work(worker(town)) as uow:
        lease(uow.session, TASK, uuid4())
        raise RuntimeError


def test_a_row_given_back_waits_longer_each_time_and_at_last_is_dead(
    town: Town, cluster: Cluster, database: str
) -> None:
    assert [pause(n) for n in (1, 2, 3, 12, 13, 40, 4000)] == [2, 4, 8, 4096, 7200, 7200, 7200]
    queue(town)
    holder = uuid4()
    [row] = take(town, holder)
    again(town, row, holder)
    assert take(town, holder) == []  # two seconds, by the database's clock
    with as_owner(cluster, database) as db:
        hurry = text("UPDATE outbox SET next_at = now(), attempts = :n WHERE id = :id")
        db.execute(hurry, {"id": row.id, "n": MAX_ATTEMPTS - 2})
        db.commit()
        for state in ("due", "dead"):
            [row] = take(town, holder)
            again(town, row, holder)
            assert states(town) == [state]
            db.execute(text("UPDATE outbox SET next_at = now() WHERE id = :id"), {"id": row.id})
            db.commit()
    assert take(town, holder) == []


def test_a_row_for_later_is_not_due_before(town: Town, cluster: Cluster, database: str) -> None:
    queue(town, after=timedelta(hours=1))
    assert take(town, uuid4()) == []
    with as_owner(cluster, database) as db:
        db.execute(
            text("UPDATE outbox SET next_at = next_at - interval '1 hour' WHERE acts_for_id = :a"),
            {"a": town.tobacco.id},
        )
        db.commit()
    assert len(take(town, uuid4())) == 1


def test_nothing_is_leased_while_the_installation_is_held_after_a_restore(
    town: Town, cluster: Cluster, database: str
) -> None:
    queue(town)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE installation SET held_since = now()"))
        db.commit()
        try:
            assert take(town, uuid4()) == []
        finally:
            db.execute(text("UPDATE installation SET held_since = NULL"))
            db.commit()
    assert len(take(town, uuid4())) == 1


def test_the_maker_cannot_read_back_what_it_queued_nor_take_it(town: Town) -> None:
    queue(town)
    for viewer in (town.planner(town.police), Viewer.task_of(town.police.id)):
        with unit_of_work(viewer) as uow:
            assert uow.session.scalar(text("SELECT count(*) FROM outbox")) == 0
            assert lease(uow.session, TASK, uuid4()) == []
    assert len(take(town, uuid4())) == 1


def test_nobody_queues_in_anothers_name(town: Town) -> None:
    forged = text(
        "INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)"
        " VALUES (gen_random_uuid(), 'x', :a, :m, gen_random_uuid(), 'due', 0, now())"
    )
    values = {"a": town.tobacco.id, "m": town.health.id}
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(forged, values)


@pytest.fixture
def relay(cluster: Cluster, database: str) -> Iterator[Engine]:
    # A sweep takes a thousand rows, the oldest first: what other tests left waiting is not this one's.
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE outbox SET state = 'done' WHERE state IN ('due', 'leased')"))
        db.commit()
    engine = make_engine(cluster.url("samsyn_relay", database), pool_size=1)
    yield engine
    engine.dispose()


def hints(relay: Engine, town: Town, *, again_after: float = 2) -> int:
    """How often this town's rows were hinted in one sweep."""
    sent: list[tuple[str, UUID]] = []
    sweep(relay, lambda task, acts_for: sent.append((task, acts_for)), again_after=again_after)
    return sent.count((TASK, town.tobacco.id))


def test_the_relay_hints_once_per_task_and_authority_and_again_after_two_seconds_while_it_is_open(
    town: Town, relay: Engine, cluster: Cluster, database: str
) -> None:
    queue(town, 3)
    assert hints(relay, town) == 1
    assert hints(relay, town) == 0
    with as_owner(cluster, database) as db:
        for seconds, hinted in ((1, 0), (3, 1)):
            late = text("UPDATE outbox SET hinted_at = now() - make_interval(secs => :s) WHERE acts_for_id = :a")
            db.execute(late, {"s": seconds, "a": town.tobacco.id})
            db.commit()
            assert hints(relay, town) == hinted
    assert hints(relay, town, again_after=0) == 1
    holder = uuid4()
    taken = take(town, holder)
    assert hints(relay, town, again_after=0) == 0  # somebody works on it
    for row in taken:
        end(town, row, holder)
    assert hints(relay, town, again_after=0) == 0
    queue(town, after=timedelta(minutes=5))
    assert hints(relay, town, again_after=0) == 0


def test_the_relay_hints_a_lease_that_ran_out_and_a_row_given_back(town: Town, relay: Engine) -> None:
    queue(town)
    assert hints(relay, town) == 1
    take(town, uuid4(), seconds=0)
    assert hints(relay, town, again_after=0) == 1


@pytest.mark.parametrize(
    "reach",
    [
        "SELECT subject_id FROM outbox",
        "SELECT made_by_id FROM outbox",
        "SELECT * FROM outbox",
        "UPDATE outbox SET state = 'done'",
        "UPDATE outbox SET acts_for_id = made_by_id",
        "INSERT INTO outbox (id) VALUES (gen_random_uuid())",
        "DELETE FROM outbox",
        "SELECT 1 FROM delivery",
        "SELECT 1 FROM authority",
        "CREATE TABLE notes (id int)",
        "CREATE TEMPORARY TABLE notes (id int)",
        "SET ROLE samsyn_owner",
        "SET ROLE samsyn_app",
    ],
)
def test_the_relays_role_reaches_nothing_else(relay: Engine, reach: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), relay.begin() as connection:
        connection.execute(text(reach))
