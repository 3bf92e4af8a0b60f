"""Settings: a person's own choices, kept with the person and remembered by the browser."""

from __future__ import annotations

import re

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.access.queries import my_settings
from samsyn.core.uow import unit_of_work
from tests.factories import Town
from tests.web.reader import open_browser


@pytest.mark.parametrize("language", ["sv", "en"])
def test_settings_are_whole_in_both_languages(signed_in: FlaskClient, language: str) -> None:
    page = signed_in.get("/settings", query_string={"lang": language}).text
    assert f'<html lang="{language}" data-color-scheme="auto"' in page
    assert not re.search(r"\b(settings|guide|shell)\.[a-z_]+", re.sub(r'(href|src|id)="[^"]*"', "", page))


def test_what_is_chosen_counts_on_the_next_page_and_in_another_browser(app: APIFlask, town: Town) -> None:
    me = town.planner(town.health)
    mine = open_browser(app.test_client(), me)
    assert mine.do("/settings", language="en", colours="dark", shortcuts=None) == "/settings?saved=1"
    page = mine.get("/settings?saved=1")
    assert '<html lang="en" data-color-scheme="dark"' in page
    assert "Saved." in page
    assert "shortcuts.js" not in page
    with unit_of_work(me) as uow:
        assert my_settings(uow) == {"colours": "dark", "shortcuts": "off"}
    other = open_browser(app.test_client(), me)
    assert '<html lang="en" data-color-scheme="dark"' in other.get("/settings")


def test_the_sign_in_page_keeps_the_colours_after_signing_out(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.planner(town.health))
    browser.do("/settings", language="sv", colours="light")
    browser.do("/settings", "/sign-out")
    assert 'data-color-scheme="light"' in browser.get("/sign-in")


def test_who_signs_in_next_in_the_same_browser_gets_other_colours(app: APIFlask, town: Town) -> None:
    client = app.test_client()
    first = open_browser(client, town.planner(town.health))
    first.do("/settings", colours="dark")
    first.do("/settings", "/sign-out")
    assert 'data-color-scheme="auto"' in open_browser(client, town.inspector(town.health)).get("/settings")


def test_nobody_elses_choices_are_shown_or_changed(app: APIFlask, town: Town) -> None:
    open_browser(app.test_client(), town.planner(town.health)).do("/settings", colours="dark")
    other = town.inspector(town.health)
    assert 'data-color-scheme="auto"' in open_browser(app.test_client(), other).get("/settings")
    with unit_of_work(other) as uow:
        assert my_settings(uow) == {}


@pytest.mark.parametrize("bad", [{"colours": "pink"}, {"language": "de"}, {"shortcuts": "perhaps"}])
def test_a_choice_that_is_none_is_refused_beside_its_field(app: APIFlask, town: Town, bad: dict[str, str]) -> None:
    browser = open_browser(app.test_client(), town.planner(town.health))
    answer = browser.send("/settings", **bad)
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert f'href="#f-{next(iter(bad))}"' in answer.text


def test_single_keys_are_on_until_the_person_turns_them_off(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.planner(town.health))
    assert "shortcuts.js" in browser.get("/")
    browser.do("/settings", shortcuts=None)
    assert "shortcuts.js" not in browser.get("/")
