"""The undo bar: on the page that comes at once, on every page after it, and gone when it is too late."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.calendars.queries import deliveries_of
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.held import CARRY_OUT
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.web.app import create_app
from samsyn_workers.lifecycle import carry_out
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser, read

PAGES = Path(__file__).parents[2] / "inspect/samsyn/web/pages"
TELLING = {"move_operation", "reschedule", "change_meeting", "ask_for_person", "let_go", "replace_person"}


@pytest.fixture(scope="module")
def app(settings: Settings) -> APIFlask:
    return create_app(settings.model_copy(update={"undo_seconds": 10}), bind_database=False)


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.SCHEDULED)


def told(town: Town, walk: Walk) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        return deliveries_of(uow, walk.operation)


def work(town: Town) -> None:
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t"), {"t": CARRY_OUT})
    carry_out(acts_for=str(town.police.id))


def undo_action(page: str) -> str:
    (action,) = [form.action for form in read(page).found if form.action.endswith("/undo")]
    return action


def invite(lead: Browser, walk: Walk) -> str:
    path = f"/operations/{walk.operation}"
    assert lead.do(path, f"{path}/step", "invited") == f"{path}#way"
    return path


def test_inviting_comes_back_at_once_with_a_bar_that_goes_along(lead: Browser, town: Town, walk: Walk) -> None:
    path = invite(lead, walk)
    for where in (path, "/", "/businesses"):
        shown = lead.get(where)
        assert "Kallelserna går strax ut." in shown
        assert undo_action(shown)
    assert told(town, walk) == 0


def test_undo_needs_no_script_and_says_that_nothing_was_sent(lead: Browser, town: Town, walk: Walk) -> None:
    path = invite(lead, walk)
    assert lead.do(path, undo_action(lead.get(path))) == path
    assert "Ångrat. Ingenting har skickats." in lead.get(path)
    work(town)
    assert told(town, walk) == 0
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, walk.operation).state is OperationState.SCHEDULED


def test_too_late_the_page_says_what_left(lead: Browser, town: Town, walk: Walk) -> None:
    path = invite(lead, walk)
    action = undo_action(lead.get(path))
    form = lead.form(path, action)
    work(town)
    answer = lead.client.post(action, data=form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}#content")
    assert "Kallelserna har gått ut." in lead.get(path)
    assert told(town, walk) == 3


def test_a_refusal_at_the_end_says_why_on_the_page(lead: Browser, town: Town, walk: Walk) -> None:
    path = invite(lead, walk)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE operation SET version = version + 1 WHERE id = :id"), {"id": walk.operation})
    work(town)
    shown = lead.get(path)
    assert "Kallelserna gick inte ut." in shown
    assert "Någon annan hann ändra insatsen." in shown


def test_a_refusal_comes_at_once_on_the_form(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED, meeting=False)
    path = f"/operations/{walk.operation}"
    answer = lead.send(path, f"{path}/step", "invited")
    assert answer.status_code == 409
    assert not [form for form in read(answer.text).found if form.action.endswith("/undo")]


def test_asking_and_letting_go_in_a_told_operation_wait_too(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path, before = f"/operations/{walk.operation}", told(town, walk)
    asked = lead.do(
        f"{path}/people/new?authority={town.tobacco.id}",
        f"{path}/people/new",
        person_id=str(town.tobacco.inspectors[1]),
    )
    assert asked == f"{path}#people"
    assert "Kallelsen går strax ut." in lead.get(path)
    place = walk.places[town.tobacco.id]
    assert lead.do(path, f"/bookings/{place}/withdraw") == f"{path}#people"
    assert "Återbudet går strax ut." in lead.get(path)
    assert told(town, walk) == before + 1  # the second action did the first at once
    work(town)
    assert told(town, walk) == before + 2


def test_nobody_else_sees_the_bar_or_may_press_it(app: APIFlask, lead: Browser, town: Town, walk: Walk) -> None:
    path = invite(lead, walk)
    action = undo_action(lead.get(path))
    for viewer in (town.inspector(town.police), town.planner(town.tobacco), town.planner(town.outsider)):
        other = open_browser(app.test_client(), viewer)
        page = other.get("/")
        assert "Kallelserna" not in page
        (form, *_) = [f for f in read(page).found if f.method == "post"]
        data = {"csrf_token": form.fields["csrf_token"]}
        assert other.client.post(action, data=data).status_code == 404
    assert "Kallelserna går strax ut." in lead.get(path)


def test_the_api_sends_at_once(app: APIFlask, town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, walk.operation).version
    answer = app.test_client().post(
        f"/api/v1/operations/{walk.operation}/transitions",
        json={"to": "invited"},
        headers={"Authorization": f"Bearer {town.token(town.planner(town.police))}", "If-Match": f'"{seen}"'},
    )
    assert answer.status_code == 200, answer.text
    assert told(town, walk) == 3
    said = app.test_client().get("/api/v1/openapi.json").get_json()["info"]["description"]
    assert "at once" in said


def test_no_page_tells_people_past_the_undo() -> None:
    """A page that calls such a service itself would send at once: it takes ``hold_here``."""
    found = [
        f"{file.name}: {name.name}"
        for file in sorted(PAGES.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("samsyn.lifecycle")
        for name in node.names
        if name.name in TELLING
    ]
    assert found == []


def test_a_page_stops_asking_when_no_worker_carries_it_out(
    lead: Browser, town: Town, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question keeps the session alive: one page left open must not ask for ever."""
    path = invite(lead, walk)
    assert "hx-get" in lead.get(path)
    monkeypatch.setattr("samsyn.web.pages.held.FOLLOWED", -timedelta(minutes=1))
    assert 'id="held"' in lead.get(path)
    assert "hx-get" not in lead.get(path)
