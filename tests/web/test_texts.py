import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import samsyn
from samsyn.texts import catalogue, has
from samsyn.web.shell import MENU

WEB = Path(samsyn.__file__).parent / "web"
NAMED = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]|"(web\.[a-z_]+\.[a-z_]+)\"""")


def test_every_text_that_a_template_or_a_view_names_exists() -> None:
    for file in [*WEB.rglob("*.j2"), *WEB.rglob("*.py")]:
        for short, whole in NAMED.findall(file.read_text("utf-8")):
            key = whole or short
            assert has(key) or has(f"web.{key}"), (file.name, key)


def test_the_menu_has_words_for_every_entry() -> None:
    for item in MENU:
        assert has(f"web.menu.{item.name}")
        assert item.path == "/" or has(f"web.start.{item.name}")


def test_swedish_and_english_say_the_same_things_with_the_same_gaps() -> None:
    swedish, english = catalogue("sv"), catalogue("en")
    keys = {key for key in swedish if key.startswith("web.")}
    assert keys == {key for key in english if key.startswith("web.")}
    for key in keys:
        assert re.findall(r"{\w+}", swedish[key]) == re.findall(r"{\w+}", english[key]), key


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/api/v1/docs", "/nowhere"])
def test_pages_are_swedish_first_and_english_on_request(client: FlaskClient, path: str) -> None:
    swedish = client.get(path)
    assert '<html lang="sv"' in swedish.text
    assert 'href="?lang=en" lang="en" hreflang="en">English<' in swedish.text
    assert '<html lang="en"' in client.get(f"{path}?lang=en").text
    assert '<html lang="en"' in client.get(path).text, "the choice is remembered"
    assert '<html lang="sv"' in client.get(f"{path}?lang=sv").text
    assert '<html lang="sv"' in client.get(f"{path}?lang=xx").text


def test_the_browsers_language_counts_when_nothing_was_chosen(client: FlaskClient) -> None:
    assert '<html lang="en"' in client.get("/help", headers={"Accept-Language": "en-US,en;q=0.9,sv;q=0.1"}).text
    assert '<html lang="sv"' in client.get("/help", headers={"Accept-Language": "de"}).text


def test_the_persons_own_language_counts_after_signing_in(signed_in: FlaskClient) -> None:
    assert '<html lang="sv"' in signed_in.get("/", headers={"Accept-Language": "en"}).text
