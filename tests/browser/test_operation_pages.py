"""The operation's page and its order in a browser: narrow and wide, light and dark, by tab, on paper, judged by axe."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from samsyn.access.service import set_password
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.embedded.ports import pick
from samsyn.operations.queries import parts_of, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AddVisit,
    AnswerPart,
    AskPart,
    PlanOrder,
    add_visit,
    answer_part,
    form_team,
    give_contact,
    join_team,
    plan_order,
    post_message,
)
from samsyn.web.app import create_app
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to

pytestmark = pytest.mark.browser
PASSWORD = "åtta hästar i regn"
SHOTS = os.environ.get("SAMSYN_SHOTS", "")
SIDEWAYS = """() => document.documentElement.scrollWidth <= window.innerWidth ? []
: [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
.map(e => e.outerHTML.slice(0, 90)).slice(0, 9)"""
SMALL = """least => [...document.querySelectorAll('main a, main button, main summary, main select')].filter(e => {
  const r = e.getBoundingClientRect(); return r.width > 0 && !e.closest('.vh') && (r.height < least || r.width < least)
}).map(e => e.outerHTML.slice(0, 120))"""


@dataclass
class Scene:
    """A served house with an evening of four visits, and its address."""

    url: str
    town: Town
    walk: Walk

    @property
    def path(self) -> str:
        return f"/operations/{self.walk.operation}"


def evening(town: Town) -> Walk:
    """Four visits, two teams, an order, a no, a message: what a planner sees on a real day."""
    walk = walk_to(town, OperationState.INVITED)
    police = town.planner(town.police)
    with unit_of_work(police) as uow:
        parts = tuple(AskPart(o.id, o.unit) for o in (town.police, town.tobacco, town.environment))
        for n in (1, 2):
            at = START + hours(n)
            add_visit(uow, AddVisit(walk.operation, town.businesses[n], at, at + hours(0.75), parts=parts))
        visits = [visit.id for visit in visits_of(uow, walk.operation)]
        one = form_team(uow, walk.operation, "Lag 1", visits)
        join_team(uow, walk.places[town.police.id], one)
        words = ("Centrumrunda", START - timedelta(minutes=10), "ankare", "Hund på gården vid det första besöket.")
        plan_order(uow, PlanOrder(walk.operation, *words, open_at=datetime.now(UTC) - hours(1)))
        post_message(uow, walk.operation, "Vi tar två bilar från Polishuset.")
    for office in (town.police, town.tobacco):
        with unit_of_work(town.planner(office)) as uow:
            for part in parts_of(uow, walk.operation):
                if part.authority_id == office.id and part.accepted is None:
                    why = "Annars flyttas varorna undan"
                    answer_part(uow, AnswerPart(part.id, True, "Tobakslagen 7 kap. 18 §", False, why))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        answer_here(uow, walk.places[town.tobacco.id], Said.ACCEPTED, Via.PAGE, "Kommer direkt")
        give_contact(uow, walk.operation)
    with unit_of_work(town.inspector(town.police)) as uow:
        answer_here(uow, walk.places[town.police.id], Said.DECLINED, Via.PAGE, "Passet slutar 19:00")
    return walk


@pytest.fixture
def scene(town: Town, tmp_path: Path) -> Iterator[Scene]:
    port = pick()
    make_key_file(tmp_path / "keys.json")
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=tmp_path, base_url=f"http://127.0.0.1:{port}", undo_seconds=0,
    )  # fmt: skip
    server = make_server("127.0.0.1", port, create_app(settings, bind_database=False), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Scene(settings.base_url, town, evening(town))
    server.shutdown()
    thread.join()
    server.server_close()


def sit(browser: Browser, scene: Scene, viewer: Viewer, **how: object) -> Page:
    """A window in which that person has signed in; nothing in it asks another origin."""
    assert viewer.person_id is not None
    address = f"{viewer.person_id.hex[:9]}@shots.example"
    with unit_of_work(Viewer(viewer.authority_id, viewer.person_id, frozenset({"unit_admin"}))) as uow:
        set_password(uow, viewer.person_id, address, PASSWORD)
    context = browser.new_context(base_url=scene.url, locale="sv-SE", bypass_csp=True, **how)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=address]", address)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    return page


def picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_fit_every_screen_and_axe_finds_nothing(
    browser: Browser, scene: Scene, scheme: str, language: str
) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police), color_scheme=scheme)
    places = {
        "page": "",
        "order": "/order",
        "edit": "/order/edit",
        "teams": "/teams",
        "move": "/move",
        "times": "/times?hours=evening",
        "no-times": f"/times?hours=working&least={scene.town.tobacco.unit}:9",
        "mail": "/invitation",
    }
    for name, where in places.items():
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{scene.path}{where}{'&' if '?' in where else '?'}lang={language}")
            picture(page, f"{name}-{scheme}-{language}-{width}")
            assert page.evaluate(SIDEWAYS) == [], (name, width)
            assert page.evaluate(SMALL, 24) == [], (name, width)
        assert faults(page) == [], name
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/operations?week=2027-09&lang={language}")
    picture(page, f"list-{scheme}-{language}-1440")
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    picture(page, f"list-{scheme}-{language}-320")
    assert page.evaluate(SIDEWAYS) == []
    page.context.close()


def test_the_order_is_one_readable_sheet_of_a4(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.inspector(scene.town.tobacco))
    page.goto(f"{scene.path}/order")
    picture(page, "order-goer")
    if SHOTS:
        page.set_viewport_size({"width": 690, "height": 1000})
        page.emulate_media(media="print")
        picture(page, "order-print")
        page.emulate_media(media="null")
    data = page.pdf(format="A4", prefer_css_page_size=True, print_background=True, tagged=True)
    if SHOTS:
        Path(f"{SHOTS}/order.pdf").write_bytes(data)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = " ".join(" ".join(one.extract_text().split()) for one in pages)
    assert len(pages) == 1, text
    for said in ("Centrumrunda", "ankare", "Hund på gården", "Nygatan", "070-174 06 05", "Lag 1", "Utskriven"):
        assert said in text, said
    for gone in ("Skriv ut", "Logga ut", "Lägg in mitt nummer"):
        assert gone not in text, gone
    page.context.close()


def test_a_visit_is_moved_and_a_message_sent_by_keyboard_alone(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police), java_script_enabled=False)
    page.goto(scene.path)
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        before = [visit.id for visit in visits_of(uow, scene.walk.operation)]
    page.locator(f'form[action="/visits/{before[1]}/order"] button[value="up"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#visit-{before[1]}")
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        after = [visit.id for visit in visits_of(uow, scene.walk.operation)]
    assert after == [before[1], before[0], before[2]]
    page.locator("#talk textarea").focus()
    page.keyboard.type("Samling vid infarten.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#message-*")
    assert "Samling vid infarten." in page.locator("#talk").inner_text()
    page.context.close()
