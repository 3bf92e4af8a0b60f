"""A time poll in a browser: asked without a script, answered by link without an account, looked at narrow and wide."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from samsyn.access.rules import Purpose
from samsyn.access.service import Derived, ensure_tokens
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.planning.queries.polls import asks_of, open_poll_of
from tests.browser.test_operation_pages import SIDEWAYS, SMALL, Scene, faults, picture, scene, sit
from tests.planning.scene import state

__all__ = ["scene"]
pytestmark = pytest.mark.browser


def link(scene: Scene) -> str:
    """The address in the mail to tobacco's inspector."""
    secret, office = f"samsyn_poll_{uuid4().hex}{uuid4().hex}", scene.town.tobacco
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        poll = open_poll_of(uow, scene.walk.operation)
        assert poll is not None
        one = next(one for one in asks_of(uow, poll.id) if one.person_id == office.inspectors[0])
        ensure_tokens(uow, [Derived(Purpose.POLL, one.person_id, secret, poll_ask_id=one.id)])
    return f"{scene.url}/svar/{secret}"


def test_a_poll_is_asked_answered_and_looked_at(browser: Browser, scene: Scene) -> None:
    page = sit(browser, scene, scene.town.planner(scene.town.police), java_script_enabled=False)
    page.goto(f"{scene.path}/times?hours=evening&weeks=2")
    for n in (0, 1, 2):
        page.locator("[name=options]").nth(n).check()
    page.fill("[name=deadline_at_date]", page.input_value("[name=deadline_at_date]"))
    page.locator("#ask button").click()
    assert "/poll?done=asked" in page.url
    page.context.close()
    address = link(scene)
    guest = browser.new_context(locale="sv-SE", java_script_enabled=False, base_url=scene.url)
    page = guest.new_page()
    page.goto(address)
    page.locator("[name=answer_1][value=no]").check()
    page.locator("[name=answer_2][value=yes]").check()
    page.locator("main form button").click()
    assert "done=answered" in page.url
    assert page.locator("[name=answer_2][value=yes]").is_checked()
    guest.close()
    for scheme, language in (("light", "sv"), ("dark", "en")):
        page = sit(browser, scene, scene.town.planner(scene.town.police), color_scheme=scheme)
        for name, where in {
            "poll": f"{scene.path}/poll",
            "times-poll": f"{scene.path}/times?hours=evening",
            "link": address,
            "operation-poll": scene.path,
        }.items():
            for width in (1440, 320):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{where}{'&' if '?' in where else '?'}lang={language}")
                picture(page, f"{name}-{scheme}-{width}")
                assert page.evaluate(SIDEWAYS) == [], (name, width)
                assert page.evaluate(SMALL, 24) == [], (name, width)
            assert faults(page) == [], name
        page.context.close()
    own = sit(browser, scene, scene.town.inspector(scene.town.tobacco))
    own.set_viewport_size({"width": 390, "height": 800})
    own.goto(f"{scene.path}/poll")
    picture(own, "poll-own")
    assert own.locator("[name=answer_2][value=yes]").is_checked()
    own.context.close()


def test_an_operation_in_danger_shows_when_it_could_be_instead(browser: Browser, scene: Scene) -> None:
    state(scene.town, scene.walk.operation, OperationState.INVITED, in_danger=True)
    for scheme in ("light", "dark"):
        page = sit(browser, scene, scene.town.planner(scene.town.police), color_scheme=scheme)
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(scene.path)
            picture(page, f"danger-{scheme}-{width}")
            assert page.evaluate(SIDEWAYS) == [], width
            assert page.evaluate(SMALL, 24) == [], width
        assert faults(page) == []
        page.context.close()
