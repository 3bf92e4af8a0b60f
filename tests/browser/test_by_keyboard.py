"""A planner's and an inspector's work with the keys alone: no mouse, and nothing filled or focused for them.

After each form the keyboard stands somewhere that is seen and marked: at the place that changed, at the receipt, or at
the content; never at the top of the page, from where everything would have to be passed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from samsyn.core.home import local_day
from tests.browser.conftest import Running
from tests.browser.pages import sign_in

pytestmark = pytest.mark.browser
STOP: Final = (Path(__file__).parent / "keyboard.js").read_text("utf-8")
IS: Final = "wanted => document.activeElement.matches(wanted)"
IN_SIGHT: Final = """() => { const box = document.activeElement.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight; }"""
MOST: Final = 150
TODAY: Final = local_day(datetime.now(UTC))
DAY: Final = TODAY + timedelta(days=20 - TODAY.weekday())  # a Sunday: the town rests


class Keys:
    """Hands on a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def stands(self, *, after: str = "") -> None:
        """Fail where the keyboard stands nowhere, out of sight or without a mark."""
        found = self.page.evaluate(STOP)
        assert found is not None, f"nowhere on {self.page.url} after {after}"
        stop, marked = found
        assert marked or stop.startswith(("date ", "time ")), (stop, self.page.url)
        assert self.page.evaluate(IN_SIGHT), (stop, self.page.url)

    def to(self, wanted: str, *, back: bool = False) -> None:
        """Press Tab until the control is reached; each stop on the way is seen."""
        for _ in range(MOST):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate(STOP) is None:
                continue  # the end of the page: the next stop is its beginning
            self.stands()
            if self.page.evaluate(IS, wanted):
                return
        pytest.fail(f"{wanted} is not within {MOST} stops on {self.page.url}")

    def write(self, wanted: str, text: str) -> None:
        self.to(wanted)
        self.page.keyboard.type(text)

    def tick(self, wanted: str) -> None:
        self.to(wanted)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("() => document.activeElement.checked"), wanted

    def moment(self, name: str, day: date, hour: int) -> None:
        """A date and a time, as this browser asks for them: month first, and twelve hours."""
        self.write(f'[name="{name}_date"]', day.strftime("%m%d%Y"))
        assert self.page.evaluate("() => document.activeElement.value") == day.isoformat()
        self.write(f'[name="{name}_time"]', f"{hour - 12:02}00PM")
        assert self.page.evaluate("() => document.activeElement.value") == f"{hour}:00"

    def follow(self, wanted: str) -> None:
        self.to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow_here(self, wanted: str, there: str) -> None:
        """Follow a link within the page; the keyboard stands where it leads."""
        self.to(wanted)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(IS, arg=there, timeout=5_000)

    def send(self, wanted: str = "", *, key: str = "Enter") -> str:
        """Press a form's button, or Enter where one stands; return where it led, which the keyboard is at."""
        if wanted:
            self.to(wanted)
        with self.page.expect_navigation(wait_until="load") as gone:
            self.page.keyboard.press(key)
        assert gone.value is not None
        assert gone.value.status == 200, (self.page.url, self.page.locator("main").inner_text()[:600])
        self.page.wait_for_function("() => document.activeElement !== document.body", timeout=5_000)
        self.stands(after=wanted)
        return self.page.url


