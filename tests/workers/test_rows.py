"""The runner of rows: twice, beside itself, died between, a lost lease, a row that never succeeds."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.audit.service import record
from samsyn.core.outbox import MAX_ATTEMPTS, Leased, emit, lease
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers.rows import work_off
from tests.factories import Town

TASK = "samsyn.workers.try"


@pytest.fixture
def me(town: Town) -> UUID:
    return town.health.id


def queue(me: UUID, *subjects: UUID, task: str = TASK) -> None:
    with unit_of_work(Viewer.task_of(me)) as uow:
        for subject in subjects:
            emit(uow, task, subject, acts_for=me)


def said(me: UUID, subject: UUID) -> int:
    """How often the work of a row stands committed."""
    with unit_of_work(Viewer(me, None, frozenset({"log_reviewer"}))) as uow:
        found = uow.session.scalar(text("SELECT count(*) FROM audit WHERE object_id = :id"), {"id": subject})
        return int(found or 0)


def row_of(me: UUID, subject: UUID) -> tuple[str, int]:
    with unit_of_work(Viewer.task_of(me)) as uow:
        found = uow.session.execute(
            text("SELECT state, attempts FROM outbox WHERE subject_id = :id"), {"id": subject}
        ).one()
        return str(found.state), int(found.attempts)


def change(me: UUID, subject: UUID, what: str) -> None:
    with unit_of_work(Viewer.task_of(me)) as uow:
        uow.session.execute(text(f"UPDATE outbox SET {what} WHERE subject_id = :id"), {"id": subject})


def say(uow: UnitOfWork, row: Leased) -> None:
    record(uow, "tried", row.subject_id)


def test_each_row_is_done_once_however_often_the_task_runs(me: UUID) -> None:
    subjects = [uuid4() for _ in range(3)]
    queue(me, *subjects)
    assert [work_off(TASK, me, say, limit=2) for _ in range(2)] == [3, 0]
    assert [said(me, s) for s in subjects] == [1, 1, 1]


def test_another_authoritys_rows_and_other_tasks_are_left_alone(me: UUID, town: Town) -> None:
    theirs, other = uuid4(), uuid4()
    queue(town.police.id, theirs)
    queue(me, other, task="samsyn.workers.other")
    assert work_off(TASK, me, say) == 0
    assert row_of(town.police.id, theirs) == ("due", 0)
    assert row_of(me, other) == ("due", 0)


def test_a_row_that_fails_leaves_nothing_behind_waits_and_does_not_stop_the_others(
    me: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = uuid4(), uuid4()
    queue(me, bad, good)

    def do(uow: UnitOfWork, row: Leased) -> None:
        record(uow, "tried", row.subject_id)
        if row.subject_id == bad:
            raise ValueError("hemlig text")

    assert work_off(TASK, me, do) == 1
    assert (said(me, bad), said(me, good)) == (0, 1)
    assert row_of(me, bad) == ("due", 1)
    assert work_off(TASK, me, say) == 0  # not before its pause is over
    log = capsys.readouterr().out
    assert str(bad) in log
    assert "ValueError" in log
    assert "hemlig" not in log
    change(me, bad, "next_at = now()")
    assert work_off(TASK, me, say) == 1
    assert said(me, bad) == 1


def test_a_worker_that_dies_in_the_middle_leaves_a_row_that_is_done_when_its_lease_ends(me: UUID) -> None:
    subject = uuid4()
    queue(me, subject)

    def die(uow: UnitOfWork, row: Leased) -> None:
        record(uow, "tried", row.subject_id)
        raise KeyboardInterrupt  # not an Exception: nobody cleans up after it, as after a kill

    with pytest.raises(KeyboardInterrupt):
        work_off(TASK, me, die)
    assert row_of(me, subject) == ("leased", 1)
    assert said(me, subject) == 0
    assert work_off(TASK, me, say) == 0  # the lease still runs
    change(me, subject, "lease_until = now() - interval '1 second'")
    assert work_off(TASK, me, say) == 1
    assert (said(me, subject), row_of(me, subject)) == (1, ("done", 2))


def test_who_lost_the_lease_commits_nothing_and_the_new_holder_does_it(me: UUID) -> None:
    subject = uuid4()
    queue(me, subject)
    taken: list[Leased] = []

    def too_slow(uow: UnitOfWork, row: Leased) -> None:
        change(me, subject, "lease_until = now() - interval '1 second'")
        with unit_of_work(Viewer.task_of(me)) as other:
            taken.extend(lease(other.session, TASK, uuid4()))
        record(uow, "tried", row.subject_id)

    assert work_off(TASK, me, too_slow) == 0
    assert [row.subject_id for row in taken] == [subject]
    assert said(me, subject) == 0
    assert row_of(me, subject) == ("leased", 2)  # the other's lease was not touched


def test_a_poison_row_becomes_dead(me: UUID) -> None:
    fails, kills = uuid4(), uuid4()
    queue(me, fails, kills)
    change(me, fails, f"attempts = {MAX_ATTEMPTS - 1}")
    change(me, kills, f"attempts = {MAX_ATTEMPTS}")  # never given back: its worker died every time

    def do(uow: UnitOfWork, row: Leased) -> None:
        assert row.subject_id == fails
        raise ValueError

    assert work_off(TASK, me, do) == 0
    assert row_of(me, fails) == ("dead", MAX_ATTEMPTS)
    assert row_of(me, kills)[0] == "dead"
    assert work_off(TASK, me, say) == 0


def test_no_row_is_begun_after_the_budget(me: UUID) -> None:
    subject = uuid4()
    queue(me, subject)
    assert work_off(TASK, me, say, budget=0) == 0
    assert row_of(me, subject) == ("due", 0)
