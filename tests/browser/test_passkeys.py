"""A passkey in a real browser, with Chromium's own virtual device: made under Settings, then the way in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Running

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE")
    made = context.new_page()
    faults: list[str] = []
    made.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield made
    assert faults == []
    context.close()


@pytest.fixture
def device(page: Page) -> tuple[CDPSession, str]:
    """A phone's lock that always says yes."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made: dict[str, Any] = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return line, made["authenticatorId"]


def here(service: Running) -> str:
    """The same service under a name, which browsers bind keys to."""
    return service.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, service: Running, person: dict[str, Any], where: str) -> None:
    page.goto(f"{here(service)}/sign-in?next={where}")
    page.fill('[name="address"]', person["email"])
    page.fill('[name="password"]', person["password"])
    page.click('form[action="/sign-in"] button')
    expect(page).to_have_url(re.compile(rf":\d+{where}"))


def test_a_key_is_made_and_is_the_way_in_by_keyboard_alone(
    page: Page, device: tuple[CDPSession, str], service: Running
) -> None:
    person = service.person("tobacco", "inspector")
    sign_in(page, service, person, "/settings/passkeys")
    expect(page.locator("[data-without-passkey]")).to_be_hidden()
    page.fill('form[data-passkey] [name="name"]', "Provtelefonen")
    page.focus("form[data-passkey] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/passkeys#passkey-*")
    expect(page.locator("#have")).to_contain_text("Provtelefonen")
    assert "passkey-" in page.evaluate("document.activeElement.id"), "the keyboard stands at the new key"
    page.context.clear_cookies()
    page.goto(f"{here(service)}/sign-in?next=/help")
    page.focus("form[data-passkey] button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/help"))
    page.goto(f"{here(service)}/settings/passkeys")
    expect(page.locator("#have")).to_contain_text("Använd senast")
    line, name = device
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]
    assert kept["isResidentCredential"]
    assert kept["rpId"] == "localhost"


def test_a_lock_that_does_not_open_leaves_the_other_ways(
    page: Page, device: tuple[CDPSession, str], service: Running
) -> None:
    line, name = device
    line.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.goto(f"{here(service)}/sign-in")
    page.click("form[data-passkey] button")
    fault = page.locator("form[data-passkey] [data-fault]")
    expect(fault).to_be_visible(timeout=15_000)
    expect(fault).to_be_focused()
    sign_in(page, service, service.person("tobacco", "inspector"), "/settings")


def test_without_a_script_and_under_a_bare_number_the_other_ways_are_there(browser: Browser, service: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for address in (here(service), service.url):
        page.goto(f"{address}/sign-in")
        expect(page.locator("form[data-passkey]")).to_be_hidden()
        expect(page.locator('[name="password"]')).to_be_visible()
    context.close()