@contextmanager
def hands(browser: Browser, service: Running, person: dict[str, Any]) -> Iterator[Keys]:
    context = browser.new_context(base_url=service.url, locale="sv-SE", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    keys = Keys(context.new_page())
    keys.page.goto("/sign-in")
    keys.write('[name="address"]', person["email"])
    keys.write('[name="password"]', person["password"])
    keys.send()
    assert "/sign-in" not in keys.page.url
    yield keys
    context.close()


def step(keys: Keys, to: str) -> None:
    keys.send(f'form[action$="/step"]:has(input[name="to"][value="{to}"]) button')


def test_a_planner_plans_invites_moves_and_cancels_with_the_keys_alone(browser: Browser, service: Running) -> None:
    person = service.person("police", "planner")
    mine = person["authority_id"].replace("-", "")
    with hands(browser, service, person) as keys:
        keys.follow('main a[href="/operations/new"]')
        keys.moment("starts_at", DAY, 18)
        keys.moment("ends_at", DAY, 21)
        keys.moment("meets_at", DAY, 17)
        keys.write('[name="meeting_place"]', "Stationen")
        operation = urlsplit(keys.send('form[action="/operations/new"] button')).path
        assert re.fullmatch(r"/operations/[0-9a-f-]{36}", operation)
        keys.follow('a[href*="/visits/new"]')
        keys.write("#begins_with", "kiosk")
        keys.page.keyboard.press("Enter")
        expect(keys.page.locator("#found")).to_contain_text("att välja på")
        keys.to('[name="business_id"]')
        keys.page.keyboard.press("ArrowDown")
        keys.tick(f'[name="asked_{mine}"]')
        assert "?done=visit" in keys.send('form[method="post"][action*="/visits/new"] button')
        step(keys, "preparing")
        answer_for_the_police(keys)
        step(keys, "scheduled")
        keys.follow('a[href*="/people/new"]')
        keys.to('[name="person_id"]')
        keys.page.keyboard.press("ArrowDown")
        keys.send('form[action$="/people/new"] button')
        keys.follow(f'a[href="{operation}/move"]')
        keys.moment("starts_at", DAY + timedelta(days=7), 18)
        keys.send('form[action$="/move"] button')
        keys.follow(f'a[href="{operation}/stop"]')
        keys.send('form[action$="/step"] button')
        assert keys.page.locator("main").get_by_text("Inställd").count()


def answer_for_the_police(keys: Keys) -> None:
    keys.follow('a[href^="/parts/"][href$="/answer"]')
    keys.tick('[name="accepted"]')
    keys.write('[name="legal_basis"]', "Polislagen")
    keys.tick('[name="announced"]')
    keys.write('[name="no_notice_reason"]', "Det vanliga syns inte annars")
    keys.tick('[name="police_role"]')
    assert "done=answered" in keys.send('form:has([name="accepted"]) button[data-variant="primary"]')


def inspectors(service: Running) -> Iterator[tuple[dict[str, Any], requests.Session]]:
    for person in service.persons:
        if "inspector" in person["roles"]:
            yield person, sign_in(service, person)


def somebody_invited(service: Running) -> tuple[dict[str, Any], str]:
    """An inspector who has an invitation to answer, and where the answer goes."""
    for person, session in inspectors(service):
        if found := re.search(r'action="(/waiting/[^"]+/answer)"', session.get(service.url, timeout=30).text):
            return person, found[1]
    pytest.fail("nobody is invited")


def somebody_inspecting(service: Running) -> tuple[dict[str, Any], str]:
    """An inspector whose operation is under way, and the part whose checklist is open."""
    for person, session in inspectors(service):
        tonight = session.get(f"{service.url}/tonight", timeout=30).text
        for part in dict.fromkeys(re.findall(r'href="(/parts/[^"]+)/checklist"', tonight)):
            if 'value="hand-in"' in session.get(f"{service.url}{part}/checklist", timeout=30).text:
                return person, part
    pytest.fail("nothing is under way")


def test_an_inspector_answers_and_hands_in_with_the_keys_alone(browser: Browser, service: Running) -> None:
    invited, place = somebody_invited(service)
    with hands(browser, service, invited) as keys:
        assert "done=" in keys.send(f'form[action="{place}"]:has([value="accepted"]) button')
    goes, part = somebody_inspecting(service)
    with hands(browser, service, goes) as keys:
        keys.page.goto("/tonight")
        keys.follow(f'a[href="{part}/checklist"]')
        keys.tick('input[name$=".answer"][value="ok"]')
        assert "saved=1" in keys.send()
        keys.to('button[name="save"][value="hand-in"]', back=True)
        keys.send()
        keys.send(f'form[action="{part}/hand-in"] button')
        assert keys.page.locator('main [role="status"]').count()
