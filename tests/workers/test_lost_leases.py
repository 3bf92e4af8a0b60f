"""Rows whose worker vanished: first, alone, and not for ever; rows that nobody came to: given back untouched."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.core.outbox import MAX_LOST, Leased, bury, emit, finish, give_back, lease, try_again
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import rows
from samsyn_workers.rows import work_off
from tests.factories import Town

TASK = "samsyn.workers.lose"


@pytest.fixture
def me(town: Town) -> UUID:
    return town.health.id


def queue(me: UUID, *subjects: UUID) -> None:
    with unit_of_work(Viewer.task_of(me)) as uow:
        for subject in subjects:
            emit(uow, TASK, subject, acts_for=me)


def take(me: UUID, holder: UUID | None = None, limit: int = 50) -> list[Leased]:
    with unit_of_work(Viewer.task_of(me)) as uow:
        return lease(uow.session, TASK, holder or uuid4(), limit=limit)


def end_leases(me: UUID) -> None:
    with unit_of_work(Viewer.task_of(me)) as uow:
        uow.session.execute(text("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE state = 'leased'"))


def states(me: UUID) -> dict[UUID, tuple[str, int]]:
    with unit_of_work(Viewer.task_of(me)) as uow:
        found = uow.session.execute(text("SELECT subject_id, state, attempts FROM outbox WHERE task = :t"), {"t": TASK})
        return {row.subject_id: (row.state, row.attempts) for row in found}


def test_a_row_whose_worker_vanished_comes_first_and_alone(me: UUID) -> None:
    old = {uuid4(), uuid4()}
    queue(me, *old)
    assert [row.lost for row in take(me)] == [False, False]
    end_leases(me)
    queue(me, uuid4(), uuid4())
    first, second = take(me), take(me)
    assert {row.subject_id for row in (*first, *second)} == old
    assert [row.lost for row in (*first, *second)] == [True, True]
    assert [row.lost for row in take(me)] == [False, False]


def test_rows_given_back_are_due_at_once_as_if_never_taken_but_not_by_who_lost_them(me: UUID) -> None:
    subject, holder = uuid4(), uuid4()
    queue(me, subject)
    taken = take(me, holder)
    with unit_of_work(Viewer.task_of(me)) as uow:
        give_back(uow.session, taken, uuid4())
    assert states(me)[subject] == ("leased", 1)
    with unit_of_work(Viewer.task_of(me)) as uow:
        give_back(uow.session, taken, holder)
    assert states(me)[subject] == ("due", 0)


def test_who_lost_the_lease_is_told_so_by_every_ending(me: UUID) -> None:
    subject = uuid4()
    queue(me, subject)
    (row,) = take(me)
    with unit_of_work(Viewer.task_of(me)) as uow:
        assert [end(uow.session, row, uuid4()) for end in (finish, try_again, bury)] == [False] * 3
    assert states(me)[subject] == ("leased", 1)


def test_a_row_that_kills_its_worker_is_dead_after_a_few_and_kills_no_other_row(me: UUID) -> None:
    poison, good = uuid4(), [uuid4() for _ in range(3)]
    queue(me, poison, *good)
    deaths = 0

    def do(_uow: UnitOfWork, row: Leased) -> None:
        if row.subject_id == poison:
            raise KeyboardInterrupt  # nobody cleans up after it, as after a kill

    for _ in range(MAX_LOST + 10):
        try:
            work_off(TASK, me, do)
        except KeyboardInterrupt:
            deaths += 1
            end_leases(me)
    assert deaths == MAX_LOST
    after = states(me)
    assert after.pop(poison)[0] == "dead"
    assert {state for state, _ in after.values()} == {"done"}
    assert max(attempts for _, attempts in after.values()) <= 2


def test_rows_that_the_time_did_not_reach_are_given_back(me: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = [uuid4() for _ in range(3)]
    queue(me, *subjects)
    clock = iter([0.0, 0.0, 0.0, 99.0, 99.0])
    monkeypatch.setattr(rows, "monotonic", lambda: next(clock))
    assert work_off(TASK, me, lambda _uow, _row: None) == 1
    assert sorted(states(me).values()) == [("done", 1), ("due", 0), ("due", 0)]
