"""The tour as it stands on its page: each step's button, what it says to do, and the tag that turns to done."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from samsyn.core.home import local_day
from samsyn.web.pages.walk import STEPS
from tests.browser.conftest import Running
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
TODAY = local_day(datetime.now(UTC))
DAY = (TODAY + timedelta(days=34 - TODAY.weekday())).isoformat()  # a Sunday that no other test plans on
WITHIN = 30


class Tour(Desk):
    """Somebody who does what the page says."""

    def begin(self) -> None:
        """Take the first step on the tour's own page."""
        self.go("/walk")
        with self.page.expect_navigation():
            self.page.locator(f"#{STEPS[0][0]} .act .ds-button").first.click()

    def take(self, step: str) -> None:
        """Go on as the bar says, wherever one is: by its button, or its link where one is that person already."""
        self.go(urlsplit(self.page.url).path)
        assert self.at() == step
        going = self.page.locator(".tour__act .ds-button").first
        if not self.page.locator(".tour__you").count():
            with self.page.expect_navigation():
                going.click()

    def at(self) -> str:
        """The step that the bar is at."""
        n = re.match(r"Steg (\d+) av 10", self.page.locator(".tour__at").inner_text())
        return STEPS[int(n[1]) - 1][0] if n else "over"

    def says(self) -> tuple[str, int]:
        """Which of the step's things to do the bar is at, and how many buttons call for the next state."""
        called = self.page.locator("#gate .offer .ds-button[data-color=success]")
        return self.page.locator(".tour__at small").inner_text(), called.count()

    def until_done(self, step: str) -> None:
        deadline, path = time.monotonic() + WITHIN, urlsplit(self.page.url).path
        while self.go(path) and self.at() == step:
            assert time.monotonic() < deadline, step
            time.sleep(0.3)

    def done(self) -> int:
        """How many steps the tour's own page says are done."""
        self.go("/walk")
        return sum("Klart" in one for one in self.page.locator(".walk__head").all_inner_texts())


def test_somebody_who_has_read_nothing_does_the_ten_steps(browser: Browser, service: Running) -> None:
    tour = Tour(browser, service, service.person("other", "observer"))
    assert tour.done() == 0
    operation = plan(tour)
    staff(tour, service, operation)
    carry_out(tour, operation)
    assert tour.done() == len(STEPS)
    tour.go("/week")
    assert tour.at() == "over"
    tour.press(tour.form("/walk/leave"))
    assert not tour.page.locator(".tour").count()
    tour.context.close()
    assert tour.outside == []


def plan(tour: Tour) -> str:
    """1 to 3: an operation with a visit, and the first answer."""
    tour.begin()
    tour.send(
        "/operations/new",
        starts_at_date=DAY, starts_at_time="18:00", ends_at_date=DAY, ends_at_time="21:00",
        meets_at_date=DAY, meets_at_time="17:30", meeting_place="Torget",
    )  # fmt: skip
    operation = urlsplit(tour.page.url).path
    tour.until_done("propose")
    tour.take("visit")
    tour.go(f"{operation}/visits/new?begins_with=kiosk")
    form = tour.form("/visits/new")
    business = form.locator("select[name=business_id] option").nth(1).get_attribute("value") or ""
    police, board = (choose(tour, name) for name in ("Polismyndigheten", "socialnämnden"))
    unit = form.locator(f'select[name="unit_{board}"] option', has_text="Tobakstillsynen").get_attribute("value") or ""
    fields = {"business_id": business, f"asked_{police}": "true", f"asked_{board}": "true", f"unit_{board}": unit}
    tour.press(form, fields=fields)
    tour.step(operation, "preparing")
    tour.until_done("visit")
    tour.take("answer")
    answer(tour)
    tour.until_done("answer")
    return operation


def choose(tour: Tour, name: str) -> str:
    """How the form calls an authority."""
    for box in tour.page.locator("fieldset.asked").all():
        if name in box.inner_text():
            return (box.locator("input[type=checkbox]").first.get_attribute("name") or "").removeprefix("asked_")
    raise AssertionError(name)


def answer(tour: Tour, **more: str) -> None:
    """Answer the own part on the operation's page, where one is."""
    tour.page.locator('a[href^="/parts/"][href$="/answer"]').first.click()
    path = urlsplit(tour.page.url).path
    fields = {"accepted": "true", "legal_basis": "LTLP 7 kap. 18 §", "announced": "false", **more}
    tour.press(tour.blank(path), fields=fields)


def staff(tour: Tour, service: Running, operation: str) -> None:
    """4 to 6: people, the meeting, the invitations, the first yes."""
    tour.take("people")
    answer(tour, police_role="own_supervision")
    assert "Inget saknas före steget" in tour.go(operation)
    assert tour.says() == ("(2 av 4)", 0), "what is green beside the bar would be pressed before it"
    officer = service.person("police", "inspector", 1)
    for person in (officer, service.person("tobacco", "inspector")):
        tour.go(f"{operation}/people/new?authority={person['authority_id']}")
        tour.send("/people/new", person_id=person["person_id"])
    tour.go(f"{operation}/meeting")
    tour.send("/meeting", lead_person_id=officer["person_id"])
    tour.until_done("people")
    tour.take("invite")
    assert tour.says() == ("(1 av 2)", 1)
    tour.step(operation, "scheduled")
    tour.step(operation, "invited")
    tour.until_done("invite")
    tour.take("accept")
    code_word = re.search(r"Insats (\S+)", tour.go(operation))
    assert code_word is not None
    tour.go("/")
    form = tour.page.locator("#invitations li", has_text=code_word[1]).locator("form").first
    tour.press(form)
    tour.until_done("accept")


def carry_out(tour: Tour, operation: str) -> None:
    """7 to 10: begin, find something, report, read."""
    tour.take("begin")
    tour.go(operation)
    form = tour.form("/answer", said="accepted")
    form.locator("xpath=ancestor::details/summary").click()
    tour.press(form)  # for the officer, as the own authority's planner
    tour.step(operation, "confirmed")
    tour.step(operation, "ongoing")
    tour.until_done("begin")
    tour.take("find")
    find_something(tour)
    tour.until_done("find")
    tour.take("report")
    tour.page.locator('a[href^="/parts/"][href$="/hand-in"]').first.click()
    tour.press(tour.form("/hand-in"), fields={"nothing_to_report": "true"})
    tour.go(operation)
    tour.page.locator('a[href^="/visits/"][href$="/end"]').first.click()
    tour.send("/end", state="done")
    tour.step(operation, "done")
    tour.step(operation, "reported")
    tour.go(f"{operation}/common")
    tour.send("/common", text="Lugn kväll.")
    deadline = time.monotonic() + WITHIN
    while "sammanställningen är inte klar" in tour.go(operation):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    tour.step(operation, "compiled")
    tour.until_done("report")
    tour.take("read")
    assert "Skylt saknas vid kassan" in tour.page.locator("main").inner_text()


def find_something(tour: Tour) -> None:
    """Answer the first point with a deficiency and hand in."""
    tour.page.locator('a[href^="/parts/"][href$="/checklist"]').first.click()
    path = urlsplit(tour.page.url).path
    form = tour.form(path)
    name = form.locator('input[name$=".answer"][value="deficiency"]').first.get_attribute("name") or ""
    first = name.split(".")[0]
    tour.press(form, '[value="all"]', fields={name: "deficiency", f"{first}.text": "Skylt saknas vid kassan"})
    tour.go(path.replace("/checklist", "/hand-in"))
    tour.press(tour.form("/hand-in"))
