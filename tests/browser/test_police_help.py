"""Entry refused and help of the police, on two phones without coverage: written, asked, answered, given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Caller, Evening, Phone, begin_evening, open_phone
from tests.browser.test_offline import until_sent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service, police=True)


@pytest.fixture
def phones(browser: Browser, service: Running, evening: Evening) -> Iterator[tuple[Phone, Phone]]:
    assert evening.officer is not None
    found = tuple(open_phone(browser, service, evening, person) for person in (evening.goers[0], evening.officer))
    yield found  # type: ignore[misc]
    for phone in found:
        phone.context.close()


def open_entry(phone: Phone, evening: Evening) -> Page:
    phone.page.evaluate("() => { location.hash = ''; }")
    phone.page.locator(f'a[href="#entry/{evening.visit}"]').first.click()
    phone.page.locator('[data-list="asked"]').wait_for(state="attached")
    return phone.page


def fetched(phone: Phone) -> None:
    """Fetch the evening anew by hand."""
    phone.page.evaluate("() => { location.hash = ''; }")
    phone.page.locator(".stops").wait_for()
    with phone.page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/evening")):
        phone.page.evaluate("() => document.querySelector('[data-do=fetch]').click()")


def requests_of(service: Running, evening: Evening, person: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Caller(service, person).call("GET", f"/visits/{evening.visit}/help-requests")["items"]
    return found


def test_refused_asked_answered_and_given_without_coverage(
    phones: tuple[Phone, Phone], evening: Evening, service: Running
) -> None:
    inspector, officer = phones
    inspector.context.set_offline(True)
    page = open_entry(inspector, evening)
    refuse, ask = page.locator('form[name="refuse"]'), page.locator('form[name="ask"]')
    refuse.locator("button").click()
    expect(refuse.locator("[data-wanting]")).to_be_visible()
    refuse.locator('[name="by_role"]').fill("Ägaren")
    refuse.locator('[name="said"]').fill("Ni kommer inte in")
    refuse.locator("button").click()
    expect(page.locator('[data-list="refusals"] li')).to_have_count(1)
    ask.locator('[name="law"]').select_option("ltlp_7_19")
    ask.locator('[name="reason"]').fill("Han hotar oss i dörren")
    ask.locator("button").click()
    expect(ask.locator("[data-wanting]")).to_be_visible()  # tobacco law asks for a ground
    ask.locator('[name="ground"]').select_option("powers")
    ask.locator("button").click()
    expect(page.locator('[data-list="asked"] > li')).to_have_count(1)
    inspector.kill()
    page = open_entry(inspector, evening)
    expect(page.locator('[data-list="asked"] > li')).to_have_count(1)
    assert requests_of(service, evening, evening.lead.person) == []
    with page.expect_request(lambda one: one.url.endswith("/help-requests")) as sent:
        inspector.context.set_offline(False)
    until_sent(page)
    [asked] = requests_of(service, evening, evening.lead.person)
    assert (asked["law"], asked["ground"], asked["by_phone"]) == ("ltlp_7_19", "powers", False)
    assert (sent.value.post_data_json or {})["refusal_id"]  # refused in the same view, a moment before
    fetched(officer)
    expect(officer.page.locator(".stops")).to_contain_text("Ni ombeds om hjälp")
    page = open_entry(officer, evening)
    expect(page.locator('[data-list="asked"]')).to_contain_text("Han hotar oss i dörren")
    expect(page.locator("#view")).not_to_contain_text("Ni kommer inte in")  # what was said is the tobacco board's own
    officer.context.set_offline(True)
    page.locator('[data-answer="coming"]').click()
    expect(page.locator('[data-list="asked"]')).to_contain_text("Kommer ")
    page.locator('[data-answer="given"]').click()
    expect(page.locator('[data-list="asked"]')).to_contain_text("Rollen byttes")
    page.evaluate("hash => { location.hash = hash; }", f"#presence/{evening.visit}")
    expect(page.locator("#view")).to_contain_text("Din roll: handräckning")
    officer.context.set_offline(False)
    until_sent(page)
    assert evening.officer is not None
    [asked] = requests_of(service, evening, evening.officer)
    assert [one["what"] for one in asked["answers"]] == ["coming", "given"]
    lines = evening.lead.call("GET", f"/visits/{evening.visit}/presence")["items"]
    assert [(one["id"], one["police_role"]) for one in lines] == [(asked["answers"][1]["presence_id"], "assistance")]
    fetched(inspector)
    page = open_entry(inspector, evening)
    expect(page.locator('[data-list="asked"]')).to_contain_text("Hjälp gavs")


def test_what_is_typed_is_kept_before_it_is_sent_and_a_number_is_masked(
    phones: tuple[Phone, Phone], evening: Evening, service: Running
) -> None:
    """A page that is killed within two seconds loses no text; a press sends it once, and the draft is gone."""
    inspector, _ = phones
    had = len(requests_of(service, evening, evening.lead.person))
    inspector.context.set_offline(True)
    page = open_entry(inspector, evening)
    page.locator('form[name="refuse"] [name="said"]').fill("Dörren stängdes igen")
    page.locator('form[name="ask"] [name="law"]').select_option("ltlp_7_19")
    page.locator('form[name="ask"] [name="ground"]').select_option("powers")
    page.locator('form[name="ask"] [name="reason"]').fill("Hotfull, 19121212-1212")
    page.wait_for_timeout(2000)
    inspector.kill()
    page = open_entry(inspector, evening)
    expect(page.locator('form[name="refuse"] [name="said"]')).to_have_value("Dörren stängdes igen")
    expect(page.locator('form[name="ask"] [name="reason"]')).to_have_value("Hotfull, 19121212-1212")
    expect(page.locator('form[name="ask"] [name="ground"]')).to_have_value("powers")
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.locator('[data-list="waiting"] > li')).to_have_count(2)
    expect(page.locator('[data-list="waiting"]')).to_contain_text("skickas när du trycker")
    inspector.context.set_offline(False)
    page.wait_for_timeout(1500)
    assert len(requests_of(service, evening, evening.lead.person)) == had, "a draft is not sent"
    page = open_entry(inspector, evening)
    page.locator('form[name="ask"] button').click()
    page.evaluate("() => { location.hash = '#queue'; }")
    page.locator('[data-list="needing"] [data-do="mask"]').click()
    expect(page.locator('[data-list="needing"]')).to_have_count(0)
    expect(page.locator('[data-list="waiting"] > li')).to_have_count(1)  # the refusal that nobody has pressed yet
    reasons = [one["reason"] for one in requests_of(service, evening, evening.lead.person)]
    assert "Hotfull, ********-****" in reasons
    page = open_entry(inspector, evening)
    page.locator('form[name="refuse"] [name="said"]').fill("")
    page.wait_for_timeout(1500)
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.locator('[data-list="waiting"] > li')).to_have_count(0)


ANOTHERS = """async () => {
  const url = performance.getEntriesByType('resource').find((one) => one.name.includes('field/store')).name;
  const store = await import(url);
  const { value, clear } = await store.kept('evening');
  const authority_id = crypto.randomUUID();
  await store.keep('evening', { ...value, authority_id }, { ...clear, authority_id });
}"""
"""What is packed on the phone is another authority's, as after somebody else has signed in with it."""


def test_what_one_typed_or_sent_is_not_shown_to_the_next_with_the_same_phone(
    phones: tuple[Phone, Phone], evening: Evening
) -> None:
    inspector, _ = phones
    inspector.context.set_offline(True)
    page = open_entry(inspector, evening)
    refuse = page.locator('form[name="refuse"]')
    refuse.locator('[name="by_role"]').fill("Ägaren")
    refuse.locator('[name="said"]').fill("Sagt till nämnden")
    refuse.locator("button").click()
    expect(page.locator('[data-list="refusals"]')).to_contain_text("Sagt till nämnden")
    refuse.locator('[name="said"]').fill("Mera till nämnden")
    page.wait_for_timeout(1500)
    page.evaluate(ANOTHERS)
    inspector.kill()
    page = open_entry(inspector, evening)
    expect(page.locator('form[name="refuse"] [name="said"]')).to_have_value("")
    expect(page.locator("#view")).not_to_contain_text("Sagt till nämnden")
    page.locator('form[name="refuse"] [name="said"]').fill("Den andras")
    page.wait_for_timeout(1500)
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.locator('[data-list="waiting"] > li')).to_have_count(3)  # one sent, and a draft of each
