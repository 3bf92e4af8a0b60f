"""A plan in the making, on a page that nobody fetches again: the best so far can be taken, what was made is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from samsyn.core.home import local_day
from tests.browser.conftest import Running
from tests.browser.test_by_keyboard import hands

pytestmark = pytest.mark.browser
SOON = 90_000
"""Milliseconds in which a worker that has other things to do has planned a town's businesses once, and a round more."""


def campaign(page: Page) -> None:
    """Make one of every business; from tomorrow on, so that the town's own stays the first."""
    page.goto("/campaigns/new?all=1")
    page.fill('[name="first_on"]', (local_day(datetime.now(UTC)) + timedelta(days=1)).isoformat())
    page.fill('[name="name"]', "Hela orten")
    page.fill('[name="meeting_places"]', "Järntorget")
    with page.expect_navigation():
        page.locator("main form button").last.click()


def plan(page: Page, how_long: int) -> None:
    page.locator('select[name="budget"]').select_option(index=how_long)
    with page.expect_navigation():
        page.locator('form[action$="/plan"] button').click()


def test_the_best_so_far_is_offered_and_shown_where_nothing_is_fetched_again(
    browser: Browser, service: Running
) -> None:
    with hands(browser, service, service.person("police", "planner")) as keys:
        page = keys.page
        campaign(page)
        plan(page, 2)
        take = page.locator('form[action$="/take"] button')
        expect(take).to_be_visible(timeout=SOON)
        with page.expect_navigation():
            take.click()
        expect(page.locator("#sum-h")).to_be_visible(timeout=SOON)

        plan(page, 0)
        box = page.locator('#visits input[name="item"]').first
        box.click()
        ticked = box.is_checked()
        expect(page.locator("[data-newer]")).to_be_visible(timeout=SOON)
        assert box.is_checked() is ticked, "what was ticked meanwhile stays"
        page.locator("[data-newer] a").click()
        expect(page.locator("[data-newer]")).to_be_hidden()
