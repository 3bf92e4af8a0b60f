"""Signing in with the authority's own sign-in, in Chromium: the provider is a real server of another origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from samsyn.access.service import set_password
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.embedded.ports import pick
from tests.browser.looking import DESK, NARROW, PHONE, SCHEME, SIDEWAYS, TAGS
from tests.factories import Town
from tests.web.identity_provider import Behaviour, serving
from tests.web.providers import app_with

pytestmark = pytest.mark.browser
PASSWORD = "åtta hästar i regn"


@dataclass
class Place:
    url: str
    address: str
    behaviour: Behaviour


@pytest.fixture
def place(database: str, town: Town, tmp_path: Path) -> Iterator[Place]:
    port, behaviour, address = pick(), Behaviour(), f"{uuid4().hex[:9]}@demo.example"
    make_key_file(tmp_path / "keys.json")
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=tmp_path, undo_seconds=0, base_url=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    with serving({"arboga": behaviour}) as provider:
        server = make_server("127.0.0.1", port, app_with(settings, tmp_path, ["arboga"], provider), threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Place(settings.base_url, address, behaviour)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def judged(page: Page) -> list[str]:
    """What axe and a narrow screen find, light and dark, at a desk and on a phone."""
    found = []
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.evaluate(SCHEME, scheme)
        result = Axe().run(page, options={"runOnly": TAGS})
        found += [f"{scheme}: {one['id']} {one['nodes'][0]['html'][:80]}" for one in result.response["violations"]]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"sideways at {width}"] if page.evaluate(SIDEWAYS) > 0 else []
    return found


def test_an_identity_is_linked_and_signs_in(browser: Browser, place: Place) -> None:
    context = browser.new_context(locale="sv-SE")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{place.url}/sign-in")
    assert judged(page) == []
    page.fill("#f-address", place.address)
    page.fill("#f-password", PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.goto(f"{place.url}/settings")
    page.get_by_role("link", name="Koppla Myndigheten arboga").click()
    page.wait_for_url("**/settings/identities/new#content")
    assert "Ditte Demo" in page.locator("main").inner_text()
    assert judged(page) == []
    page.get_by_role("button", name="Ja, koppla").click()
    page.wait_for_url("**/settings#identities")
    assert page.evaluate("document.activeElement.id") == "identities"
    assert judged(page) == []
    context.clear_cookies()
    page.goto(f"{place.url}/week")
    page.get_by_role("link", name="Logga in med Myndigheten arboga").click()
    page.wait_for_url("**/week#content")
    assert said == []
    context.close()


def test_a_refusal_is_read_first(browser: Browser, place: Place) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    place.behaviour.claims = lambda claims: {**claims, "acr": "low"}
    page.goto(f"{place.url}/sign-in")
    page.get_by_role("link", name="Sign in with Myndigheten arboga").click()
    page.wait_for_url("**/sign-in?refused=acr**")
    assert "stronger sign-in" in page.evaluate("document.activeElement.innerText")
    assert judged(page) == []
    context.close()
