"""A long list is a job: followed on a page, written once by a worker as its person, stopped, mended after a fault."""

from __future__ import annotations

from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.queries import list_staff
from samsyn.businesses.queries import list_businesses
from samsyn.core.jobs import cancel_job, get_job, report_progress
from samsyn.core.keys import load_keys
from samsyn.core.outbox import lease
from samsyn.core.paging import Seek
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.rules import BIG, WRITE_LIST, Subject
from samsyn.imports.service import run_list, running
from samsyn_workers import imports
from tests.factories import Town
from tests.web.reader import Browser, open_browser

HEAD = "Namn;Adress;Postnummer;Ort;Verksamhetsutövare;Organisationsnummer\n"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch, app: APIFlask) -> None:
    """Two rows are a long list, and every report is made."""
    settings: Settings = app.extensions["samsyn"].settings
    monkeypatch.setattr(imports, "load_settings", lambda: settings)
    monkeypatch.setattr(running, "BIG", dict.fromkeys(Subject, 1))
    monkeypatch.setattr(running, "ALOUD", 0.0)


@pytest.fixture
def planner(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


def rows(town: Town, n: int = 2) -> str:
    return HEAD + "".join(f"Pizza {town.mark} {i};Nygatan {i};732 31;Arboga;;\n" for i in range(n))


def start(planner: Browser, subject: str, data: str) -> tuple[str, str]:
    """Bring a list in as far as its last button; return its draft and its job."""
    sent = planner.upload(f"/import/{subject}", "lista.csv", data.encode())
    draft = sent.headers["Location"].partition("#")[0].removesuffix("/columns")
    planner.do(f"{draft}/columns")
    return draft, planner.do(f"{draft}/preview", do="write").partition("#")[0]


def work(town: Town) -> int:
    return int(imports.write_list(acts_for=str(town.tobacco.id)))


def found(town: Town) -> set[str]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return {one.name for one in list_businesses(uow, Seek(200)).items if "Pizza" in one.name}


def state(town: Town, job: str) -> str:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return str(get_job(uow, UUID(job.rpartition("/")[2])).state)


def test_a_long_list_is_followed_and_its_result_is_the_page_that_a_short_one_has(planner: Browser, town: Town) -> None:
    draft, job = start(planner, "businesses", rows(town))
    assert job.startswith("/jobs/")
    assert found(town) == set()
    assert "Läser in listan" in planner.get(job)
    assert planner.client.get(f"{draft}/preview").headers["Location"] == job  # not mended while it is written
    assert (work(town), work(town)) == (1, 0)
    assert len(found(town)) == 2
    ended = planner.get(job)
    result = f"/import/{job.rpartition('/')[2]}/result"
    assert f'href="{result}"' in ended
    assert "2 nya verksamheter" in planner.get(result)
    assert planner.client.get(f"{draft}/preview").status_code == 404


def test_pressed_twice_it_is_one_job(planner: Browser, town: Town) -> None:
    draft = planner.upload("/import/businesses", "lista.csv", rows(town).encode()).headers["Location"]
    draft = draft.partition("#")[0].removesuffix("/columns")
    planner.do(f"{draft}/columns")
    one, two = planner.form(f"{draft}/preview"), planner.form(f"{draft}/preview")
    two.fields["idempotency_key"] = ["another"]
    jobs = {planner.client.post(f.action, data={**f.fields, "do": "write"}).headers["Location"] for f in (one, two)}
    assert len(jobs) == 1
    assert work(town) == 1


def test_a_job_that_was_cancelled_writes_nothing_and_the_list_is_there_to_go_on_with(
    planner: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, job = start(planner, "businesses", rows(town))
    job_id, report = UUID(job.rpartition("/")[2]), report_progress

    def stop(uow: object, at: UUID, done: int, total: int) -> None:
        report(uow, at, done, total)  # type: ignore[arg-type]
        cancel_job(uow, job_id)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "report_progress", stop)
    work(town)
    assert found(town) == set()
    assert "Avbrutet" in planner.get(job)
    assert 'href="/import"' in planner.get(job)
    monkeypatch.setattr(running, "report_progress", report)
    again = planner.do(f"{draft}/preview", do="write")
    assert again != job
    work(town)
    assert len(found(town)) == 2


def test_who_left_meanwhile_brings_in_nothing_and_the_job_says_failed(planner: Browser, town: Town) -> None:
    _, job = start(planner, "businesses", rows(town))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            text("UPDATE staff SET until_on = '2020-01-01' WHERE person_id = :p"), {"p": town.tobacco.planner}
        )
    work(town)
    assert found(town) == set()
    assert state(town, job) == "failed"


def test_a_lost_lease_rolls_all_back_and_who_took_it_over_writes_it_once(
    planner: Browser, town: Town, app: APIFlask
) -> None:
    _, job = start(planner, "businesses", rows(town))
    settings: Settings = app.extensions["samsyn"].settings
    keys, worker = load_keys(settings.key_file or settings.data_dir / "keys.json"), Viewer.task_of(town.tobacco.id)
    run_list(worker, keys, UUID(job.rpartition("/")[2]), alive=lambda: False)
    assert (found(town), state(town, job)) == (set(), "running")
    assert work(town) == 1
    assert (len(found(town)), state(town, job)) == (2, "done")


def test_a_list_that_ends_its_worker_again_and_again_is_given_up(planner: Browser, town: Town) -> None:
    _, job = start(planner, "businesses", rows(town))
    worker = Viewer.task_of(town.tobacco.id)
    with unit_of_work(worker) as uow:
        lease(uow.session, WRITE_LIST, UUID(int=1))
        uow.session.execute(
            text("UPDATE outbox SET attempts = 9, lease_until = now() - interval '1 s' WHERE task = :t"),
            {"t": WRITE_LIST},
        )
    assert work(town) == 0
    assert state(town, job) == "failed"
    assert "Listan kunde inte läsas in." in planner.get(job)


def test_people_are_written_one_by_one_and_counted(planner: Browser, town: Town) -> None:
    data = "Namn;E-post\n" + "".join(f"Bo {town.mark} {i};bo{i}.{town.mark}@demo.example\n" for i in range(3))
    _, job = start(planner, "people", data)
    assert work(town) == 1
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert sum(town.mark in one.shown_name for one in list_staff(uow, town.tobacco.id)) == 3
    assert "3 av 3" in planner.get(job)


def test_a_short_list_is_written_in_the_request(planner: Browser, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BIG", BIG)
    _, result = start(planner, "businesses", rows(town))
    assert result.endswith("/result")
    assert len(found(town)) == 2
