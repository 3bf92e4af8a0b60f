"""The page of a business: the own words in full, of the other authorities one code, and of those not with us a day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import insert, text

from samsyn.businesses.models import Operator
from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import OpenSpell, SetOpeningHours, SetPermit, set_opening_hours, set_permit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.traces import write_trace
from samsyn.web.shell import look
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import START, Office, Town
from tests.web.reader import Browser, open_browser
from tests.web.test_planner_pages import counted


@pytest.fixture
def scene(town: Town) -> Scene:
    """Police, tobacco and environment at one business, each with words of its own."""
    found = visited(town, town.police, town.tobacco, town.environment)
    for office in (town.police, town.tobacco, town.environment):
        find(town, found, office, marker(office), serious=office is town.tobacco)
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_dossiers(uow, [town.businesses[0]])
    return found


def marker(office: Office) -> str:
    return f"Iakttaget av {office.field.value} {office.id.hex[:6]}"


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def test_each_of_three_reads_its_own_words_and_of_the_others_a_code(app: APIFlask, town: Town, scene: Scene) -> None:
    offices = (town.police, town.tobacco, town.environment)
    for office in offices:
        for viewer in (town.planner(office), town.inspector(office)):
            page = sit(app, viewer).get(f"/businesses/{town.businesses[0]}")
            assert marker(office) in page
            for other in offices:
                if other is not office:
                    assert marker(other) not in page
                    assert f"Iakttagelserna finns hos {other.name}." in page
            assert page.count("Avrapporterad: brist") == len(offices)
            assert page.count('class="ag ag--shut"') == 2
            assert f"Sammanställd för {office.name}" in page
            assert "utlämnade kopior" in page
            for other in offices:  # asked as a whole: no unit's field
                assert re.search(rf">{look(other.field)[0]}</span>{other.name}", page), other.field


def test_a_member_that_was_not_there_sees_the_day_and_who(app: APIFlask, town: Town, scene: Scene) -> None:
    for office in (town.police, town.tobacco, town.environment):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            write_trace(uow, scene.visit)
    page = sit(app, town.inspector(town.health)).get(f"/businesses/{town.businesses[0]}")
    assert "Besök av annan myndighet" in page
    assert f"{town.health.name} var inte med." in page
    assert page.count("Var på plats") == 3 + 1  # each of them, and the panel that says who sees what
    for office in (town.police, town.tobacco, town.environment):
        assert marker(office) not in page
    assert "Avrapporterad: brist" not in page


def test_a_visit_to_come_is_told_to_its_planners_alone(app: APIFlask, town: Town) -> None:
    visited(town, town.police, town.tobacco, state=OperationState.CONFIRMED, visit_state=VisitState.PLANNED)
    path = f"/businesses/{town.businesses[0]}"
    assert "Planerade besök" in sit(app, town.planner(town.tobacco)).get(path)
    for viewer in (town.inspector(town.tobacco), town.planner(town.health), town.planner(town.environment)):
        assert "Planerade besök" not in sit(app, viewer).get(path)


def test_the_one_before_and_the_other_places_are_linked_and_no_sole_traders_number_is_there(
    app: APIFlask, town: Town
) -> None:
    before, elsewhere = uuid4(), uuid4()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        sole = uuid4()
        uow.session.execute(
            insert(Operator).values(
                id=sole, collaboration_id=town.collaboration, form="sole_trader", name="Asta Påhitt", number=None,
                match_key=sole.hex,
            )
        )  # fmt: skip
        mine = uow.session.execute(
            text("SELECT operator_id, premises_id FROM business WHERE id = :b"), {"b": town.businesses[0]}
        ).one()
        rows = [
            (before, sole, mine.premises_id, "[2015-01-01,2019-06-01)"),
            (elsewhere, mine.operator_id, town.premises[1], "[2021-01-01,)"),
        ]
        for key, operator, premises, during in rows:
            uow.session.execute(
                text(
                    "INSERT INTO business (id, collaboration_id, operator_id, premises_id, trades, sni, during)"
                    " VALUES (:id, :c, :o, :p, '[\"kiosk\"]', '[]', CAST(:d AS daterange))"
                ),
                {"id": key, "c": town.collaboration, "o": operator, "p": premises, "d": during},
            )
    browser = sit(app, town.planner(town.health))
    page = browser.get(f"/businesses/{town.businesses[0]}")
    assert f'href="/businesses/{before}"' in page
    assert "Före det: Asta Påhitt, till 2019-06-01" in page
    assert f'href="/businesses/{elsewhere}"' in page
    old = browser.get(f"/businesses/{before}")
    assert "Utövaren finns inte här längre, sedan 2019-06-01" in old
    assert "Numret är ett personnummer och visas inte" in old
    assert "/operations/new" not in old


def test_a_page_costs_the_same_with_more_visits(app: APIFlask, town: Town) -> None:
    browser, path = sit(app, town.planner(town.tobacco)), f"/businesses/{town.businesses[0]}"
    costs = []
    for n in range(2):
        for k in range(1 + 4 * n):
            scene = visited(town, town.tobacco, town.police, at=START - timedelta(days=10 * n + k))
            find(town, scene, town.tobacco, "Brist")
            with unit_of_work(Viewer.task_of(town.police.id)) as uow:
                write_trace(uow, scene.visit)
        with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
            compile_dossiers(uow, [town.businesses[0]])
        with counted() as seen:
            browser.get(path)
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_the_chart_counts_what_was_put_right_and_what_is_open(app: APIFlask, town: Town) -> None:
    for n in range(3):
        scene = visited(town, town.tobacco, at=START - timedelta(days=100 * n))
        for _ in range(n):
            find(town, scene, town.tobacco, "Brist")
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])
    page = sit(app, town.planner(town.tobacco)).get(f"/businesses/{town.businesses[0]}")
    assert page.count('<rect class="c1"') == 2 + 1  # two visits with deficiencies, and the key
    assert "<style" not in page
    assert 'style="' not in page


def test_reading_is_logged_and_a_role_without_findings_reads_the_registry_alone(
    app: APIFlask, town: Town, scene: Scene
) -> None:
    browser = sit(app, town.inspector(town.tobacco))
    reads = "SELECT count(*) FROM audit WHERE action = 'dossier.read'"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        before = uow.session.scalar(text(reads))
    browser.get(f"/businesses/{town.businesses[0]}")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert uow.session.scalar(text(reads)) == before + 1


def test_hours_and_permits_are_shown_as_people_say_them(app: APIFlask, town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        week = tuple(OpenSpell(day, 9 * 60, 22 * 60) for day in range(1, 7))
        set_opening_hours(uow, SetOpeningHours(town.businesses[0], (*week, OpenSpell(7, 660, 25 * 60))))
        set_permit(uow, SetPermit(town.businesses[0], PermitKind.TOBACCO, date(2020, 1, 1), date(2021, 1, 1)))
    page = sit(app, town.planner(town.health)).get(f"/businesses/{town.businesses[0]}")
    assert "mån–lör 9–22" in page
    assert "sön 11–1" in page
    assert "Har löpt ut" in page
