"""A phone in a field session, by its person: begun from the evening's page, judged like every page, and left again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from samsyn.core.home import HOME
from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.looking import Seen, look
from tests.browser.pages import Look

pytestmark = pytest.mark.browser
FORMS: Final = {"date": "%Y-%m-%d", "time": "%H:%M"}


PAGES: Final = (
    ("/tonight", "/tonight"),
    ("/operations/<uuid:operation_id>/order", "{operation}/order"),
    ("/week", "/week"),  # refused: the page that says so
)


@pytest.fixture
def phone(browser: Browser, service: Running) -> Iterator[tuple[Desk, str]]:
    """Somebody who is asked to go to an operation that begins within the hour."""
    lead = Desk(browser, service, service.person("police", "planner"))
    person = service.person("police", "inspector", 1)
    starts = datetime.now(HOME) + timedelta(minutes=50)
    ends = starts + timedelta(hours=3)
    times = {"starts_at": starts, "ends_at": ends}
    clocks: dict[str, Any] = {
        f"{name}_{part}": f"{when:{form}}" for name, when in times.items() for part, form in FORMS.items()
    }
    lead.go("/operations/new")
    lead.send("/operations/new", **clocks)
    operation = urlsplit(lead.page.url).path
    lead.go(f"{operation}/visits/new")
    business = lead.page.locator('[name="business_id"] option').nth(1).get_attribute("value") or ""
    mine = lead.person["authority_id"].replace("-", "")
    lead.press(lead.form("/visits/new"), fields={"business_id": business, f"asked_{mine}": "true"})
    lead.step(operation, "preparing")
    lead.page.locator('a[href^="/parts/"][href$="/answer"]').first.click()
    said = {"accepted": "true", "legal_basis": "LTLP 7 kap. 18 §", "announced": "false"}
    lead.press(lead.blank(urlsplit(lead.page.url).path), fields={**said, "police_role": "own_supervision"})
    lead.step(operation, "scheduled")
    lead.go(f"{operation}/people/new?authority={person['authority_id']}")
    lead.send("/people/new", person_id=person["person_id"])
    lead.context.close()
    desk = Desk(browser, service, person, script=True)
    yield desk, operation
    desk.context.close()
    assert desk.outside == []


def test_a_phone_in_a_field_session_is_a_page_like_every_other(phone: tuple[Desk, str], service: Running) -> None:
    desk, operation = phone
    tonight = f"/tonight?operation={operation.rsplit('/', 1)[1]}"
    desk.go(tonight)
    desk.page.locator("#field summary").click()
    desk.send("/field-session")
    assert "Enheten öppnar bara" in desk.text()
    seen = Seen()
    for n, (rule, path) in enumerate(PAGES):
        for language in ("sv", "en"):
            refused = "hidden" if rule == "/week" else ""
            look(desk.page, service, Look(rule, path.format(operation=operation), "", refused), language, seen, n)
    assert (seen.axe, seen.console, seen.sideways, seen.small, seen.status, seen.outside) == ([], [], [], [], [], [])
    desk.go("/tonight?lang=sv")
    desk.send("/sign-out")
    assert "/sign-in" in desk.page.url
