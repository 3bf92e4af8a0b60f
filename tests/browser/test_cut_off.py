"""A large photo whose connection dies midway goes on where it was: only the rest is sent, and it is kept once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Running
from tests.browser.evenings import Evening, Phone, begin_evening, open_phone
from tests.browser.test_offline import until_sent

pytestmark = pytest.mark.browser
UPLOADS = "**/api/v1/findings/*/uploads/*"


@pytest.fixture(scope="module")
def evening(service: Running) -> Evening:
    return begin_evening(service)


@pytest.fixture
def phone(browser: Browser, service: Running, evening: Evening) -> Iterator[Phone]:
    found = open_phone(browser, service, evening, evening.goers[0])
    yield found
    found.context.close()


def noise() -> bytes:
    """A photo that no compression makes small."""
    into = BytesIO()
    Image.frombytes("RGB", (1400, 1400), Random(3).randbytes(1400 * 1400 * 3)).save(into, "JPEG", quality=90)
    return into.getvalue()


def test_only_the_rest_is_sent(phone: Phone, evening: Evening) -> None:
    page = phone.page
    sent: list[tuple[int, int]] = []
    lost = {"before": 2, "after": 4}  # which parts are cut off on the way, and which receipt is lost

    def meddle(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        start, size = int(route.request.headers["upload-offset"]), len(route.request.post_data_buffer or b"")
        sent.append((start, size))
        if len(sent) == lost["before"]:
            route.abort("connectionreset")
        elif len(sent) == lost["after"]:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.context.route(UPLOADS, meddle)
    page.evaluate("hash => { location.hash = hash; }", f"#part/{evening.part}")
    card = page.locator("form.cardform", has=page.locator('.ref .num:text-is("TOB-01")'))
    card.locator('input[value="deficiency"]').check(force=True)
    card.locator("textarea").fill("Se bilden")
    chosen = {"name": "bild.jpg", "mimeType": "image/jpeg", "buffer": noise()}
    card.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    page.wait_for_timeout(3000)
    page.evaluate("() => { location.hash = '#queue'; }")
    expect(page.get_by_label(re.compile(r"1 av \d+ delar"))).to_have_attribute("value", "1")  # and it stays when cut
    for _ in range(4):
        page.locator('[data-do="send"]').click()
        page.wait_for_timeout(1500)
    phone.kill()
    until_sent(phone.page)
    total = max(start + size for start, size in sent)
    cut = sent[lost["before"] - 1]
    assert total > 3 * 256 * 1024, sent
    assert sent.count(cut) == 2, "the part that was cut off is sent again"
    assert sorted(set(sent)) == sorted([one for one in sent if one != cut] + [cut]), "and no other part"
    said = evening.lead.call("GET", f"/operations/{evening.operation}/evening")
    point = next(one for one in said["visits"][0]["mine"][0]["checklist"]["points"] if one["code"] == "TOB-01")
    assert point["answer"]["pictures"] == 1
