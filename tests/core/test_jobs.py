"""Jobs: their owner's alone, started with their outbox row, ended once."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.core.errors import NotFoundError
from samsyn.core.jobs import finish_job, get_job, report_progress, start_job
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Town

TASK = "samsyn.tests.job"


def begin(town: Town) -> UUID:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        return start_job(uow, TASK)


def begin_and_fail(town: Town) -> None:
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        start_job(uow, TASK)
        raise RuntimeError


def test_a_job_is_started_with_its_outbox_row_and_reported_on_by_the_own_worker(town: Town) -> None:
    job, task = begin(town), Viewer.task_of(town.tobacco.id)
    with unit_of_work(task) as uow:
        assert uow.session.scalars(text("SELECT subject_id FROM outbox WHERE task = :t"), {"t": TASK}).all() == [job]
        report_progress(uow, job, 3, 7)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        card = get_job(uow, job)
    assert (card.state, card.done, card.total, card.finished_at) == ("running", 3, 7, None)


def test_the_first_ending_stands(town: Town) -> None:
    job = begin(town)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        finish_job(uow, job, "conflict")
        finish_job(uow, job)
        report_progress(uow, job, 1, 1)
        card = get_job(uow, job)
    assert (card.state, card.error, card.done) == ("failed", "conflict", 0)


def test_nobody_else_finds_it_and_a_failed_start_leaves_neither(town: Town) -> None:
    job = begin(town)
    for viewer in (
        town.planner(town.tobacco),
        town.inspector(town.tobacco, 1),
        town.planner(town.police),
        Viewer.task_of(town.police.id),
    ):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
            get_job(uow, job)
    with pytest.raises(RuntimeError):
        begin_and_fail(town)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM outbox WHERE task = :t"), {"t": TASK}) == 1
