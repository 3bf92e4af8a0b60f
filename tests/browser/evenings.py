"""An evening that goes on now: two inspectors of one authority with a phone each, in field sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Running

UNIT: Final = "tobacco"
LASTS: Final = timedelta(minutes=20)


@dataclass
class Caller:
    """A person with a program."""

    service: Running
    person: dict[str, Any]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the API; what it answers, decoded."""
        own = {"Authorization": f"Bearer {self.person['token']}", "Idempotency-Key": uuid4().hex, **headers}
        address = f"{self.service.url}/api/v1{path}"
        answer = requests.request(method, address, json=body, headers=own, timeout=30)
        assert answer.ok, (path, answer.status_code, answer.text)
        return answer.json()


@dataclass
class Evening:
    """An operation that goes on, its visit, the own part, and who goes."""

    operation: str
    visit: str
    part: str
    goers: tuple[dict[str, Any], dict[str, Any]]
    lead: Caller
    officer: dict[str, Any] | None = None


def begin_evening(service: Running, unit: str = UNIT, *, police: bool = False) -> Evening:
    """An ad hoc operation of a unit, to which both of its inspectors have said yes; ``police``: and an officer."""
    goers = [person for person in service.persons if person["unit"] == unit and "inspector" in person["roles"]]
    first, second = sorted(goers, key=lambda person: len(person["roles"]))[:2]
    lead = Caller(service, next(person for person in goers if "planner" in person["roles"]))
    officers = [one for one in service.persons if one["unit"] == "police" and "inspector" in one["roles"]]
    officer = next((one for one in officers if one["roles"] == ["inspector"]), officers[0]) if police else None
    starts = free_time(lead, (first, second, *([officer] if officer else [])))
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + LASTS).isoformat()}
    collaboration = lead.call("GET", "/collaborations")["items"][0]["id"]
    operation = lead.call("POST", "/operations", {"collaboration_id": collaboration, "ad_hoc": True, **times})["id"]
    business = lead.call("GET", "/businesses?limit=1")["items"][0]["id"]
    asked = [{"authority_id": first["authority_id"], "people": 2}]
    if officer:
        lead.call("POST", f"/operations/{operation}/participations", {"authority_id": officer["authority_id"]})
        asked.append({"authority_id": officer["authority_id"], "people": 1})
    visit = lead.call("POST", f"/operations/{operation}/visits", {"business_id": business, "parts": asked, **times})
    parts = lead.call("GET", f"/operations/{operation}")["parts"]
    part = next(one for one in parts if one["authority_id"] == first["authority_id"])
    said = {"accepted": True, "legal_basis": "LTLP 7 kap. 18 §", "announced": False}
    if unit == "police":
        said["police_role"] = "own_supervision"
    lead.call("PUT", f"/parts/{part['id']}/answer", said, **{"If-Match": f'"{part["version"]}"'})
    there = {one["person_id"] for one in lead.call("GET", f"/operations/{operation}/bookings")["items"]}
    for goer in (first, second):
        if goer["person_id"] in there:
            continue  # who begins an ad hoc operation goes
        ask = {"authority_id": goer["authority_id"], "person_id": goer["person_id"]}
        booking = lead.call("POST", f"/operations/{operation}/bookings", ask)["id"]
        Caller(service, goer).call("POST", f"/bookings/{booking}/answer", {"said": "accepted"})
    if officer:
        theirs = next(one for one in parts if one["authority_id"] == officer["authority_id"])
        join_police(service, officer, operation, theirs)
    return Evening(operation, visit["id"], part["id"], (first, second), lead, officer)


def join_police(service: Running, officer: dict[str, Any], operation: str, part: dict[str, Any]) -> None:
    """The police say yes, in their own supervision, and an officer goes."""
    planner = next(one for one in service.persons if one["unit"] == "police" and "planner" in one["roles"])
    police = Caller(service, planner)
    said = {"accepted": True, "legal_basis": "LTLP 7 kap. 4 §", "announced": False, "police_role": "own_supervision"}
    police.call("PUT", f"/parts/{part['id']}/answer", said, **{"If-Match": f'"{part["version"]}"'})
    ask = {"authority_id": officer["authority_id"], "person_id": officer["person_id"]}
    booking = police.call("POST", f"/operations/{operation}/bookings", ask)["id"]
    Caller(service, officer).call("POST", f"/bookings/{booking}/answer", {"said": "accepted"})


def free_time(lead: Caller, goers: tuple[dict[str, Any], ...]) -> datetime:
    """A time within the next hours at which neither goes anywhere: a field session may begin twelve hours ahead."""
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    horizon = (now + timedelta(hours=14)).isoformat()
    query = {"from_at": (now - timedelta(hours=12)).isoformat(), "until_at": horizon, "limit": "200"}
    found = lead.call("GET", f"/operations?{urlencode(query)}")["items"]
    people = {goer["person_id"] for goer in goers}
    busy = [
        (datetime.fromisoformat(one["starts_at"]), datetime.fromisoformat(one["ends_at"]))
        for operation in found
        for one in lead.call("GET", f"/operations/{operation['id']}/bookings")["items"]
        if one["person_id"] in people
    ]
    starts = [now + timedelta(minutes=20 * n) for n in range(33)]
    return next(at for at in starts if all(at + LASTS <= begins or at >= ends for begins, ends in busy))


@dataclass
class Phone:
    """A phone: its browser, kept over reloads and kills of the page."""

    context: BrowserContext
    page: Page
    person: dict[str, Any]

    def kill(self) -> None:
        """End the page as a phone does that runs out of memory, and open it anew."""
        self.page.close(run_before_unload=False)
        self.page = self.context.new_page()
        self.page.goto("/field")


def open_phone(browser: Browser, service: Running, evening: Evening, person: dict[str, Any]) -> Phone:
    """Sign in, begin a field session, pack for the evening, and wait until the phone can do without us."""
    context = browser.new_context(base_url=service.url, locale="sv-SE", viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill('[name="address"]', person["email"])
    page.fill('[name="password"]', person["password"])
    with page.expect_navigation():
        page.locator('form[action="/sign-in"] button').last.click()
    page.goto(f"/tonight?operation={evening.operation}")
    page.locator("#field summary").click()
    with page.expect_navigation():
        page.locator(f'form[action="/operations/{evening.operation}/field-session"] button').click()
    page.locator('a[href^="/field"]').click()
    page.locator(".stops .pcard").first.wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return Phone(context, page, person)
