"""The dialogue in a browser: with a script the copy follows each choice, without one a button shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Running
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
ASIDE = '[data-part="live"]'


def open_dialogue(desk: Desk) -> Page:
    """From the list of what was given to the business, and there to the dialogue of a visit."""
    page = desk.page
    desk.go("/disclosures?direction=given")
    page.locator("tbody tr:last-child th a").click()
    page.locator('dd a[href^="/businesses/"]').click()
    with page.expect_navigation(wait_until="load"):  # a choice before the script is there is followed by the next one
        page.locator('a[href$="/disclose"]').first.click()
    return page


def test_with_a_script_the_copy_follows_each_choice_and_keeps_the_focus(browser: Browser, service: Running) -> None:
    desk = Desk(browser, service, service.person("tobacco", "decider"), script=True)
    page = open_dialogue(desk)
    assert page.locator(f"{ASIDE} .copy").count() == 0
    first = page.locator("#f-findings > label").first
    first.locator("input").check()
    page.locator(f"{ASIDE} .copy").wait_for()
    words = first.locator("span").first.inner_text().split(".")[0]
    assert words in page.locator(f"{ASIDE} .copy").inner_text()
    before = page.locator(f"{ASIDE} .hash").inner_text()
    assert page.locator('input[name="basis"]').count() == 0
    page.locator('#f-to input[name="to"]').first.check()
    page.locator('input[name="basis"]').first.wait_for()
    page.locator('input[name="basis"]').first.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(1500)
    assert page.evaluate("document.activeElement.name") == "basis"
    page.locator('input[name="pictures"]').uncheck()
    page.wait_for_function("old => document.querySelector('.hash').innerText !== old", arg=before)
    with page.expect_navigation():
        page.locator('button[value="decide"]').click()
    assert "/disclosures/" in page.url
    assert words in desk.text()
    assert desk.outside == []


def test_without_a_script_a_button_shows_grounds_and_copy(browser: Browser, service: Running) -> None:
    desk = Desk(browser, service, service.person("tobacco", "decider"))
    page = open_dialogue(desk)
    page.locator("#f-findings > label input").nth(1).check()
    page.locator('#f-to input[name="to"]').first.check()
    with page.expect_navigation():
        page.locator('button[value="preview"]').first.click()
    assert page.locator(f"{ASIDE} .copy").count() == 1
    page.locator('input[name="basis"]').first.check()
    page.locator('textarea[name="balancing"]').fill("Behovs i arendet 811218-9876.")
    with page.expect_navigation():
        page.locator('button[value="decide"]').click()
    assert page.locator("#faults").count() == 1
    page.locator('input[name="mask"]').check()
    with page.expect_navigation():
        page.locator('button[value="decide"]').click()
    assert "******-****" in desk.text()
    page.locator("summary", has_text="kalla").click()
    page.locator('textarea[name="reason"]').fill("Fel val.")
    with page.expect_navigation():
        page.locator('form[action$="/withdraw"] button').click()
    assert "Fel val." in desk.text()
