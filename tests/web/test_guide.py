"""The guide and the accessibility statement: whole in both languages, and every page leads to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

import samsyn
from samsyn.core.settings import Settings
from samsyn.web.pages.accessibility import Statement, read_statement
from samsyn.web.pages.guide import ABOUT, TASKS, keys
from samsyn.web.shell import GO_KEYS, MENU
from samsyn.web.statics import FOLDER
from tests.web.conftest import use

TEMPLATES = Path(samsyn.__file__).parent / "web" / "templates"
EXAMPLE = Path(samsyn.__file__).parents[2] / "config" / "accessibility.toml.example"
SECTIONS = {*TASKS, *ABOUT, "keyboard", "words", "data"}
HELP_AT = re.compile(r"{% block help_at %}([^{]*){% endblock %}")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guide_has_every_section_with_steps(client: FlaskClient, language: str) -> None:
    page = client.get("/help", query_string={"lang": language}).text
    for name in SECTIONS:
        assert f'id="{name}"' in page
        assert f'href="#{name}"' in page
    assert page.count("<li>") > 60
    assert not re.search(r"\b(guide|glossary)\.[a-z_]+\.[a-z_]+", page)


def test_every_picture_has_words_and_a_size(client: FlaskClient) -> None:
    page = client.get("/help").text
    pictures = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]{20,})" loading="lazy">', page)
    assert len(pictures) == page.count("<img")
    assert len(pictures) == len(list((FOLDER / "guide").glob("*-sv.png")))


def test_every_page_that_points_into_the_guide_points_at_a_section_that_is_there() -> None:
    said = {name for file in TEMPLATES.rglob("*.j2") for name in HELP_AT.findall(file.read_text("utf-8"))}
    assert {name.strip() for name in said} - {""} <= SECTIONS
    assert len(said) > 5


def test_every_menu_entry_has_a_key_of_its_own() -> None:
    assert {item.name for item in MENU} <= GO_KEYS.keys()
    assert len(set(GO_KEYS.values())) == len(GO_KEYS)


def test_no_key_means_two_things(signed_in: FlaskClient) -> None:
    with signed_in.application.test_request_context():
        pressed = [key.press for key in keys()]
    assert len(pressed) == len(set(pressed))


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/accessibility", "/api/v1/docs", "/nowhere"])
def test_every_page_leads_to_the_statement_and_to_help(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert 'href="/accessibility"' in page
    assert 'href="/help' in page


@pytest.mark.parametrize("path", ["/", "/operations", "/businesses", "/tonight", "/subscribe", "/settings"])
def test_pages_of_who_is_signed_in_lead_there_too(signed_in: FlaskClient, path: str) -> None:
    page = signed_in.get(path).text
    assert 'href="/accessibility"' in page
    assert 'href="/help' in page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_statement_that_nobody_filled_in_says_so(client: FlaskClient, language: str) -> None:
    page = client.get("/accessibility", query_string={"lang": language}).text
    words = {"sv": "Inte ifyllt av tjänstens ägare", "en": "Not filled in by the owner"}[language]
    assert page.count(words) == 10  # the service's name is known
    assert "Digg" in page


def test_the_owners_file_fills_the_eleven_fields(settings: Settings, practice_app: APIFlask) -> None:
    client = use(practice_app, settings, accessibility_file=EXAMPLE)
    swedish, english = (client.get(f"/accessibility?lang={language}").text for language in ("sv", "en"))
    assert "Inte ifyllt" not in swedish
    for said in ("Arboga kommun", "Delvis förenlig", "20 november 2026", "Inskannade bilagor", "tdosanmalan"):
        assert said in swedish
    assert "Scanned attachments" in english
    assert len(Statement.model_fields) == 11


@pytest.mark.parametrize("text", ["", "level = 'perfect'", "owner = ", "unknown = 1", "gaps = 3"])
def test_a_file_that_cannot_be_read_is_a_statement_with_nothing_in_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "statement.toml"
    file.write_text(text)
    assert read_statement(file) == Statement() == read_statement(tmp_path / "absent.toml")
