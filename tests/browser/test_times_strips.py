"""The strips of who can when on paper and in the reader's own colours: every week is named, no colour is needed."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdf
import pytest
from playwright.sync_api import Browser

from tests.browser.test_operation_pages import SIDEWAYS, Scene, faults, picture, scene, sit

__all__ = ["scene"]
pytestmark = pytest.mark.browser
STROKES = """() => [...document.querySelectorAll('.keys .strip path')].map(
  e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeWidth, getComputedStyle(e).strokeDasharray].join(' '))"""
CELLS = "() => [...document.querySelectorAll('.strips td[role=cell]')].every(e => e.innerText.trim().length > 3)"


def test_weeks_are_named_on_paper_and_lines_differ_without_colours(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police))
    page.goto(f"{scene.path}/times?hours=evening&weeks=4")
    weeks = page.locator("table.strips").count()
    assert weeks >= 2
    names = [one.split(",")[0] for one in page.locator("details:has(.strips) > summary").all_inner_texts()]
    paper = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf())).pages)
    assert all(name in paper for name in names)
    page.emulate_media(forced_colors="active")
    strokes = page.evaluate(STROKES)
    assert len({one.split(") ")[0] for one in strokes}) == 1, "one colour"
    assert len(set(strokes)) == 3, "and still told apart"
    page.emulate_media(forced_colors="none")
    for width in (1024, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("() => document.querySelectorAll('details:has(.strips)').forEach(one => { one.open = true; })")
        picture(page, f"strips-{width}")
        assert page.evaluate(SIDEWAYS) == []
        assert page.evaluate(CELLS)
        lefts = [
            [box["x"] for cell in row.locator("td[role=cell]").all() if (box := cell.bounding_box())]
            for row in page.locator("table.strips").first.locator("tbody tr").all()
        ]
        assert all(abs(a - b) < 1 for one, other in pairwise(lefts) for a, b in zip(one, other, strict=True))
    assert faults(page) == []
    page.context.close()
