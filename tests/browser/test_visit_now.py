"""An ad hoc joint visit from the phone in under a minute (PRODUCT.md): presses counted, and then it is packed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.evenings import Caller
from tests.browser.looking import TOO_SMALL

pytestmark = pytest.mark.browser
MOST_PRESSES = 5
A_MINUTE = 60


def somebody_free(browser: Browser, service: Running) -> tuple[dict[str, Any], Desk]:
    """An inspector of the demo whose time nothing holds at this hour, on a phone: the others are told who leads."""
    goers = [one for one in service.persons if one["unit"] != "police" and "inspector" in one["roles"]]
    for person in sorted(goers, key=lambda one: one["unit"] != "tobacco"):
        desk = Desk(browser, service, person, script=True)
        desk.page.set_viewport_size({"width": 390, "height": 844})
        desk.page.goto("/visits/now")
        if desk.page.locator('[name="begins_with"]').count():
            return person, desk
        assert desk.page.locator('main a[href^="/tonight?operation="]').count(), "the operation that holds the time"
        desk.context.close()
    raise AssertionError("no inspector of the demo is free at this hour")


def test_from_the_phone_to_the_first_answer_without_coverage_in_a_few_presses(
    browser: Browser, service: Running
) -> None:
    person, desk = somebody_free(browser, service)
    business = Caller(service, person).call("GET", "/businesses?limit=1")["items"][0]
    page, presses = desk.page, 0

    def press(what: Locator) -> None:
        nonlocal presses
        presses += 1
        what.click()

    page.goto("/field")
    page.locator('a[href="/visits/now"]').wait_for()
    begun = time.monotonic()
    press(page.locator('a[href="/visits/now"]'))
    page.locator('[name="begins_with"]').fill(business["name"][:6])
    presses += 1
    page.keyboard.press("Enter")
    place = page.locator(f'[name="business_id"][value="{business["id"]}"]')
    place.wait_for()
    assert page.evaluate(TOO_SMALL, 44) == []
    if not place.is_checked():
        press(place)
    press(page.locator('[name="asks"]').first)
    press(page.locator("form.now button").last)
    stop = page.locator(".stops li", has=page.get_by_role("heading", name=business["name"], exact=True))
    stop.wait_for()
    took = time.monotonic() - begun
    assert page.url.startswith(f"{service.url}/field")
    assert presses <= MOST_PRESSES
    assert took < A_MINUTE
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    desk.context.set_offline(True)
    stop.locator('a[href^="#part/"]').first.click()
    card = page.locator("form.cardform").first
    card.locator('input[value="ok"]').check(force=True)
    expect(card.locator(".state")).to_contain_text("Sparat i telefonen")
    desk.context.close()
