"""The evening without coverage: packed, read, written and sent again; what is on the phone, and what leaves it when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Caller, Evening, Phone, begin_evening, open_phone
from tests.browser.looking import NARROW, SIDEWAYS, TAGS, TOO_SMALL, axe

pytestmark = pytest.mark.browser
STORED = """async () => {
  const open = indexedDB.open('samsyn-field');
  const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
  const text = new TextDecoder('latin1'), said = [];
  const plain = value => {
    if (value instanceof CryptoKey) said.push(`key extractable ${value.extractable}`);
    else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) said.push(text.decode(value));
    else if (value && typeof value === 'object') Object.entries(value).forEach(([k, v]) => { said.push(k); plain(v); });
    else said.push(String(value));
  };
  for (const name of db.objectStoreNames) {
    const all = db.transaction(name).objectStore(name).getAll();
    plain(await new Promise(done => { all.onsuccess = () => done(all.result); }));
  }
  db.close();
  return said.join('\\n');
}"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
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


def open_list(phone: Phone, evening: Evening) -> Page:
    phone.page.evaluate("hash => { location.hash = hash; }", f"#part/{evening.part}")
    phone.page.locator("form.cardform").first.wait_for()
    return phone.page


def card(page: Page, code: str) -> Locator:
    return page.locator("form.cardform", has=page.locator(f'.ref .num:text-is("{code}")'))


def write(page: Page, code: str, answer: str, text: str) -> None:
    one = card(page, code)
    one.locator(f'input[value="{answer}"]').check(force=True)
    if not one.locator("textarea").is_visible():
        one.locator("summary").click()
    one.locator("textarea").fill(text)
    expect(one.locator(".state")).to_contain_text("Sparat i telefonen", timeout=2000)
    page.wait_for_timeout(900)  # the last stroke too: within two seconds


def waits(page: Page) -> int:
    left: int = page.evaluate(
        """async () => {
          const open = indexedDB.open('samsyn-field');
          const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
          const all = db.transaction('queue').objectStore('queue').getAll();
          const items = await new Promise(done => { all.onsuccess = () => done(all.result); });
          db.close();
          return items.filter(item => item.state !== 'received').length;
        }"""
    )
    return left


def until_sent(page: Page) -> None:
    for _ in range(60):
        if waits(page) == 0:
            return
        page.wait_for_timeout(250)
    raise AssertionError(page.locator("main").inner_text())


def findings(evening: Evening, code: str) -> list[dict[str, Any]]:
    found = evening.lead.call("GET", f"/visits/{evening.visit}/findings")["items"]
    return [one for one in found if one["check_point"] == code]


