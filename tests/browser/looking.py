"""Looking at a page as a judge does: axe, console, requests, sideways scroll, sizes of targets, pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Running
from tests.browser.pages import Look

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS: Final = ["color-contrast", "link-in-text-block"]
"""The rules among those that ask for colours: all that another scheme can break, as it changes nothing but colours."""
DESK: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
NARROW: Final = (320, 768)
ARTEFACTS: Final = Path(__file__).parents[2] / "artefacts" / "pages"
EVERY_LOOK: Final = bool(os.environ.get("SAMSYN_EVERY_LOOK"))
"""All of light and dark, desk and phone, Swedish and English for every page (the gate); else two looks at each, one of
them by axe. Which one goes by turns, so that a rule broken in a shared part is found on one of the next pages."""
ON_THE_PHONE: Final = ("/tonight", "/parts/<uuid:part_id>/checklist", "/parts/<uuid:part_id>/hand-in")

TOO_SMALL: Final = (Path(__file__).parent / "small_targets.js").read_text("utf-8")
SQUEEZED: Final = (Path(__file__).parent / "squeezed.js").read_text("utf-8")
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCHEME = "scheme => { document.documentElement.dataset.colorScheme = scheme; }"


@dataclass
class Seen:
    """Every fault, as a line that says where; pages and pictures are counted so that nothing is passed over."""

    axe: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    squeezed: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    loads: int = 0
    checks: int = 0


@cache
def axe() -> Axe:
    return Axe()


def languages(n: int) -> tuple[str, ...]:
    """In which languages the n-th page is looked at: both, or by turns."""
    return ("sv", "en") if EVERY_LOOK else (("sv", "en")[n % 2],)


def combinations(language: str) -> Iterator[tuple[str, dict[str, int]]]:
    """What one load is looked at in: all four, or two that the other language's turn completes."""
    if EVERY_LOOK:
        yield from (("light", DESK), ("dark", DESK), ("dark", PHONE), ("light", PHONE))
    elif language == "sv":
        yield from (("light", DESK), ("dark", PHONE))
    else:
        yield from (("dark", DESK), ("light", PHONE))


def contexts(browser: Browser, service: Running, people: dict[str, dict[str, Any]]) -> dict[str, BrowserContext]:
    """A browser for each person, and one for nobody, under the service's real content security policy."""
    made = {"": browser.new_context(base_url=service.url, viewport=DESK, reduced_motion="reduce")}  # type: ignore[arg-type]
    for email, person in people.items():
        context = browser.new_context(base_url=service.url, viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/sign-in")
        page.fill('[name="address"]', email)
        page.fill('[name="password"]', person["password"])
        with page.expect_navigation():
            page.locator('form[action="/sign-in"] button').last.click()
        assert "/sign-in" not in page.url, (email, page.url)
        page.close()
        made[email] = context
    return made


def in_full(n: int, language: str) -> set[int]:
    """Which of a load's combinations axe judges by all its rules.

    The gate: one at the desk and one on the phone, in each scheme one; the other language takes the other two, and the
    rules for colours are asked in the rest. Else one, so that four pages in a row have all four.
    """
    if EVERY_LOOK:
        return {0, 2} if language == "sv" else {1, 3}
    return {n // 2 % 2}


def look(page: Page, service: Running, one: Look, language: str, seen: Seen, n: int = 0) -> None:
    """Load the n-th page once in a language and judge it in each combination."""
    where = f"{one.name} {language}"
    listeners = {
        "console": lambda m: seen.console.append(f"{where}: {m.text}") if counts(m, one) else None,
        "request": lambda r: None if r.url.startswith((service.url, "data:")) else seen.outside.append(r.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    answer = page.goto(one.path + ("&" if "?" in one.path else "?") + f"lang={language}")
    seen.loads += 1
    if answer is None or (answer.status != 200) is not (one.variant in {"404", "hidden"}):
        seen.status.append(f"{where}: {answer and answer.status}")
    page.evaluate(axe().axe_script)
    for turn, (scheme, size) in enumerate(combinations(language)):
        page.evaluate(SCHEME, scheme)
        page.set_viewport_size(size)  # type: ignore[arg-type]
        full = turn in in_full(n, language)
        if EVERY_LOOK or full:
            judge(page, f"{where} {scheme} {size['width']}", seen, colours=not full)
        measure(page, one, f"{where} {scheme} {size['width']}", seen)
        if EVERY_LOOK and full:
            take(page, one, f"{language}-{scheme}-{size['width']}")
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        if (over := page.evaluate(SIDEWAYS)) > 0:
            seen.sideways.append(f"{where} {width}: {over}")
        seen.squeezed += [f"{where} {width}: {line}" for line in page.evaluate(SQUEEZED)]
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def counts(message: Any, one: Look) -> bool:
    """An error or a warning that is ours: not that an error page came with the status of an error."""
    expected = one.variant in {"404", "hidden"} and "Failed to load resource" in message.text
    return message.type in {"error", "warning"} and not expected


def judge(page: Page, where: str, seen: Seen, *, colours: bool = False) -> None:
    """Ask axe, which is in the page already: reading half a megabyte anew for each look takes longer than the look."""
    asked = {"type": "rule", "values": COLOURS} if colours else {"type": "tag", "values": TAGS}
    options = {"runOnly": asked, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(said => said.violations)", options)
    seen.checks += 1
    seen.axe += [f"{where}: {v['id']} {[n['html'][:110] for n in v['nodes'][:2]]}" for v in found]


def measure(page: Page, one: Look, where: str, seen: Seen) -> None:
    """What is cheap is looked at in every combination: the sizes of targets."""
    on_phone = one.rule in ON_THE_PHONE and page.viewport_size == PHONE
    seen.small += [f"{where}: {line}" for line in page.evaluate(TOO_SMALL, 44 if on_phone else 24)]


def take(page: Page, one: Look, how: str) -> None:
    """Keep a picture for people to look at, where the gate keeps artefacts: a page in each scheme at each size."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{one.name}-{how}.png", full_page=True)
