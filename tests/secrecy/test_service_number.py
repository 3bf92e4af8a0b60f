"""Staff by service number (R18): the name is on no page, in no answer, feed, file or link of another authority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.rules import Role, ShownAs
from samsyn.access.service import AddPerson, add_person
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanOrder, plan_order, post_message
from tests.factories import ADMIN, Town
from tests.lifecycle.walk import Walk, walk_to
from tests.secrecy.test_recusal_surfaces import Everything
from tests.web import conftest as web

app, settings = web.app, web.settings
NAME, NUMBER = "Hemliga", "TJ-4711"


@pytest.fixture
def walk(town: Town) -> Walk:
    """An evening to which a person goes who is shown by number, leaves a phone number and says something."""
    person, office = uuid4(), town.tobacco
    with unit_of_work(Viewer(office.id, person, ADMIN)) as uow:
        add_person(
            uow,
            AddPerson(
                person,
                f"{NAME} Namnet",
                office.unit,
                frozenset({Role.INSPECTOR}),
                f"{person.hex[:12]}@demo.example",
                phone="070-174 06 05",
                service_number=NUMBER,
                shown_as=ShownAs.NUMBER,
                competences=frozenset({office.field.value}),
            ),
        )
    office.inspectors[0] = person
    walk = walk_to(town, OperationState.ONGOING, starts_at=datetime.now(UTC) - timedelta(minutes=30))
    with unit_of_work(town.planner(town.police)) as uow:
        at = datetime.now(UTC) - timedelta(minutes=50)
        plan_order(uow, PlanOrder(walk.operation, "Runda", at, "ankare", "", open_at=at))
        uow.session.execute(text("UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v"), {"v": walk.visit})
    with unit_of_work(town.inspector(office)) as uow:
        post_message(uow, walk.operation, "Jag kommer från andra hållet")
    for one in (town.police, town.environment):
        with unit_of_work(Viewer.task_of(one.id)) as uow:
            compile_dossiers(uow, [town.businesses[0]])
    return walk


def test_others_read_the_number_and_never_the_name(app: APIFlask, town: Town, walk: Walk) -> None:
    mine = Everything(app, town, walk, town.inspector(town.tobacco))
    mine.browser.do(f"/operations/{walk.operation}/order", f"/operations/{walk.operation}/contact")
    for viewer in (
        town.planner(town.police),
        town.inspector(town.police),
        town.planner(town.environment),
        town.planner(town.health),
    ):
        other = Everything(app, town, walk, viewer)
        place = next((p for a, p in walk.places.items() if a == viewer.authority_id), None)
        answers = dict(other.answers(link=place))
        assert [path for path, body in answers.items() if NAME in body] == []
        if viewer.authority_id != town.health.id:
            shown = {path for path, body in answers.items() if NUMBER in body}
            assert f"/operations/{walk.operation}" in shown


def test_the_database_shows_the_name_to_that_person_alone(town: Town, walk: Walk) -> None:
    """What no other viewer can read, no page, mail, task or log of theirs can tell."""
    viewers = [town.planner(office) for office in town.offices] + [Viewer.task_of(office.id) for office in town.offices]
    for viewer in viewers:
        with unit_of_work(viewer) as uow:
            for table in ("staff", "person", "contact_card", "assignment", "message", "delivery", "notice", "draft"):
                rows = uow.session.scalars(text(f"SELECT {table}::text FROM {table}")).all()
                assert [row for row in rows if NAME in row] == [], table
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert uow.session.scalar(text("SELECT shown_name FROM person")) == f"{NAME} Namnet"
