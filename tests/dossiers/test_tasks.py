from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.core import jobs
from samsyn.core.errors import NotFoundError
from samsyn.core.jobs import get_job
from samsyn.core.outbox import emit
from samsyn.core.rules import JobState
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers import service
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.rules import COMPILE_BUSINESS, COMPILE_OPERATION
from samsyn.dossiers.service import start_compile_job
from samsyn.dossiers.status import operation_status
from samsyn_workers.dossiers import compile_business, compile_operation, run_job
from tests.dossiers.scenes import find, visited
from tests.factories import Town


def test_an_operation_that_was_reported_is_compiled_per_participant_once(town: Town) -> None:
    scene = visited(town, town.police, town.environment)
    find(town, scene, town.environment, "burkar")
    with unit_of_work(town.planner(town.police)) as uow:
        for office in (town.police, town.environment):
            emit(uow, COMPILE_OPERATION, scene.operation, acts_for=office.id)
    for office in (town.police, town.environment):
        assert [compile_operation(acts_for=str(office.id)) for _ in range(2)] == [1, 0]
    with unit_of_work(town.planner(town.police)) as uow:
        assert operation_status(uow, scene.operation).built == {town.police.id, town.environment.id}
        assert get_dossier(uow, town.businesses[0]).content["counts"]["findings"] == 0
    with unit_of_work(town.planner(town.environment)) as uow:
        assert get_dossier(uow, town.businesses[0]).content["counts"]["findings"] == 1


def test_a_changed_finding_compiles_its_business_again(town: Town) -> None:
    scene = visited(town, town.environment)
    finding = find(town, scene, town.environment, "ett")
    for version in (1, 2):
        if version == 2:
            find(town, scene, town.environment, "två", finding=finding, version=2)
        with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
            emit(uow, COMPILE_BUSINESS, town.businesses[0], acts_for=town.environment.id)
        assert compile_business(acts_for=str(town.environment.id)) == 1
    with unit_of_work(town.planner(town.environment)) as uow:
        assert get_dossier(uow, town.businesses[0]).content["visits"][0]["findings"][0]["text"] == "två"


def test_a_job_compiles_all_in_chunks_and_tells_how_far_it_is(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    for n in range(3):
        visited(town, town.environment, business=n)
    planner = town.planner(town.environment)
    with unit_of_work(planner) as uow:
        job_id = start_compile_job(uow)
    seen = []

    def report(uow: UnitOfWork, job_id: UUID, done: int, total: int) -> None:
        seen.append((done, total))
        jobs.report_progress(uow, job_id, done, total)

    monkeypatch.setattr(service, "report_progress", report)
    assert [run_job(acts_for=str(town.environment.id)) for _ in range(2)] == [2, 0]
    assert seen == [(2, 3), (3, 3)]
    with unit_of_work(planner) as uow:
        job = get_job(uow, job_id)
        assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
        assert uow.session.scalar(text("SELECT count(*) FROM dossier")) == 3
    with unit_of_work(town.inspector(town.environment)) as uow, pytest.raises(NotFoundError):
        get_job(uow, job_id)


def test_a_job_of_an_authority_that_never_visited_ends_at_once(town: Town) -> None:
    with unit_of_work(town.planner(town.health)) as uow:
        job_id = start_compile_job(uow)
    assert run_job(acts_for=str(town.health.id)) == 1
    with unit_of_work(town.planner(town.health)) as uow:
        assert (get_job(uow, job_id).state, get_job(uow, job_id).total) == (JobState.DONE, 0)


def test_of_two_compilings_at_once_the_later_one_sees_what_came_between(town: Town) -> None:
    scene = visited(town, town.environment)
    finding = find(town, scene, town.environment, "ett")

    def compile_it() -> None:
        with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
            service.compile_dossiers(uow, town.businesses[:1])

    second = Thread(target=compile_it)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        service.compile_dossiers(uow, town.businesses[:1])
        second.start()
        second.join(0.3)
        assert second.is_alive()  # it waits, so that it cannot be overwritten by this older view
        find(town, scene, town.environment, "två", finding=finding, version=2)
    second.join(5)
    with unit_of_work(town.planner(town.environment)) as uow:
        assert get_dossier(uow, town.businesses[0]).content["visits"][0]["findings"][0]["text"] == "två"
