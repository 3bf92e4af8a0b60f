"""The page of a job: it comes again by itself, is stopped by a button, and is its owner's alone."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers import service
from tests.dossiers.scenes import visited
from tests.factories import Town
from tests.web.reader import open_browser


@pytest.fixture
def worker(town: Town, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    monkeypatch.setattr(service, "CHUNK", 1)
    for n in range(3):
        visited(town, town.environment, business=n)
    return Viewer.task_of(town.environment.id)


def test_a_job_shows_how_far_it_is_and_is_stopped_without_a_script(app: APIFlask, town: Town, worker: Viewer) -> None:
    browser = open_browser(app.test_client(), town.planner(town.environment))
    job = browser.do("/dossiers", "/dossiers/compile")
    with unit_of_work(worker) as uow:
        service.compile_chunk(uow, job.rsplit("/", 1)[1])  # type: ignore[arg-type]
    shown = browser.client.get(job)
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in shown.text
    assert "1 av 3" in shown.text
    assert "25 procent" in shown.text  # said in quarters: a reader is not told every step
    assert browser.do(job, f"{job}/cancel") == job
    ended = browser.client.get(job)
    assert "http-equiv" not in ended.text
    assert "Avbrutet" in ended.text
    assert 'href="/dossiers"' in ended.text


def test_nobody_else_sees_or_stops_it(app: APIFlask, town: Town, worker: Viewer) -> None:
    owner = open_browser(app.test_client(), town.planner(town.environment))
    job = owner.do("/dossiers", "/dossiers/compile")
    token = owner.form(job, f"{job}/cancel").fields
    for viewer in (town.inspector(town.environment), town.planner(town.police)):
        other = open_browser(app.test_client(), viewer)
        assert other.client.get(job).status_code == 404
        csrf = other.form("/", "/sign-out").fields["csrf_token"]
        assert other.client.post(f"{job}/cancel", data={**token, "csrf_token": csrf}).status_code == 404
    assert "Avbryt" in owner.get(job)
