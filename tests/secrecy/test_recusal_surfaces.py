"""Jäv at once (R13): from the declaration on, no address, feed or link shows the person anything of the visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.rules import Purpose
from samsyn.access.service import new_token
from samsyn.calendars.rules import LEVELS_OF
from samsyn.calendars.service import create_feed
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.findings.rules import Answer
from samsyn.findings.service import AnswerPoint, answer_point
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanOrder, plan_order
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to
from tests.secrecy.feeding import feeds_of
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser

app, settings = web.app, web.settings
MARKS = ("Jävkiosken", "Jävgatan", "Jävhund", "Jävlag", "Jävfynd", "Jävbricka", "Jävord")
"""Place, street, safety note, the answered ground, a finding, the order's title, its word."""


@pytest.fixture
def walk(town: Town) -> Walk:
    """A visit that goes on, with a mark in all that is written of it, and a compiled dossier."""
    walk = walk_to(town, OperationState.ONGOING, starts_at=datetime.now(UTC) - timedelta(minutes=30))
    with unit_of_work(town.planner(town.police)) as uow:
        run = uow.session.execute
        target = "UPDATE visit_target SET name = 'Jävkiosken', address = 'Jävgatan 7', safety_note = 'Jävhund',"
        run(text(f"{target} open_at = now() - interval '1 hour' WHERE visit_id = :v"), {"v": walk.visit})
        at = datetime.now(UTC) - timedelta(minutes=50)
        plan_order(uow, PlanOrder(walk.operation, "Jävbricka", at, "Jävord", "x", open_at=at - timedelta(minutes=10)))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        ground = "UPDATE part_answer SET legal_basis = 'Jävlag' WHERE part_id = :p"
        uow.session.execute(text(ground), {"p": walk.parts[town.tobacco.id]})
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        part, at = walk.parts[town.tobacco.id], uow.now
        answer_point(uow, AnswerPoint(uuid4(), 0, part, None, Answer.OBSERVATION, at, text="Jävfynd"))
    with unit_of_work(town.planner(town.police)) as uow:
        done = {"v": walk.visit, "o": walk.operation}
        uow.session.execute(text("UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v"), done)
    return walk


def compiled(town: Town) -> None:
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])


class Everything:
    """All that one person is answered: every address with the visit's keys, the feeds, the personal link."""

    def __init__(self, app: APIFlask, town: Town, walk: Walk, viewer: Viewer) -> None:
        self.viewer, self.town, self.walk = viewer, town, walk
        self.browser: Browser = open_browser(app.test_client(), viewer)
        self.keys: dict[str, UUID] = {
            "operation_id": walk.operation,
            "visit_id": walk.visit,
            "part_id": walk.parts[town.tobacco.id],
            "business_id": town.businesses[0],
            "assignment_id": walk.places[town.tobacco.id],
            "authority_id": town.tobacco.id,
        }
        rules = app.url_map.iter_rules()
        self.rules = [r for r in rules if "GET" in (r.methods or ()) and r.arguments <= set(self.keys)]

    def answers(self, link: UUID | None = None) -> Iterator[tuple[str, str]]:
        """Yield address and answer; ``link``: the viewer's own place, whose personal page is opened."""
        for rule in self.rules:
            if rule.rule == "/sign-out":
                continue
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<uuid:{name}>", str(self.keys[name]))
            answer: Any = self.browser.client.get(path)
            assert answer.status_code != 500, path  # 503: no broker here
            yield path, answer.get_data().decode("utf-8", "replace")
        asked = feeds_of(self.viewer)
        with unit_of_work(self.viewer) as uow:
            made = [(of, level) for of in asked for level in LEVELS_OF[of.scope]]
            feeds = {f"{of.scope} {level}": create_feed(uow, level, of)[1] for of, level in made}
            place = link or self.keys["assignment_id"]
            secret_link = new_token(uow, Purpose.ANSWER, uow.person, assignment_id=place)
        for name, secret in feeds.items():
            yield f"feed {name}", self.browser.client.get(f"/cal/{secret}.ics").text
        yield "link", self.browser.client.get(f"/svar/{secret_link}").text

    def marks(self) -> dict[str, set[str]]:
        """Return by mark where it stands."""
        answers = dict(self.answers())
        return {mark: {path for path, body in answers.items() if mark in body} for mark in MARKS}

    def ids(self) -> set[str]:
        """Return where the visit's and the part's own ids stand, in answers to addresses that do not hold them."""
        hidden = (str(self.walk.visit), *map(str, self.walk.parts.values()))
        return {p for (p, body), key in product(self.answers(), hidden) if key in body and key not in p}


def test_from_that_moment_the_visit_is_closed_on_every_surface_and_a_colleague_reads_on(
    app: APIFlask,
    town: Town,
    walk: Walk,
) -> None:
    compiled(town)
    mine = Everything(app, town, walk, town.inspector(town.tobacco))
    planners = Everything(app, town, walk, town.planner(town.tobacco))
    before = mine.marks()
    assert {mark for mark, places in before.items() if not places} == set(), "a mark that nobody sees proves nothing"
    assert f"/operations/{walk.operation}" in mine.ids()
    page = mine.browser.get(f"/operations/{walk.operation}")
    assert f"/visits/{walk.visit}/recusal" in page
    where = mine.browser.do(f"/visits/{walk.visit}/recusal", reason="Jävskälet: min syster driver den")
    assert "jäv" in mine.browser.get(where.partition("#")[0]).lower()
    assert {mark: places for mark, places in mine.marks().items() if places} == {}
    assert mine.ids() == set()
    assert all("Jävskälet" not in body for _, body in mine.answers())
    assert {mark for mark, places in planners.marks().items() if not places} == set()


def test_it_is_declared_by_the_interface_for_machines_as_well(app: APIFlask, town: Town, walk: Walk) -> None:
    client, viewer = app.test_client(), town.inspector(town.tobacco)
    headers = {"Authorization": f"Bearer {town.token(viewer)}", "Idempotency-Key": "jav"}
    path = f"/api/v1/visits/{walk.visit}"
    sent: Any = client.post(f"{path}/recusal", json={"reason": "släkt"}, headers=headers)
    assert sent.status_code in {200, 201, 204}
    for address in (path, f"/api/v1/operations/{walk.operation}/visits"):
        answer: Any = client.get(address, headers=headers)
        assert str(walk.visit) not in answer.text.replace(path, "")


def test_others_read_neither_that_nor_why(app: APIFlask, town: Town, walk: Walk) -> None:
    mine = Everything(app, town, walk, town.inspector(town.tobacco))
    mine.browser.do(f"/visits/{walk.visit}/recusal", reason="Jävskälet")
    for viewer in (town.planner(town.police), town.inspector(town.environment)):
        other = Everything(app, town, walk, viewer)
        assert all("Jävskälet" not in body for _, body in other.answers())
