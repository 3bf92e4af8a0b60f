"""The shell in a browser with scripts, under the real policy: keys, small menus, the list of keys, colours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.browser.conftest import Running
from tests.browser.desk import Desk


@pytest.fixture
def page(browser: Browser, service: Running) -> Iterator[Page]:
    """A planner's window in which nothing may go wrong: no message in the console, no request to elsewhere."""
    context: BrowserContext = browser.new_context(base_url=service.url, locale="sv-SE")
    context.set_default_timeout(15_000)
    wrong: list[str] = []
    context.on("request", lambda r: None if r.url.startswith(service.url) else wrong.append(r.url))
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    person = service.person("police", "planner")
    page.goto("/sign-in")
    page.fill("[name=address]", person["email"])
    page.fill("[name=password]", person["password"])
    page.click("main form button")
    yield page
    context.close()
    assert wrong == []


def test_keys_go_where_they_say_and_nowhere_while_somebody_types(page: Page) -> None:
    page.goto("/operations")
    page.keyboard.press("j")
    page.wait_for_url("**/operations?week=*")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/businesses")
    page.keyboard.press("/")
    page.keyboard.type("gin?")
    assert page.evaluate("document.activeElement.value") == "gin?"
    assert page.url.endswith("/businesses")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+j")
    assert page.url.endswith("/businesses")


def test_the_list_of_keys_is_a_dialog_that_gives_the_focus_back(page: Page) -> None:
    page.goto("/settings")
    page.focus("[name=shortcuts]")
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Kortkommandon")
    expect(dialog.locator("[data-away=n]")).to_be_visible()  # this page has no such key, in words
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate("document.activeElement.name") == "shortcuts"


def test_keys_that_are_turned_off_do_nothing(page: Page) -> None:
    page.goto("/settings")
    page.uncheck("[name=shortcuts]")
    page.click("main form button")
    page.wait_for_url("**saved=1")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert "/settings" in page.url
    assert page.locator("dialog").count() == 0
    page.check("[name=shortcuts]")
    page.click("main form button")
    page.wait_for_url("**saved=1")


def test_the_persons_menu_opens_and_closes_by_keyboard(page: Page) -> None:
    page.goto("/businesses")
    summary = page.locator("details.my > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".my__in")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".my__in")).to_be_hidden()
    expect(summary).to_be_focused()


def test_chosen_colours_stand_in_the_first_byte_of_every_page(page: Page) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.goto("/settings")
    light = paper()
    page.check("[value=dark]")
    page.click("main form button")
    page.wait_for_url("**saved=1")
    dark = paper()
    assert dark != light
    answer = page.request.get("/businesses")
    assert 'data-color-scheme="dark"' in answer.text().split("<body")[0]
    page.check("[value=auto]")
    page.click("main form button")
    page.wait_for_url("**saved=1")
    assert paper() == light


def test_what_was_typed_into_a_checklist_is_not_left_behind_without_a_question(
    browser: Browser, service: Running
) -> None:
    inspectors = [person for person in service.persons if "inspector" in person["roles"]]
    for person in inspectors:
        desk = Desk(browser, service, person, script=True)
        desk.go("/tonight")
        open_lists = desk.page.locator('.stops .ds-button[href$="/checklist"]')
        if open_lists.count() and desk.go(open_lists.first.get_attribute("href") or ""):
            texts = desk.page.locator("form[data-unsaved] fieldset:not([disabled]) textarea")
            if texts.count():
                break
        desk.context.close()
    else:
        pytest.fail("nobody of the town has a checklist open")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.page.on("dialog", leave)
    here = desk.page.url
    desk.page.locator(".pbar a.tap").click()
    assert asked == [], "nothing was typed"
    desk.page.goto(here)
    counted = desk.page.locator(".steps [data-answered]")
    before, unanswered = counted.inner_text(), desk.page.locator("[data-point]:not(:has(:checked))")
    assert unanswered.count()
    unanswered.first.locator('[value="ok"]').check()
    assert counted.inner_text() == f"{int(before.split()[0]) + 1} {before.partition(' ')[2]}, inte sparat än"
    desk.page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    texts.first.fill("Skylt saknas vid kassan")
    desk.page.locator(".pbar a.tap").click()
    desk.page.wait_for_url("**/tonight*")
    assert asked == ["beforeunload"]
    desk.context.close()
