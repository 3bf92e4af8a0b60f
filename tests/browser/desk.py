"""One person's browser window: forms are found by where they post, fields by their names."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.conftest import Running


class Desk:
    """A signed-in person, with JavaScript only where asked for; remembers every request to another address."""

    def __init__(self, browser: Browser, service: Running, person: dict[str, Any], *, script: bool = False) -> None:
        self.person = person
        self.outside: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=service.url, java_script_enabled=script, locale="sv-SE", viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(15_000)
        self.context.on("request", lambda r: None if r.url.startswith(service.url) else self.outside.append(r.url))
        self.page: Page = self.context.new_page()
        self.go("/sign-in")
        self.send("/sign-in", address=person["email"], password=person["password"])

    def go(self, path: str) -> str:
        """Open a page; return what it says."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.text()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def form(self, action: str, **hidden: str) -> Locator:
        also = "".join(f':has(input[name="{name}"][value="{value}"])' for name, value in hidden.items())
        return self.page.locator(f'form[method="post"][action$="{action}"]{also}').first

    def blank(self, action: str) -> Locator:
        """The form that is filled in by hand, where buttons that carry a whole usual answer stand before it."""
        return self.page.locator(f'form[method="post"][action$="{action}"]:has(.field)').first

    def send(self, action: str, *, button: str = "", wanted: int = 200, **fields: str) -> str:
        """Fill a form and press its button; ``wanted`` is the status of what comes. Return what the page says."""
        return self.press(self.form(action), button, wanted, fields)

    def press(self, form: Locator, button: str = "", wanted: int = 200, fields: dict[str, str] | None = None) -> str:
        for name, value in (fields or {}).items():
            fill(form, name, value)
        with self.page.expect_navigation() as gone:
            form.locator(f"button{button}").last.click()
        assert gone.value is not None
        assert gone.value.status == wanted, (gone.value.url, gone.value.status, self.text())
        return self.text()

    def step(self, operation: str, to: str, wanted: int = 200) -> str:
        """Press the button that takes the operation to a state; return what the page says then."""
        self.go(operation)
        return self.press(self.form(f"{operation}/step", to=to), wanted=wanted)


def fill(form: Locator, name: str, value: str) -> None:
    field = form.locator(f'[name="{name}"]').first
    kind = field.evaluate("e => e.type")
    if kind == "select-one":
        field.select_option(value)
    elif kind in {"radio", "checkbox"}:
        form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
    elif kind == "file":
        field.set_input_files(value)
    else:
        field.fill(value)
