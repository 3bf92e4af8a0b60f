"""The page about one's own calendar: added, shown without its address, faults in plain words, fetched, removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.busy import asking
from samsyn.planning.busy.faults import Fault
from samsyn.planning.busy.told import Reading
from samsyn.planning.queries import errand
from samsyn.planning.service import note_fault, note_reading, window_at
from samsyn.planning.service.busy import PAUSES
from samsyn.texts import has
from samsyn.web.installation import current_keys
from samsyn_workers import planning as tasks
from tests.factories import Town
from tests.planning.busy.outside import NAME
from tests.planning.busy.there import There, standing_outside
from tests.web.reader import Browser, open_browser

HERE = "/settings/calendar"
SECRET = "hemlig-slinga"
URL = f"https://{NAME}/in-utc?{SECRET}"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    with standing_outside(tmp_path_factory.mktemp("outside")) as found:
        found.server.answers[f"/in-utc?{SECRET}"] = found.server.answers["/in-utc"]
        yield found


@pytest.fixture
def viewer(town: Town) -> Viewer:
    return town.inspector(town.tobacco)


@pytest.fixture
def browser(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def source_of(app: APIFlask, viewer: Viewer) -> tuple[Viewer, UUID]:
    assert viewer.authority_id is not None
    theirs = Viewer.task_of(viewer.authority_id, viewer.person_id)
    with app.app_context(), unit_of_work(theirs) as uow:
        where = errand(uow, current_keys(), at_once=True)
    assert where is not None
    return theirs, where.source_id


def test_it_is_added_fetched_shown_without_its_address_and_removed(
    browser: Browser, viewer: Viewer, there: There, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "load_settings", lambda: settings)
    monkeypatch.setattr(asking, "EGRESS", there.program)
    assert "Lägg in en kalender" in browser.get("/settings")
    job = browser.do(HERE, HERE, address=URL)
    assert "Hämtar din kalender" in browser.get(job)
    assert "Hämtas" in browser.get(HERE)
    assert tasks.fetch_busy_now(acts_for=str(viewer.authority_id)) == 1
    assert f'href="{HERE}"' in browser.get(job)
    page = browser.get(HERE)
    assert "Hämtas regelbundet" in page
    assert NAME in page
    assert SECRET not in page
    assert SECRET not in browser.get("/settings")
    assert browser.do(HERE, f"{HERE}/fetch") == f"{HERE}?just_now=1"
    assert "alldeles nyss" in browser.get(f"{HERE}?just_now=1")
    assert browser.do(HERE, f"{HERE}/remove") == f"{HERE}?removed=1"
    page = browser.get(f"{HERE}?removed=1")
    assert "är borttagna" in page
    assert NAME not in page
    assert there.trap.taken == []


def test_the_times_are_listed_as_they_were_understood(app: APIFlask, browser: Browser, viewer: Viewer) -> None:
    browser.do(HERE, HERE, address=URL)
    theirs, source = source_of(app, viewer)
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    spans = tuple((begins + timedelta(days=n), begins + timedelta(days=n, hours=1)) for n in range(150))
    with unit_of_work(theirs) as uow:
        note_reading(uow, source, Reading(spans, window_at(uow.now)))
    page = browser.get(HERE)
    assert "150 upptagna tider" in page
    assert "De 100 närmaste visas." in page
    assert page.count(" till ") >= 100


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_is_said_in_plain_words_and_that_nothing_is_free(
    app: APIFlask, browser: Browser, viewer: Viewer, fault: Fault
) -> None:
    assert has(f"busy.fault.{fault}")
    browser.do(HERE, HERE, address=URL)
    theirs, source = source_of(app, viewer)
    with unit_of_work(theirs) as uow:
        note_fault(uow, source, fault)
    page = browser.get(HERE)
    assert "Kunde inte läsas" in page
    assert "visas nu okänt" in page
    assert "Ett nytt försök görs" in page
    for _ in PAUSES:
        with unit_of_work(theirs) as uow:
            note_fault(uow, source, fault)
    page = browser.get(HERE)
    assert f"{len(PAUSES) + 1} försök har inte gått" in page
    assert "Hämtas inte längre" in page
    assert "Hämtas inte längre" in browser.get("/settings")


@pytest.mark.parametrize("typed", ["", "kalender", "http://calendar.example/x", "https://a:b@calendar.example/x"])
def test_what_is_no_address_stays_in_the_field_with_its_fault(browser: Browser, typed: str) -> None:
    answer = browser.send(HERE, HERE, address=typed)
    assert answer.status_code == 422
    page = answer.text
    assert 'id="e-address"' in page
    assert typed in page


def test_the_same_form_sent_twice_keeps_one_address_and_begins_one_fetch(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.health))
    fields = browser.form(HERE, HERE).fields
    first, second = (browser.client.post(HERE, data={**fields, "address": URL}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with unit_of_work(town.inspector(town.health)) as uow:
        jobs = uow.session.scalar(text("SELECT count(*) FROM job WHERE person_id = me_person()"))
    assert jobs == 1
