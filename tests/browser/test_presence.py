"""Who is at a visit, from the phone without coverage and from the page: came, left, and one police role at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Evening, Phone, begin_evening, open_phone
from tests.browser.test_offline import until_sent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service, "police")


@pytest.fixture
def phone(browser: Browser, service: Running, evening: Evening) -> Iterator[Phone]:
    found = open_phone(browser, service, evening, evening.goers[0])
    yield found
    found.context.close()


def open_presence(phone: Phone, evening: Evening) -> Page:
    phone.page.evaluate("() => { location.hash = ''; }")
    phone.page.locator(f'a[href="#presence/{evening.visit}"]').first.click()
    phone.page.locator('[data-note="came"]').wait_for()
    return phone.page


def noted(evening: Evening) -> list[tuple[str, str | None, str | None]]:
    lines = evening.lead.call("GET", f"/visits/{evening.visit}/presence")["items"]
    return [(line["what"], line["police_role"], line["reason"]) for line in lines]


def test_an_officer_comes_changes_role_and_leaves_without_coverage(phone: Phone, evening: Evening) -> None:
    phone.context.set_offline(True)
    page = open_presence(phone, evening)
    expect(page.locator("#view")).to_contain_text("Din roll: egen tillsyn")
    page.locator('[data-note="came"]').click()
    page.locator(".noted li").first.wait_for()
    page.locator("#view details > summary").click()
    page.locator('[data-note="role"]').click()
    expect(page.locator("[data-wanting]")).to_be_visible()  # a change says which role and why
    page.locator('[name="police_role"]').select_option("public_order")
    page.locator('#view [name="reason"]').fill("Folk samlas utanför")
    page.locator('[data-note="role"]').click()
    expect(page.locator(".noted li")).to_have_count(2)
    expect(page.locator("#view")).to_contain_text("Din roll: ordningshållning")
    page.locator('[data-note="left"]').click()
    expect(page.locator(".noted li")).to_have_count(3)
    phone.kill()
    page = open_presence(phone, evening)
    expect(page.locator(".noted li")).to_have_count(3)
    assert noted(evening) == []
    phone.context.set_offline(False)
    until_sent(page)
    wanted = [("came", None, None), ("role", "public_order", "Folk samlas utanför"), ("left", None, None)]
    assert noted(evening) == wanted
    page.reload()
    expect(page.locator(".noted li")).to_have_count(3)
    lines = evening.lead.call("GET", f"/visits/{evening.visit}/presence")["items"]
    assert {line["person_id"] for line in lines} == {evening.goers[0]["person_id"]}
