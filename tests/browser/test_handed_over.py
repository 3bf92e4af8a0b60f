"""What a phone has left when its session was ended goes into quarantine; and what a point says besides its question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.evenings import Evening, Phone, begin_evening, open_phone
from tests.browser.looking import TOO_SMALL
from tests.browser.test_offline import card, end_elsewhere, findings, open_list, waits, write

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service)


@pytest.fixture
def phone(browser: Browser, service: Running, evening: Evening) -> Iterator[Phone]:
    found = open_phone(browser, service, evening, evening.goers[0])
    yield found
    found.context.close()


def test_what_helps_with_a_point_is_folded_away_and_opens_with_one_thumb(phone: Phone, evening: Evening) -> None:
    """The authority's own list may say more than the house's: here the same evening with a heading and help in it."""

    def helped(route: Route) -> None:
        said = route.fetch().json()
        [part] = said["visits"][0]["mine"]
        part["checklist"]["points"][1] |= {"section": "Skyltar", "help": "Titta vid kassan.\nOch vid dörren."}
        route.fulfill(json=said)

    phone.context.route("**/evening?*", helped)
    phone.page.reload()
    page = open_list(phone, evening)
    one = card(page, "TOB-02")
    one.locator("details.help-of").wait_for()
    assert page.locator("h3.section").all_inner_texts() == ["Skyltar"]
    assert one.locator("xpath=preceding-sibling::*[1]").get_attribute("class") == "section"
    assert not one.locator(".pre").is_visible()
    assert card(page, "TOB-01").locator("details.help-of").count() == 0
    assert page.evaluate(TOO_SMALL, 44) == []
    phone.context.set_offline(True)
    one.locator("details.help-of > summary").click()
    assert one.locator(".pre").inner_text() == "Titta vid kassan.\nOch vid dörren."
    one.locator("details.more-of > summary").click()
    assert "Kan leda till:" in one.inner_text()
    phone.context.set_offline(False)


def test_ended_by_somebody_it_hands_over_what_it_has_and_the_desk_takes_it_in(
    phone: Phone, evening: Evening, browser: Browser, service: Running
) -> None:
    page = open_list(phone, evening)
    phone.context.set_offline(True)
    write(page, "TOB-05", "deficiency", "Skylten är övermålad")
    end_elsewhere(browser, service, phone)
    phone.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("avslutat", timeout=15_000)
    for _ in range(60):
        if waits(page) == 0:
            break
        page.wait_for_timeout(250)
    assert waits(page) == 0
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.locator("#view")).to_contain_text("I myndighetens karantän")
    assert page.locator(".stops").count() == 0, "nothing to read"
    assert findings(evening, "TOB-05") == []
    desk = Desk(browser, service, evening.lead.person)
    desk.go("/settings")
    desk.page.locator('a[href="/quarantine"]').click()
    desk.page.locator('a[href^="/quarantine/"]').first.click()
    assert "Skylten är övermålad" in desk.text()
    desk.send("/take")
    desk.context.close()
    assert [one["text"] for one in findings(evening, "TOB-05")] == ["Skylten är övermålad"]


def test_too_late_it_says_so_and_keeps_what_it_has(
    phone: Phone, evening: Evening, browser: Browser, service: Running
) -> None:
    page = open_list(phone, evening)
    phone.context.set_offline(True)
    write(page, "TOB-06", "deficiency", "Kassan saknar märkning")
    phone.context.route(
        "**/api/v1/quarantine",
        lambda route: route.fulfill(status=410, content_type="application/problem+json", body='{"code":"too_late"}'),
    )
    end_elsewhere(browser, service, phone)
    phone.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("mer än sju dagar sedan", timeout=15_000)
    assert waits(page) == 1
