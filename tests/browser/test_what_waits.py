"""What waits on the phone says so as long as it does, can be finished or taken away, and says no more than is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Evening, Phone, begin_evening, open_phone
from tests.browser.test_offline import card, open_list, until_sent, waits, write

pytestmark = pytest.mark.browser
WRITES = "**/api/v1/parts/**"


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service)


@pytest.fixture
def phone(browser: Browser, service: Running, evening: Evening) -> Iterator[Phone]:
    found = open_phone(browser, service, evening, evening.goers[0])
    yield found
    found.context.close()


def photo_alone(page: Page) -> None:
    """A photo at the empty card of a free observation."""
    into = BytesIO()
    Image.frombytes("RGB", (700, 700), Random(5).randbytes(700 * 700 * 3)).save(into, "PNG")
    one = page.locator("form.cardform:has([value=observation])").last
    chosen = {"name": "källaren.png", "mimeType": "image/png", "buffer": into.getvalue()}
    one.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    kept = page.locator("form.cardform:has([value=observation])", has_text="1 bild sparad")
    expect(kept).to_have_count(1, timeout=15_000)


def test_what_keeps_a_person_from_signing_out_is_named_until_it_is_sent(phone: Phone, evening: Evening) -> None:
    """Also where there is coverage and no receipt comes: the phone tries anew, and the names stay."""
    page = open_list(phone, evening)
    said, tried = '{"code":"unavailable"}', []

    def busy(one: Route) -> None:
        tried.append(one.request.url)
        one.fulfill(status=503, content_type="application/problem+json", body=said)

    phone.context.route(WRITES, busy)
    write(page, "TOB-04", "ok", "Allt står framme")
    page.evaluate("() => { location.hash = '#'; }")
    page.locator(".stops").wait_for()
    page.locator("details:has([data-do='sign-out']) summary").click()
    page.locator("[data-do='sign-out']").click()
    expect(page.locator("#strip")).to_contain_text("TOB-04")
    page.wait_for_timeout(12_000)
    expect(page.locator("#strip")).to_contain_text("TOB-04")
    assert 1 < len(tried) < 5, "tried anew after three seconds, six, twelve: a busy server is not asked all the time"
    phone.context.unroute(WRITES)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    until_sent(page)
    expect(page.locator("#strip")).not_to_contain_text("TOB-04")


def test_a_photo_before_its_words_has_a_card_to_write_them_in(phone: Phone, evening: Evening) -> None:
    """A page that was killed had the only way to the observation: the photo waited for ever, the hand-in with it."""
    phone.context.set_offline(True)
    photo_alone(open_list(phone, evening))
    phone.kill()
    page = open_list(phone, evening)
    cards = page.locator("form.cardform:has([value=observation])")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("1 bild sparad")
    page.evaluate("hash => { location.hash = hash; }", f"#hand-in/{evening.part}")
    page.locator(".facts").wait_for()
    expect(page.locator(".facts div").last).to_contain_text("0")  # an observation has words
    page = open_list(phone, evening)
    cards.first.locator("textarea").fill("Så såg det ut")
    page.wait_for_timeout(1500)
    phone.context.set_offline(False)
    until_sent(page)
    said = evening.lead.call("GET", f"/operations/{evening.operation}/evening")
    [line] = said["visits"][0]["mine"][0]["checklist"]["free"]
    assert (line["text"], line["pictures"]) == ("Så såg det ut", 1)
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.locator("#view")).to_contain_text("källaren.png")
    expect(page.get_by_label(re.compile(r"av \d+ delar"))).to_have_count(0)  # all of it was received


def test_a_text_without_an_answer_that_is_taken_away_does_not_wait(phone: Phone, evening: Evening) -> None:
    page = open_list(phone, evening)
    one = card(page, "TOB-08")
    one.locator("details.more-of > summary").click()
    one.locator("textarea").fill("Fel kort")
    expect(one.locator(".state")).to_contain_text("Sparat i telefonen", timeout=2000)
    page.wait_for_timeout(900)
    assert waits(page) == 1
    one.locator("textarea").fill("")
    page.wait_for_timeout(1500)
    assert waits(page) == 0
    one.locator("textarea").fill("Fel kort igen")
    page.wait_for_timeout(1500)
    page.evaluate("() => { location.hash = '#queue'; }")
    remove = page.locator('[data-do="remove"]')
    remove.click()
    remove.click()
    page.wait_for_timeout(500)
    assert waits(page) == 0
