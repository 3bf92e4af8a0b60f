"""Whoever writes between two texts keeps what is written, whatever comes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Evening, Phone, begin_evening, open_phone
from tests.browser.test_offline import findings, open_list, until_sent, versions, write

pytestmark = pytest.mark.browser
A_MINUTE_LATER = """() => {
  const real = Date.now;
  Date.now = () => real() + 61_000;
  dispatchEvent(new Event("online"));
}"""


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service)


@pytest.fixture
def phones(browser: Browser, service: Running, evening: Evening) -> Iterator[list[Phone]]:
    found = [open_phone(browser, service, evening, person) for person in evening.goers]
    yield found
    for phone in found:
        phone.context.close()


def open_choice(page: Page) -> None:
    page.evaluate("() => { location.hash = '#queue'; }")
    page.locator('a[href^="#choose/"]').first.click()
    page.locator(".ver").first.wait_for()


def test_what_is_written_between_two_texts_stays_when_somebody_else_chooses(
    phones: list[Phone], evening: Evening
) -> None:
    for phone in phones:
        phone.context.set_offline(True)
    for phone, text in zip(phones, ("Skylten är sönder.", "Skylten är borta."), strict=True):
        write(open_list(phone, evening), "TOB-05", "deficiency", text)
    for phone in phones:
        phone.context.set_offline(False)
        until_sent(phone.page)
    [finding] = findings(evening, "TOB-05")
    first, second = (phone.page for phone in phones)
    for page in (first, second):
        page.evaluate(A_MINUTE_LATER)
        open_choice(page)
    second.locator("#view textarea").fill("Skylten är borta, och hålen syns.")
    expect(second.locator("[data-meanwhile]")).to_be_hidden()
    first.locator("[data-do='save-choice']").click()
    until_sent(first)
    second.evaluate(A_MINUTE_LATER)
    expect(second.locator("[data-meanwhile]")).to_be_visible(timeout=15_000)
    assert second.locator("#view textarea").input_value() == "Skylten är borta, och hålen syns."
    second.locator("[data-do='save-choice']").click()
    until_sent(second)
    newest = versions(evening, finding["finding_id"])[-1]
    assert (newest["text"], newest["conflict"]) == ("Skylten är borta, och hålen syns.", False)
    assert newest["written_by"] == phones[1].person["person_id"]
