"""Two people on the running service: a long list is refused, asked for, approved and fetched once; a new member too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.looking import Seen, look
from tests.browser.pages import Look

pytestmark = pytest.mark.browser
LIST = "/audit"


def test_a_long_list_leaves_after_a_colleagues_yes(browser: Browser, service: Running) -> None:
    asker, colleague = next(
        (one, other)
        for one in service.persons
        for other in service.persons
        if "log_reviewer" in one["roles"]
        and "unit_admin" in other["roles"]
        and one["authority_id"] == other["authority_id"]
        and one is not other
    )
    desk, other, seen = (
        Desk(browser, service, asker, script=True),
        Desk(browser, service, colleague, script=True),
        Seen(),
    )
    for language in ("sv", "en"):
        look(desk.page, service, Look(f"{LIST}.csv", f"{LIST}.csv", "", "hidden"), language, seen)
    refused = desk.page.goto(f"{LIST}.csv?lang=sv")
    assert refused is not None
    assert refused.status == 403, "the town's log has more than a hundred lines"
    desk.send(".ask", reason="Årets tillsynsplan.")
    assert "Väntar på svar" in desk.text()
    for path in ("/approvals", "/collaborations"):
        for language in ("sv", "en"):
            look(other.page, service, Look(path, path, ""), language, seen)
    assert (seen.axe, seen.console, seen.sideways, seen.small, seen.status) == ([], [], [], [], [])
    assert "om ditt ja till en lista som fil" in other.go("/?lang=sv")
    other.go("/approvals")
    with other.page.expect_navigation():
        other.page.locator('button[value="yes"]').first.click()
    desk.go("/approvals")
    with desk.page.expect_download() as taken:
        desk.page.locator(f'main a[href="{LIST}.csv"]').click()
    assert taken.value.path().read_bytes().count(b"\n") > 100
    again = desk.page.goto(f"{LIST}.csv")
    assert again is not None
    assert again.status == 403
    desk.context.close()
    other.context.close()
