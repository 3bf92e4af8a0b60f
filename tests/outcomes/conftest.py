"""A scene with findings at the tobacco board's part; outcomes and follow-ups are written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.service import Written, write_outcome
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, make_scene
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser

app, settings = web.app, web.settings
TODAY = date(2027, 3, 4)
DECISION: dict[str, Any] = {
    "state": OutcomeState.DECIDED,
    "decided_by": DecidedBy.BOARD,
    "decider": "Nämnden",
    "delegation": "§ 12",
    "decided_on": TODAY,
    "case_number": "2027-15",
}


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def finding(town: Town, scene: Scene) -> UUID:
    """A deficiency of the tobacco board."""
    return scene.answer(town.inspector(town.tobacco), None, Answer.DEFICIENCY, "Tobak utan tillstånd").finding_id


@pytest.fixture
def sit(app: APIFlask) -> Callable[[Viewer], Browser]:
    return lambda viewer: open_browser(app.test_client(), viewer)


def proposal(scene: Scene, *findings: UUID, **said: Any) -> WriteOutcome:
    """A warning of the tobacco board, as it was proposed."""
    given = {"tool": "LTLP_7_11", "findings": frozenset(findings), **said}
    base = WriteOutcome(uuid4(), 0, scene.part(scene.town.tobacco), "", OutcomeState.PROPOSED)
    return replace(base, **given)


def write(scene: Scene, command: WriteOutcome, who: Viewer | None = None) -> Written:
    with unit_of_work(who or scene.town.inspector(scene.town.tobacco), START + HOUR) as uow:
        return write_outcome(uow, command)
