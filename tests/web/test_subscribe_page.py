"""Subscribing: the secret is shown once, with a picture of it; a change of address ends the old one."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
import segno
from apiflask import APIFlask

from samsyn.calendars.rules import LEVELS_OF, FeedScope
from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser, read

SECRET = re.compile(r"<output[^>]*>(http[^<]+\.ics)</output>")


def make(browser: Browser, level: str = "authority", scope: str = "own", **chosen: str) -> str:
    answer = browser.send(f"/subscribe?of={scope}", "/subscribe", level=level, **chosen)
    assert answer.status_code == 200, answer.text[-2000:]
    found = SECRET.search(answer.text)
    assert found is not None
    assert 'src="data:image/svg+xml' in answer.text
    assert answer.text.count("<script") == answer.text.count('<script nonce="')
    return found[1]


def test_a_changed_address_ends_the_old_one_and_keeps_what_it_tells(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.police))
    old = make(browser).rpartition("/cal/")[2]
    feed = re.findall(r'action="(/subscribe/[0-9a-f-]+/rotate)"', browser.get("/subscribe"))[0]
    form = next(one for one in read(browser.get("/subscribe")).found if one.action == feed)
    answer = browser.client.post(feed, data=form.fields)
    found = SECRET.search(answer.text)
    assert found is not None
    new = found[1].rpartition("/cal/")[2]
    assert new != old
    assert browser.client.get(f"/cal/{old}").status_code == 404
    assert browser.client.get(f"/cal/{new}").status_code == 200
    again = browser.client.post(feed, data=form.fields)
    assert (again.status_code, SECRET.search(again.text)) == (200, None)
    own = browser.get("/subscribe")
    assert own.count("/rotate") == 1
    assert old[:20] not in own
    assert new[:20] not in own


def test_the_picture_is_of_the_name_that_a_phone_subscribes_by(app: APIFlask, town: Town) -> None:
    """By https a phone would add the file's events once, and they would never change again."""
    browser = open_browser(app.test_client(), town.inspector(town.police))
    page = browser.send("/subscribe", "/subscribe", level="authority").text
    found = SECRET.search(page)
    assert found is not None
    picture = segno.make(f"webcal://{found[1].partition('://')[2]}", error="m").svg_data_uri(border=2, light="#fff")
    assert picture in unescape(page)


def test_nobody_changes_the_address_of_another(app: APIFlask, town: Town) -> None:
    mine, others = (open_browser(app.test_client(), town.inspector(o)) for o in (town.police, town.tobacco))
    make(mine)
    feed = re.findall(r'action="(/subscribe/[0-9a-f-]+/rotate)"', mine.get("/subscribe"))[0]
    token = next(one for one in read(others.get("/subscribe")).found if one.action == "/subscribe").fields
    assert others.client.post(feed, data={"csrf_token": token["csrf_token"]}).status_code == 404


def fields_of(town: Town, walk: Walk, scope: FeedScope) -> dict[str, str]:
    return {
        FeedScope.OWN: {},
        FeedScope.UNIT: {"unit_id": str(town.tobacco.unit)},
        FeedScope.OPERATIONS: {"operations": str(walk.operation)},
        FeedScope.COLLABORATION: {"collaboration_id": str(town.collaboration)},
    }[scope]


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


@pytest.mark.parametrize("scope", list(FeedScope))
def test_each_kind_of_feed_is_made_on_its_page_with_the_levels_that_it_may_have(
    app: APIFlask, town: Town, walk: Walk, scope: FeedScope
) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.tobacco))
    page = browser.get(f"/subscribe?of={scope}")
    assert re.findall(r'name="level" value="(\w+)"', page) == [level.value for level in LEVELS_OF[scope]]
    usual = browser.form(f"/subscribe?of={scope}", "/subscribe").fields["level"]
    assert usual == ["busy" if scope is FeedScope.COLLABORATION else "authority"]
    for level in LEVELS_OF[scope]:
        answer = browser.send(f"/subscribe?of={scope}", "/subscribe", level=level, **fields_of(town, walk, scope))
        found = SECRET.search(answer.text)
        assert found is not None
        feed = browser.client.get(f"/cal/{found[1].rpartition('/cal/')[2]}")
        assert feed.text.count("BEGIN:VEVENT") == 1
        assert ("/fb/" in answer.text) is (scope is FeedScope.OWN)
    listed = browser.get("/subscribe")
    named = {"own": "Mina insatser", "operations": "Valda insatser (1)", "unit": "Enhet", "collaboration": "Samverkan "}
    assert listed.count("/rotate") == len(LEVELS_OF[scope])
    assert f"<b>{named[scope.value]}" in listed


def test_the_operations_are_those_that_the_own_authority_takes_part_in(app: APIFlask, town: Town, walk: Walk) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, walk.operation).code_word
    for office, seen in ((town.environment, True), (town.health, False), (town.outsider, False)):
        page = open_browser(app.test_client(), town.inspector(office)).get("/subscribe?of=operations")
        assert (str(walk.operation) in page, f"<span>{word}, " in page) == (seen, seen)
        assert ('name="level"' in page) is seen


def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(app: APIFlask, town: Town, walk: Walk) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.tobacco))
    for chosen, level, where in (
        ({}, "busy", "operations"),
        ({"operations": str(uuid4())}, "busy", "operations"),
        ({"operations": str(walk.operation)}, "full", "level"),
    ):
        answer = browser.send("/subscribe?of=operations", "/subscribe", level=level, **chosen)
        assert answer.status_code == 422
        assert f'id="e-{where}"' in answer.text
        assert f'href="#f-{where}"' in answer.text
        assert SECRET.search(answer.text) is None
        kept = next(one for one in read(answer.text).found if one.action == "/subscribe").fields
        assert kept["scope"] == ["operations"]
        assert ("operations" in kept) is (chosen.get("operations") == str(walk.operation))
    assert "/rotate" not in browser.get("/subscribe")


def test_an_unknown_kind_is_the_own(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert browser.form("/subscribe?of=everything", "/subscribe").fields["scope"] == ["own"]
