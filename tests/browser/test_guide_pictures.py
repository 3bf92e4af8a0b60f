"""The guide's pictures, taken of the practice service in both languages, so that they show the pages as they are.

``SAMSYN_GUIDE_PICTURES=inspect/samsyn/web/static/guide`` keeps them where the guide shows them.
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from samsyn.texts import has
from samsyn.web.pages.guide import ABOUT, TASKS
from tests.browser.conftest import Running

FOLDER = os.environ.get("SAMSYN_GUIDE_PICTURES", "")
WIDE, PHONE = ViewportSize(width=1120, height=700), ViewportSize(width=400, height=760)
LARGEST = 120_000
"""Bytes of a picture: the guide has a score of them."""
ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
TAKEN = {
    "plan": ("planner", "/operations", rf"^/operations/{ID}$"),
    "staff": ("planner", "/staffing", ""),
    "tonight": ("inspector", "/tonight", ""),
    "handin": ("inspector", "/tonight", rf"^/parts/{ID}/checklist$"),
    "dossier": ("planner", "/dossiers", rf"^/businesses/{ID}$"),
    "subscribe": ("planner", "/subscribe", ""),
    "import": ("planner", "/businesses/import", ""),
    "settings": ("planner", "/settings", ""),
}
"""Section: who looks, which page, and where its first such link leads from there."""


def test_every_picture_belongs_to_a_section_of_the_guide() -> None:
    assert {*TAKEN, "signin"} <= {*TASKS, *ABOUT}
    assert [name for name in (*TAKEN, "signin") if not has(f"guide.{name}.picture")] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guides_pictures_are_taken(browser: Browser, service: Running, language: str, tmp_path: Path) -> None:
    folder = Path(FOLDER) if FOLDER else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    for role in ("planner", "inspector"):
        context = browser.new_context(base_url=service.url, viewport=WIDE if role == "planner" else PHONE)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"/sign-in?lang={language}")
        if role == "planner":
            keep(page, folder / f"signin-{language}.png")
        person = service.person("police", role) if role == "planner" else on_site(service)
        page.fill("[name=address]", person["email"])
        page.fill("[name=password]", person["password"])
        page.click("main form button")
        for section, (who, path, link) in TAKEN.items():
            if who == role:
                assert opened(page, path, link), section
                keep(page, folder / f"{section}-{language}.png")
        context.close()


def on_site(service: Running) -> dict[str, Any]:
    """Who leads the visit that goes on while the town is loaded."""
    return next(one for one in service.persons if one["email"].startswith("tomas.odegard@"))


def opened(page: Page, path: str, link: str) -> bool:
    """Open a page, or what its first such link leads to; no such link: there is nothing to show."""
    page.goto(path)
    if not link:
        return True
    found = [a.get_attribute("href") or "" for a in page.locator("main a").all()]
    wanted = next((href for href in found if re.match(link, href)), "")
    if wanted:
        page.goto(wanted)
    return bool(wanted)


def keep(page: Page, file: Path) -> None:
    """Write what the window shows, in few colours: the pages have few."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(96)
    picture.save(file, optimize=True)
    assert file.stat().st_size < LARGEST, file