def versions(evening: Evening, finding: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = evening.lead.call("GET", f"/findings/{finding}")["versions"]
    return said


def test_the_evening_opens_without_coverage_and_nothing_readable_lies_on_the_phone(
    phones: list[Phone], evening: Evening
) -> None:
    phone = phones[0]
    place = phone.page.locator(".stops h3").first.inner_text()
    phone.context.set_offline(True)
    phone.kill()
    phone.page.locator(".stops .pcard").first.wait_for()
    assert phone.page.locator(".stops h3").first.inner_text() == place
    expect(phone.page.locator("#strip")).to_contain_text("Ingen täckning")
    page = open_list(phone, evening)
    write(page, "TOB-01", "deficiency", "Tillståndet hänger inte uppe")
    phone.kill()
    page = open_list(phone, evening)
    assert card(page, "TOB-01").locator("textarea").input_value() == "Tillståndet hänger inte uppe"
    stored = page.evaluate(STORED)
    assert "key extractable false" in stored
    assert "key extractable true" not in stored
    for word in (place, "Tillståndet", "TOB-01", "deficiency"):
        assert word not in stored, word
        assert word.encode().decode("latin1") not in stored, word
    cached = page.evaluate(CACHED)
    assert {path.split("/")[1] for path in cached} == {"field", "static"}
    phone.context.set_offline(False)
    until_sent(page)
    assert [one["text"] for one in findings(evening, "TOB-01")] == ["Tillståndet hänger inte uppe"]


def test_two_texts_on_one_point_stand_side_by_side_and_who_chooses_is_kept(
    phones: list[Phone], evening: Evening
) -> None:
    for phone in phones:
        phone.context.set_offline(True)
    texts = ["Pärmen saknas. Ägaren nås först i kväll.", "Pärmen saknas. En sida visas upp på telefon."]
    for phone, text in zip(phones, texts, strict=True):
        write(open_list(phone, evening), "TOB-03", "deficiency", text)
    for phone in phones:
        phone.context.set_offline(False)
        until_sent(phone.page)
    [finding] = findings(evening, "TOB-03")
    assert finding["conflict"]
    first, second = phones
    page = second.page
    page.evaluate("() => { location.hash = '#queue'; }")
    page.locator('a[href^="#choose/"]').first.click()
    page.locator(".ver").nth(2).wait_for()
    said = page.locator("main").inner_text()
    assert all(text.split(". ")[1] in said for text in texts)
    assert page.locator(".ver ins").count() > 0, "what differs is marked"
    page.locator('.ver input[value="1"]').check()
    page.locator('[data-do="save-choice"]').click()
    page.wait_for_function("() => location.hash === '#queue'")  # it is in the queue then, and not before
    until_sent(page)
    said_now = versions(evening, finding["finding_id"])
    assert [one["conflict"] for one in said_now] == [False, True, False]
    assert said_now[2]["text"] == texts[0]
    assert said_now[2]["written_by"] == second.person["person_id"], "who chose"
    first.page.reload()
    first.page.evaluate("() => { location.hash = '#queue'; }")
    first.page.wait_for_timeout(1000)
    assert first.page.locator('a[href^="#choose/"]').count() == 0


def test_nobody_signs_out_from_what_is_not_received(phones: list[Phone], evening: Evening) -> None:
    phone = phones[0]
    page = open_list(phone, evening)
    phone.context.route("**/api/v1/parts/**", lambda route: route.abort())
    write(page, "TOB-04", "ok", "Allt står framme")
    page.evaluate("() => { location.hash = '#'; }")
    page.locator(".stops").wait_for()
    page.locator("details:has([data-do='sign-out']) summary").click()
    page.locator("[data-do='sign-out']").click()
    expect(page.locator("#strip")).to_contain_text("TOB-04")
    other = phone.context.new_page()
    other.goto("/tonight")
    with other.expect_navigation(url="**/field#queue"):
        other.locator('form[action="/sign-out"] button').last.click()
    other.close()
    phone.context.unroute("**/api/v1/parts/**")
    page.evaluate("() => { location.hash = '#queue'; }")
    page.locator('[data-do="send"]').click()
    until_sent(page)
    page.evaluate("() => { location.hash = '#'; }")
    page.locator("details:has([data-do='sign-out']) summary").click()
    with page.expect_navigation(url="**/sign-in**"):
        page.locator("[data-do='sign-out']").click()
    page.goto("/field")
    page.locator(".empty").wait_for()
    assert page.evaluate(STORED).strip() == ""


def test_a_session_that_is_ended_elsewhere_leaves_nothing_to_read_and_loses_nothing(
    phones: list[Phone], evening: Evening, browser: Browser, service: Running
) -> None:
    phone = phones[0]
    page = open_list(phone, evening)
    phone.context.set_offline(True)
    write(page, "TOB-05", "deficiency", "Skylten är övermålad")
    phone.context.route("**/api/v1/quarantine", lambda route: route.abort())  # see test_handed_over
    end_elsewhere(browser, service, phone)
    phone.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("avslutat", timeout=15_000)
    page.locator(".empty").wait_for()
    assert waits(page) == 1
    page.reload()
    page.locator(".empty").wait_for()
    page.goto("/sign-in")
    page.fill('[name="address"]', phone.person["email"])
    page.fill('[name="password"]', phone.person["password"])
    with page.expect_navigation():
        page.locator('form[action="/sign-in"] button').last.click()
    page.goto(f"/tonight?operation={evening.operation}")
    page.locator("#field summary").click()
    with page.expect_navigation():
        page.locator('form[action$="/field-session"] button').click()
    page.goto("/field")
    until_sent(page)
    assert [one["text"] for one in findings(evening, "TOB-05")] == ["Skylten är övermålad"]


def end_elsewhere(browser: Browser, service: Running, phone: Phone) -> None:
    """The person ends all other sessions from a desk."""
    desk = browser.new_context(base_url=service.url)
    page = desk.new_page()
    page.goto("/sign-in")
    page.fill('[name="address"]', phone.person["email"])
    page.fill('[name="password"]', phone.person["password"])
    with page.expect_navigation():
        page.locator('form[action="/sign-in"] button').last.click()
    page.goto("/settings")
    with page.expect_navigation():
        page.locator('form[action="/settings/sessions/end-others"] button').click()
    desk.close()


def two_texts(evening: Evening) -> str:
    """Write two texts at one point, of which neither has seen the other; return the finding's key."""
    said = evening.lead.call("GET", f"/operations/{evening.operation}/evening")
    point = next(one for one in said["visits"][0]["mine"][0]["checklist"]["points"] if one["code"] == "TOB-09")
    base = point["answer"]["version"] if point["answer"] else 0
    for person, text in zip(evening.goers, ("Lådan var olåst", "Lådan stod öppen"), strict=True):
        body = {"finding_id": point["key"], "check_point": "TOB-09", "base_version": base, "answer": "deficiency"}
        body |= {"observed_at": "2026-11-30T18:00:00+01:00", "text": text}
        Caller(evening.lead.service, person).call("POST", f"/parts/{evening.part}/findings", body)
    found: str = point["key"]
    return found


def test_every_view_is_a_page_like_every_other(phones: list[Phone], evening: Evening) -> None:
    phone = next(phone for phone in phones if phone.person is evening.lead.person)  # who may end the visit
    key = two_texts(evening)
    page, faults = phone.page, []
    page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    outside: list[str] = []
    page.on(
        "request", lambda r: None if "://127.0.0.1" in r.url or r.url.startswith("data:") else outside.append(r.url)
    )
    for language in ("sv", "en"):
        page.goto(f"/field?lang={language}")
        page.locator(".stops").wait_for()
        for view in (
            "",
            f"part/{evening.part}",
            f"hand-in/{evening.part}",
            f"end/{evening.visit}",
            f"presence/{evening.visit}",
            f"entry/{evening.visit}",
            f"choose/{key}",
            "queue",
        ):
            page.evaluate("view => { location.hash = view; }", view)
            page.wait_for_timeout(300)
            if view.startswith("choose"):
                page.locator(".ver").nth(2).wait_for()  # two texts side by side, and both together
            page.evaluate(axe().axe_script)
            options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
            found = page.evaluate("options => axe.run(options).then(said => said.violations)", options)
            faults += [f"{language} {view}: {v['id']} {[n['html'][:120] for n in v['nodes'][:2]]}" for v in found]
            faults += [f"{language} {view}: {line}" for line in page.evaluate(TOO_SMALL, 44)]
            for width in NARROW:
                page.set_viewport_size({"width": width, "height": 800})
                faults += [f"{language} {view}: sideways {width}"] if page.evaluate(SIDEWAYS) > 0 else []
            page.set_viewport_size({"width": 390, "height": 844})
    assert (faults, outside) == ([], [])
