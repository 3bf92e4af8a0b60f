"""By the keyboard alone: every stop in its order, each seen, none left out; and the planner's work done with it.

The walks are stored in ``keyboard/``; ``SAMSYN_WRITE_WALKS=1`` writes them anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Running
from tests.browser.looking import contexts
from tests.browser.pages import campaign, operation_states

pytestmark = pytest.mark.browser
HERE: Final = Path(__file__).parent
STOP: Final = (HERE / "keyboard.js").read_text("utf-8")
WALKS: Final = HERE / "keyboard"
MOST: Final = 600
LEFT_OUT: Final = (HERE / "left_out.js").read_text("utf-8")


@pytest.fixture(scope="module")
def planner(browser: Browser, service: Running) -> Iterator[tuple[BrowserContext, dict[str, Any]]]:
    person = service.person("police", "planner")
    made = contexts(browser, service, {person["email"]: person})
    yield made[person["email"]], person
    for context in made.values():
        context.close()


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until the page ends; return each kind of stop in the order of its first, and those not seen."""
    stops: list[str] = []
    unseen: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if (found := page.evaluate(STOP)) is None:
            return list(dict.fromkeys(stops)), unseen
        stop, marked = found
        stops.append(stop)
        # A date has several stops of its own; on the last, its small calendar, the browser draws the mark inside.
        if not marked and not (stop.startswith(("date ", "time ")) and stops[-2:-1] == [stop]):
            unseen.append(stop)
    pytest.fail(f"no way out after {MOST} stops: {stops[-5:]}")


def pages(service: Running, person: dict[str, Any]) -> dict[str, str]:
    """The planner's pages, each by the name of its stored walk."""
    states = {look.variant: look.path for look in operation_states(service, person)}
    return {
        "start": "/",
        "week": "/week",
        "month": "/month",
        "campaigns": "/campaigns",
        "campaign": campaign(service, person),
        "operations": "/operations",
        "new": "/operations/new",
        "confirmed": states["confirmed"],
        "businesses": "/businesses",
        "candidates": "/candidates",
        "staffing": "/staffing",
        "subscribe": "/subscribe",
        "settings": "/settings",
    }


NAMES: Final = (
    *("start", "week", "month", "campaigns", "campaign", "operations", "new", "confirmed", "businesses"),
    *("candidates", "staffing", "subscribe", "settings"),
)


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_in_the_stored_order_and_is_always_seen(
    name: str, service: Running, planner: tuple[BrowserContext, dict[str, Any]]
) -> None:
    context, person = planner
    page = context.new_page()
    page.goto(pages(service, person)[name])
    stops, unseen = walk(page)
    left_out = page.evaluate(LEFT_OUT)
    page.close()
    assert unseen == [], "a stop that does not show where one is"
    assert left_out == [], "nothing that a mouse reaches is out of the keyboard's way"
    file = WALKS / f"{name}.txt"
    if os.environ.get("SAMSYN_WRITE_WALKS"):
        file.write_text("\n".join(stops) + "\n", "utf-8")
    assert stops[0] == "link #content", "the first stop leads past the menu"
    assert shared(stops) == shared(file.read_text("utf-8").splitlines())


def shared(stops: list[str]) -> list[str]:
    """What is there on every day of the week: lists of the day's own things come and go."""
    return [stop for stop in stops if not re.search(r"<id>|^fold$|^link 0\d+$|^button /(?:held|notices)", stop)]
