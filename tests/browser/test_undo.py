"""Undo in a real browser, with and without a script: pressed in time nothing leaves; left alone, the mail does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, expect

from samsyn.core.home import HOME
from tests.browser.conftest import Running, running
from tests.browser.desk import Desk
from tests.browser.outsiders import every_text, mails_to
from tests.practice_folder import Loaded

pytestmark = pytest.mark.browser
HOLD = 6  # seconds that this service holds things back: time to press on a busy machine
DAY = datetime.now(HOME).replace(hour=18, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, practice_folder: Loaded) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("undo"), practice_folder, SAMSYN_UNDO_SECONDS=str(HOLD)) as started:
        yield started


class Caller:
    """A person's program: it has the operation ready to be invited to, so that the pages are left for the test."""

    def __init__(self, service: Running, person: dict[str, Any]) -> None:
        self.base, self.person = f"{service.url}/api/v1", person
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {person['token']}"

    def call(self, method: str, path: str, version: int | None = None, **body: object) -> Any:
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        sent = {"json": body} if method != "GET" else {}
        answer = self.session.request(method, self.base + path, headers=headers, timeout=10, **sent)  # type: ignore[arg-type]
        assert answer.ok, (path, answer.status_code, answer.text)
        return answer.json()

    def version(self, operation: str) -> int:
        return int(self.call("GET", f"/operations/{operation}")["version"])

    def ready(self, inspector: dict[str, Any], days: int) -> str:
        """Make an operation of the own authority alone, scheduled, with a meeting and one person asked."""
        at = (DAY + timedelta(days=days)).isoformat()
        until = (DAY + timedelta(days=days, hours=2)).isoformat()
        where = self.call("GET", "/collaborations")["items"][0]["id"]
        business = self.call("GET", "/businesses")["items"][0]["id"]
        made = self.call("POST", "/operations", collaboration_id=where, starts_at=at, ends_at=until)["id"]
        part = {"authority_id": self.person["authority_id"]}
        self.call("POST", f"/operations/{made}/visits", business_id=business, starts_at=at, ends_at=until, parts=[part])
        asked = self.call("GET", f"/operations/{made}")["parts"][0]
        says = {"accepted": True, "legal_basis": "PL 2 §", "announced": False, "no_notice_reason": "annars inget"}
        self.call("PUT", f"/parts/{asked['id']}/answer", 0, **says, police_role="own_supervision")
        for to in ("preparing", "scheduled"):
            self.call("POST", f"/operations/{made}/transitions", self.version(made), to=to)
        meeting = {"meets_at": at, "meeting_place": "Polishuset", "lead_person_id": inspector["person_id"]}
        self.call("PUT", f"/operations/{made}/meeting", self.version(made), **meeting)
        who = {"authority_id": inspector["authority_id"], "person_id": inspector["person_id"]}
        self.call("POST", f"/operations/{made}/bookings", **who)
        return f"/operations/{made}"


def count(service: Running, person: dict[str, Any], operation: str) -> int:
    """How many mails about the operation have left for a person."""
    return sum(any(operation in text for text in every_text(mail)) for mail in mails_to(service, person))


@pytest.mark.parametrize("script", [False, True], ids=["without a script", "with a script"])
def test_pressed_in_time_nothing_leaves_and_left_alone_it_does(slow: Running, browser: Browser, script: bool) -> None:
    planner, inspector = slow.person("police", "planner"), slow.person("police", "inspector")
    operation = Caller(slow, planner).ready(inspector, days=20 + script)
    desk = Desk(browser, slow, planner, script=script)
    desk.step(operation, "invited")
    assert "Kallelserna går strax ut" in desk.text()
    desk.go("/businesses")  # the bar goes along
    desk.press(desk.form("/undo"))
    assert urlsplit(desk.page.url).path == operation
    assert "Ångrat. Ingenting har skickats." in desk.text()
    time.sleep(HOLD + 3)
    assert count(slow, inspector, operation) == 0
    desk.step(operation, "invited")
    if script:
        expect(desk.page.locator(".undo form")).to_have_count(0, timeout=(HOLD + 5) * 1000)
        follows = 30_000  # nobody fetches the page again: it follows by itself
        expect(desk.page.locator("#way [aria-current=step]")).to_contain_text("Kallad", timeout=follows)
        expect(desk.page.locator("#held")).to_contain_text("Kallelserna har", timeout=follows)
        expect(desk.page.locator("#sent label")).to_contain_text("1 av 1", timeout=follows)
    deadline = time.monotonic() + HOLD + 20
    while count(slow, inspector, operation) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    assert count(slow, inspector, operation) == 1
    assert "Kallad" in desk.go(operation)
    desk.context.close()
    assert desk.outside == []
