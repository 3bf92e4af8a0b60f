"""The planner's pages by the keys alone, on a small phone and on paper: week, month, campaign, people's days."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from samsyn.core.home import local_day
from tests.browser.conftest import Running
from tests.browser.pages import campaign, sign_in
from tests.browser.test_by_keyboard import hands
from tests.browser.test_operation_pages import SIDEWAYS, SMALL

pytestmark = pytest.mark.browser
WEEKS: Final = 6


def week(n: int) -> str:
    year, number, _ = (local_day(datetime.now(UTC)) + timedelta(weeks=n)).isocalendar()
    return f"/week?week={year}-W{number:02}"


def with_a_fix(service: Running) -> tuple[dict[str, Any], str]:
    """A planner to whom a week proposes what mends a clash, and that week."""
    for person in service.persons:
        if "planner" not in person["roles"]:
            continue
        session = sign_in(service, person)
        for n in range(WEEKS):
            if '<form class="fix' in session.get(service.url + week(n), timeout=60).text:
                return person, week(n)
    pytest.fail("no week of the town proposes a fix")


def proposed(page: Page) -> list[str]:
    """The words of the fixes that a week proposes, in their order."""
    return [" ".join(one.split()) for one in page.locator("form.fix button").all_inner_texts()]


def test_a_clash_is_mended_by_its_proposed_fix_with_the_keys_alone(browser: Browser, service: Running) -> None:
    person, address = with_a_fix(service)
    with hands(browser, service, person) as keys:
        keys.page.goto(address)
        first = proposed(keys.page)[0]
        keys.follow_here('a[href="#clashes-h"]', "#clashes-h")
        assert keys.send("form.fix button")
        keys.page.goto(address)
        assert first not in proposed(keys.page), "what it mended is no clash any more; the next one may stand there"


def test_a_free_time_of_all_is_planned_with_the_keys_alone(browser: Browser, service: Running) -> None:
    with hands(browser, service, service.person("police", "planner")) as keys:
        keys.page.goto(week(3))
        keys.follow_here('a[href="#free-h"]', "#free-h")
        said = keys.page.locator("a.slot").first.get_attribute("href") or ""
        keys.follow("a.slot")
        starts = re.search(r"starts=(\d{4}-\d\d-\d\d)T(\d\d)%3A(\d\d)", said)
        assert starts is not None
        assert keys.page.locator('[name="starts_at_date"]').input_value() == starts[1]
        assert keys.page.locator('[name="starts_at_time"]').input_value() == f"{starts[2]}:{starts[3]}"


def test_a_visit_of_a_campaign_is_fixed_tried_and_let_go_with_the_keys_alone(
    browser: Browser, service: Running
) -> None:
    person = service.person("police", "planner")
    with hands(browser, service, person) as keys:
        at = campaign(service, person)
        keys.page.goto(at)
        keys.follow(f'#visits a[href^="{at}/visits/"]')
        keys.send('form:has(input[name="what"][value="pin"]) button')
        assert "Ligger fast" in keys.page.locator("main").inner_text()
        keys.send('form:has(input[name="what"][value="free"]) button')
        assert "Ligger fast" not in keys.page.locator("main").inner_text()
        keys.page.goto(at)
        keys.follow(f'a[href^="{at}/people"]')
        keys.to("summary")


def pages(service: Running, person: dict[str, Any]) -> dict[str, str]:
    at = campaign(service, person)
    more = {name: f"{at}/{name}" for name in ("people", "compare", "edit", "businesses")}
    return {"month": "/month", "campaigns": "/campaigns", "campaign": at, **more}


def test_on_a_phone_of_320_pixels_nothing_is_cut_off_and_everything_is_large_enough(
    browser: Browser, service: Running
) -> None:
    person = service.person("police", "planner")
    with hands(browser, service, person) as keys:
        keys.page.set_viewport_size({"width": 320, "height": 800})
        found = {}
        for name, path in pages(service, person).items():
            keys.page.goto(path)
            found[name] = (keys.page.evaluate(SIDEWAYS), keys.page.evaluate(SMALL, 24))
        assert {name: one for name, one in found.items() if one != ([], [])} == {}


def paper(page: Page) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages)


def test_a_month_is_one_sheet_on_its_side_and_each_person_has_sheets_of_their_own(
    browser: Browser, service: Running
) -> None:
    person = service.person("police", "planner")
    with hands(browser, service, person) as keys:
        keys.page.goto("/month")
        [sheet] = paper(keys.page)
        assert sheet.mediabox.width > sheet.mediabox.height
        keys.page.goto(f"{campaign(service, person)}/people")
        names = [one.split("\n")[0].strip() for one in keys.page.locator(".person h2").all_inner_texts()]
        sheets = paper(keys.page)
        assert len(sheets) >= len(names) > 1
        for name in names:
            mine = [one for one in sheets if name.split()[0] in one.extract_text()]
            assert len(mine) == 1, name
            assert "Samling" in mine[0].extract_text(), "a table keeps its heads on paper"
