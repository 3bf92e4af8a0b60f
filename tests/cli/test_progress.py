"""Progress in the terminal: the same row that the page shows; nothing is drawn where nobody watches."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from rich.console import Console

from samsyn.cli import progress
from samsyn.cli.dossiers import compile_all
from samsyn.cli.progress import JobFailedError, follow, follow_job
from samsyn.core import jobs
from samsyn.core.jobs import cancel_job, get_job
from samsyn.core.rules import JobState
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers import service
from samsyn.dossiers.service import start_compile_job
from tests.dossiers.scenes import visited
from tests.factories import Town


def test_the_command_takes_the_steps_itself_and_the_page_can_follow(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    for n in range(3):
        visited(town, town.environment, business=n)
    owner, seen = town.planner(town.environment), list[tuple[int, int]]()
    bar = progress.bar

    def watched(label: str, total: int | None = None) -> object:
        return bar(label, total, Console(file=io.StringIO(), force_terminal=True))

    monkeypatch.setattr(progress, "bar", watched)

    def report(uow: UnitOfWork, job_id: UUID, done: int, total: int) -> None:
        seen.append((done, total))
        jobs.report_progress(uow, job_id, done, total)

    monkeypatch.setattr(service, "report_progress", report)
    assert compile_all(owner, Viewer.task_of(town.environment.id)) == 3
    assert seen == [(2, 3), (3, 3)]


def test_a_job_that_was_cancelled_on_the_page_ends_the_command_and_keeps_what_is_done(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 1)
    for n in range(3):
        visited(town, town.environment, business=n)
    owner, worker = town.planner(town.environment), Viewer.task_of(town.environment.id)
    with unit_of_work(owner) as uow:
        job_id = start_compile_job(uow, queued=False)

    def step() -> None:
        with unit_of_work(worker) as uow:
            assert service.compile_step(uow, job_id)
        with unit_of_work(owner) as uow:
            cancel_job(uow, job_id)

    with pytest.raises(JobFailedError, match="cancelled"):
        follow_job(owner, job_id, "compile", step)
    with unit_of_work(owner) as uow:
        job = get_job(uow, job_id)
    assert (job.state, job.done, job.cancelled) == (JobState.FAILED, 1, True)
    with unit_of_work(worker) as uow:
        assert not service.compile_step(uow, job_id)


def test_things_are_gone_through_with_a_bar_for_who_watches_and_without_for_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(follow("abc", "read")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
    drawn = io.StringIO()
    bar, console = progress.bar, Console(file=drawn, force_terminal=True, width=80)
    monkeypatch.setattr(progress, "bar", lambda label, total: bar(label, total, console))
    assert list(follow((letter for letter in "abc"), "read", total=3)) == ["a", "b", "c"]
    assert "read" in drawn.getvalue()
    assert "2/3" in drawn.getvalue()
