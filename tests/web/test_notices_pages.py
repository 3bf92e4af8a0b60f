"""Notices on the page: the bell, the list, what was seen, the choices, the buttons that remind."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from werkzeug.test import TestResponse

from samsyn.calendars.rules import Choice, Happened, NoticeKind
from samsyn.calendars.service import Tell, note, notify
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.lifecycle.telling import kinds, notices
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser, read

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def tell(town: Town, walk: Walk, kind: NoticeKind, subject: UUID | None = None) -> str:
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, walk.operation).code_word
        told = Tell(kind, walk.operation, word, subject or uuid4())
        notify(uow, told, [(town.tobacco.planner, town.tobacco.id)])
    return word


def test_the_bell_counts_and_the_list_says_what_waits_with_a_way_there(sit: Sit, town: Town, walk: Walk) -> None:
    browser = sit(town.planner(town.tobacco))
    assert "Aviseringar, inga nya" in browser.get("/")
    word = tell(town, walk, NoticeKind.MESSAGE)
    tell(town, walk, NoticeKind.IN_DANGER)
    assert "Aviseringar, 2 nya" in browser.get("/")
    page = browser.get("/notices")
    assert "Någon har skrivit om planen." in page
    assert f'<a href="/operations/{walk.operation}">Insats {word}</a>' in page
    assert "Kiosk" not in page


def test_one_is_marked_as_seen_and_then_all(sit: Sit, town: Town, walk: Walk) -> None:
    browser = sit(town.planner(town.tobacco))
    for _ in range(3):
        tell(town, walk, NoticeKind.MESSAGE)
    one = notices(town.planner(town.tobacco))[0].id
    assert browser.do("/notices", f"/notices/{one}/read") == "/notices"
    assert "Aviseringar, 2 nya" in browser.get("/notices")
    assert browser.do("/notices", "/notices/read") == "/notices"
    page = browser.get("/notices")
    assert "inga nya" in page
    assert "/notices/read" not in {form.action for form in read(page).found}


def test_the_list_has_an_end_and_a_next_page(sit: Sit, town: Town, walk: Walk) -> None:
    browser = sit(town.planner(town.tobacco))
    for _ in range(3):
        tell(town, walk, NoticeKind.MESSAGE)
    page = browser.get("/notices?limit=2")
    assert page.count("Någon har skrivit om planen.") == 2 * 2  # the row, and what the button is about
    cursor = page.split("cursor=")[1].split('"')[0]
    assert browser.get(f"/notices?limit=2&cursor={cursor}").count("skrivit om planen") == 2
    browser.get("/notices?cursor=x", status=422)


def test_anothers_notice_is_not_there(sit: Sit, town: Town, walk: Walk) -> None:
    tell(town, walk, NoticeKind.MESSAGE)
    one = notices(town.planner(town.tobacco))[0].id
    for viewer in (town.inspector(town.tobacco), town.planner(town.police), town.planner(town.outsider)):
        browser = sit(viewer)
        csrf = browser.form("/", "/sign-out").fields["csrf_token"]
        assert browser.client.post(f"/notices/{one}/read", data={"csrf_token": csrf}).status_code == 404
        assert "skrivit om planen" not in browser.get("/notices")


def test_the_mail_servers_answer_stands_on_the_page(sit: Sit, town: Town, walk: Walk) -> None:
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        delivery = uow.session.scalar(text("SELECT id FROM delivery WHERE to_id = :a"), {"a": town.tobacco.id})
        assert isinstance(delivery, UUID)
        note(uow, delivery, walk.operation, 1, Happened.REFUSED, "552")
    tell(town, walk, NoticeKind.DELIVERY_REFUSED, delivery)
    assert "Mejlservern svarade 552." in sit(town.planner(town.tobacco)).get("/notices")


def test_choices_are_kept_and_shown_where_settings_are(sit: Sit, town: Town, walk: Walk) -> None:
    browser = sit(town.planner(town.tobacco))
    assert 'action="/settings/notices"' in browser.get("/settings")
    wanted = {kind.value: Choice.OFF.value for kind in NoticeKind}
    assert browser.do("/settings/notices", **wanted) == "/settings/notices?saved=1"
    assert browser.form("/settings/notices").fields["message"] == ["off"]
    tell(town, walk, NoticeKind.MESSAGE)
    assert "Inga aviseringar" in browser.get("/notices")
    answer = browser.send("/settings/notices", message="smoke signals")
    assert answer.status_code == 422
    assert 'id="e-message"' in answer.text


def test_a_planner_reminds_one_or_all_and_is_told_when_it_is_too_soon(sit: Sit, town: Town, walk: Walk) -> None:
    lead, path, place = sit(town.planner(town.police)), f"/operations/{walk.operation}", walk.places[town.tobacco.id]
    remind = f"{path}/people/{place}/remind"
    assert press(lead, path, remind).headers["Location"] == f"{path}#person-{place}"
    again = press(lead, path, remind)
    assert again.status_code == 409
    assert "högst en gång på fyra timmar" in again.text
    assert press(lead, path, f"{path}/remind").headers["Location"] == f"{path}#people"
    assert press(lead, path, f"{path}/remind").status_code == 409
    assert kinds(town.inspector(town.tobacco)) == [NoticeKind.ANSWER_REMINDER]
    own = sit(town.planner(town.environment)).get(path)
    assert f"/people/{walk.places[town.environment.id]}/remind" in own
    assert remind not in own


def press(browser: Browser, path: str, action: str) -> TestResponse:
    """Press a button that may stand at the gate and beside the person."""
    fields = next(form.fields for form in read(browser.get(path)).found if form.action == action)
    return browser.client.post(action, data=fields)
