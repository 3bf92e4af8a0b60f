"""Every page, for the roles that come to it: accessible, within its origin, clean under its policy, usable at 320.

With SAMSYN_EVERY_LOOK (the gate) axe judges each page in all eight: light, dark, desk, phone, Swedish and English; by
all its rules in each language at the desk and on the phone, and by those for colours in the other scheme too.
Without it a page is loaded in one language, looked at in two of the four, and judged by axe in one of them, by turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.begun import begin
from tests.browser.conftest import Running
from tests.browser.looking import EVERY_LOOK, Seen, contexts, languages, look
from tests.browser.pages import Crawl, crawl

pytestmark = pytest.mark.browser


def people(service: Running) -> list[dict[str, Any]]:
    """Somebody of every role, planners of several authorities first: they see most; who examines a records request."""
    chosen: list[dict[str, Any]] = []
    wanted = [("police", "planner"), ("tobacco", "planner"), ("environment", "planner"), ("environment", "decider")]
    for unit, role in wanted:
        chosen.append(service.person(unit, role))
    for role in ("unit_admin", "inspector", "decider", "log_reviewer", "observer"):
        chosen += [p for p in service.persons if role in p["roles"] and p not in chosen][:1]
    return chosen


@pytest.fixture(scope="module")
def found(browser: Browser, service: Running, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    everybody = people(service)
    begun = begin(browser, service, everybody[0])
    # The last: where the link of an invitation leads on to, and nothing else does.
    return crawl(service, everybody, tmp_path_factory.mktemp("map"), seeds=(*begun, "/settings/ways-in"))


@pytest.fixture(scope="module")
def seen(browser: Browser, service: Running, found: Crawl) -> Iterator[Seen]:
    """One walk through all of it; the tests below ask what was seen."""
    by_address = {p["email"]: p for p in people(service)}
    everybody = contexts(browser, service, by_address)
    result = Seen()
    for n, one in enumerate(found.looks):
        page = everybody[one.person].new_page()
        for language in languages(n):
            look(page, service, one, language, result, n)
        page.close()
    yield result
    for context in everybody.values():
        context.close()


def test_links_lead_to_every_page_and_to_none_that_is_broken(found: Crawl) -> None:
    assert found.broken == []
    assert found.unreached == []


def test_every_page_answers(seen: Seen, found: Crawl) -> None:
    assert seen.status == []
    assert seen.loads == sum(len(languages(n)) for n in range(len(found.looks)))


def test_axe_finds_nothing_in_light_and_dark_on_desk_and_phone_in_both_languages(seen: Seen) -> None:
    assert seen.checks == (4 if EVERY_LOOK else 1) * seen.loads
    assert seen.axe == []


def test_no_request_leaves_the_origin(seen: Seen) -> None:
    assert seen.outside == []


def test_the_console_is_silent_under_the_strict_policy(seen: Seen) -> None:
    assert seen.console == []


def test_no_page_scrolls_sideways_at_320_px(seen: Seen) -> None:
    assert seen.sideways == []


def test_words_of_tables_stand_whole_at_320_px(seen: Seen) -> None:
    assert seen.squeezed == []


def test_targets_are_24_px_and_44_on_the_phone(seen: Seen) -> None:
    assert seen.small == []
