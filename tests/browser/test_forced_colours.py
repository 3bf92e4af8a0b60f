"""With the reader's own colours (contrast themes): what was a ground is a line, and one can tell where one is."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.pages import operation_states

pytestmark = pytest.mark.browser
DRAWN: Final = ".ds-button, .tag, .pill, .note, .count, .badge, .panel, .card, .visit, .own, input:not([type=hidden])"
BARE: Final = """wanted => [...document.querySelectorAll(wanted)].filter(e => e.checkVisibility()
  && getComputedStyle(e).borderBottomWidth === "0px" && !e.matches(".vh, [type=radio], [type=checkbox]"))
  .map(e => e.outerHTML.slice(0, 90))"""
LINES: Final = "wanted => [...document.querySelectorAll(wanted)].map(e => getComputedStyle(e).borderBottomColor)"
GROUNDS: Final = "wanted => [...document.querySelectorAll(wanted)].map(e => getComputedStyle(e).backgroundColor)"


def test_nothing_is_told_by_a_ground_alone(browser: Browser, service: Running) -> None:
    person = service.person("police", "planner")
    desk = Desk(browser, service, person, script=True)
    desk.page.emulate_media(forced_colors="active")
    states = {look.variant: look.path for look in operation_states(service, person)}
    for path in ("/", "/week", states["confirmed"], "/businesses", "/settings", "/disclosures"):
        desk.go(path)
        assert desk.page.evaluate(BARE, DRAWN) == [], path
    desk.go("/week")
    items = ("[aria-current]", ":not([aria-current])")
    here, others = (desk.page.evaluate(LINES, f".nav a{which}") for which in items)
    assert set(here).isdisjoint(others), "the page one is on is marked in the menu"
    desk.go(states["confirmed"])
    now, rest = (desk.page.evaluate(GROUNDS, f".states li{which}") for which in (".now", ":not(.now)"))
    assert len(now) == 1
    assert set(now).isdisjoint(rest), "the state is marked in its line"
    desk.context.close()
