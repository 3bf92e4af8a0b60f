"""The week on a phone, where the table is a list by day, and on paper."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from playwright.sync_api import Browser

from samsyn.core.home import local_day
from tests.browser.conftest import Running
from tests.browser.test_operation_pages import SIDEWAYS, SMALL, Scene, faults, scene, sit

__all__ = ["scene"]
pytestmark = pytest.mark.browser
WEEK = "/week?week=2027-W09"


def test_on_a_phone_the_week_is_a_list_by_day_with_who_has_answered_in_words(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police))
    for width in (320, 430):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(WEEK)
        assert page.evaluate(SIDEWAYS) == [], width
        assert page.evaluate(SMALL, 24) == [], width
        assert (
            page.evaluate(
                "() => { const w = document.querySelector('.weekwrap'); return w.scrollWidth - w.clientWidth }"
            )
            <= 0
        )
        card = page.locator(".week .joint .visit").first
        assert card.bounding_box()["width"] > width * 0.7  # type: ignore[index]
        said = card.locator(".who > .vh").last.bounding_box()
        assert said is not None
        assert said["width"] > 100, "the units' names are not to be seen"
        shown = [cell.get_attribute("data-day") for cell in page.locator(".week .joint td").all() if cell.is_visible()]
        assert shown == ["tors 4"]
    assert faults(page) == []
    page.context.close()


def test_an_ordinary_week_is_one_sheet_of_a4_on_its_side(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police))
    page.goto(WEEK)
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert len(pages) == 1
    assert pages[0].mediabox.width > pages[0].mediabox.height
    page.context.close()


def test_the_towns_busy_weeks_with_all_their_units_are_one_sheet_each(browser: Browser, service: Running) -> None:
    planner = service.person("police", "planner")
    context = browser.new_context(base_url=service.url, locale="sv-SE")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill('[name="address"]', planner["email"])
    page.fill('[name="password"]', planner["password"])
    page.locator('form[action="/sign-in"] button').last.click()
    sheets = {}
    for n in range(4):
        year, week, _ = (local_day(datetime.now(UTC)) + timedelta(weeks=n)).isocalendar()
        page.goto(f"/week?week={year}-W{week:02}")
        assert page.locator(".week tbody tr").count() > 8
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
        sheets[week] = len(pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert set(sheets.values()) == {1}, sheets
    context.close()
