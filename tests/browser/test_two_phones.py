"""Two phones and an officer's, and a desk, over seeded evenings: lost coverage and receipts, killed and reloaded pages.

After each evening the server's rows are compared with what was written: the last word of everybody on everything is
there once, no word twice, no picture twice, and the phones have nothing left to send.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Running
from tests.browser.evenings import Evening, begin_evening, open_phone
from tests.browser.phone_help import WithPolice
from tests.browser.phone_model import Hand, Model

pytestmark = pytest.mark.browser
SHORT: Final = range(10)
LONG: Final = range(100, 300)
STEPS: Final = 9


@pytest.fixture(scope="module")
def hands(browser: Browser, service: Running) -> Iterator[tuple[Evening, list[Hand], Hand]]:
    """One scene for all evenings of a run: its rows only grow, and all of them are compared each time."""
    evening = begin_evening(service, police=True)
    assert evening.officer is not None
    phones = [open_phone(browser, service, evening, person) for person in evening.goers]
    officer = open_phone(browser, service, evening, evening.officer)
    pair = [Hand(phone, name) for phone, name in zip(phones, ("first", "second"), strict=True)]
    yield evening, pair, Hand(officer, "officer")
    for phone in (*phones, officer):
        phone.context.close()


@pytest.fixture(scope="module")
def model(hands: tuple[Evening, list[Hand], Hand], service: Running) -> Model:
    return WithPolice(hands[0], service, Random(0), hands[1], police=hands[2])


def live(model: Model, seed: int) -> None:
    model.chance = Random(seed)
    steps = [model.step() for _ in range(STEPS)]
    model.settle()
    assert model.compare() == [], steps


@pytest.mark.parametrize("seed", SHORT)
def test_nothing_is_lost_and_nothing_doubled(model: Model, seed: int) -> None:
    live(model, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG)
def test_nothing_is_lost_over_many_evenings(model: Model, seed: int) -> None:
    live(model, seed)


def test_a_lost_receipt_of_what_can_be_done_once_is_no_refusal(model: Model) -> None:
    """An end and a hand-in whose receipt was lost are sent again under the same key, and are received."""
    hand = next(one for one in model.hands if one.phone.person is model.evening.lead.person)
    model.answer(hand)  # an empty part is not handed in
    model.settle()
    hand.fault = "after"
    page = hand.page
    page.evaluate("hash => { location.hash = hash; }", f"#end/{model.evening.visit}")
    page.locator('input[value="hindered"]').check()
    page.locator("#view form button").click()
    page.locator(".stops").wait_for()
    page.wait_for_timeout(2500)
    page.evaluate("hash => { location.hash = hash; }", f"#hand-in/{model.evening.part}")
    page.locator("#view form button").click()
    page.locator(".stops").wait_for()
    hand.fault = ""
    model.queue_of(hand)
    page.locator('[data-do="send"]').click()
    page.wait_for_timeout(1500)
    hand.fault = "after"
    model.settle()
    said = model.evening.lead.call("GET", f"/operations/{model.evening.operation}")
    assert [visit["state"] for visit in said["visits"]] == ["hindered"]
    mine = [part for part in said["parts"] if part["id"] == model.evening.part]
    assert [part["handed_in"] for part in mine] == [True]
    assert model.compare() == []
