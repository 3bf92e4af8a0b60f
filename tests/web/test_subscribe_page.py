"""Subscribing: the secret is shown once, with a picture of it; a change of address ends the old one."""

from __future__ import annotations

import re

from apiflask import APIFlask

from tests.factories import Town
from tests.web.reader import Browser, open_browser, read

SECRET = re.compile(r"<output[^>]*>(http[^<]+\.ics)</output>")


def make(browser: Browser, level: str = "authority") -> str:
    answer = browser.send("/subscribe", level=level)
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


def test_nobody_changes_the_address_of_another(app: APIFlask, town: Town) -> None:
    mine, others = (open_browser(app.test_client(), town.inspector(o)) for o in (town.police, town.tobacco))
    make(mine)
    feed = re.findall(r'action="(/subscribe/[0-9a-f-]+/rotate)"', mine.get("/subscribe"))[0]
    token = next(one for one in read(others.get("/subscribe")).found if one.action == "/subscribe").fields
    assert others.client.post(feed, data={"csrf_token": token["csrf_token"]}).status_code == 404
