"""The evening on a phone: who may read the order reads it here, the leader is one tap away, and counts are the own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.findings.rules import Answer
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AddVisit, AskPart, PlanOrder, add_visit, give_contact, plan_order
from samsyn.web.evening import dialled
from tests.factories import Town, hours
from tests.findings.scene import make_scene
from tests.lifecycle.walk import walk_to
from tests.web.reader import open_browser
from tests.web.test_inspector_pages import asked
from tests.web.test_planner_pages import counted


def test_the_order_and_the_leaders_number_are_for_those_who_go(app: APIFlask, town: Town) -> None:
    soon = datetime.now().astimezone() + timedelta(hours=1)
    walk = walk_to(town, OperationState.CONFIRMED, starts_at=soon)
    with unit_of_work(town.planner(town.police)) as uow:
        plan_order(uow, PlanOrder(walk.operation, "Centrumrunda", None, "ankare", "Hund på gården."))
        lead = get_operation(uow, walk.operation).lead_person_id
    assert lead == town.police.inspectors[0]
    with unit_of_work(town.inspector(town.police)) as uow:
        give_contact(uow, walk.operation)
    going = open_browser(app.test_client(), town.inspector(town.tobacco)).get("/tonight")
    for words in ("Centrumrunda", "ankare", "Hund på gården.", 'href="tel:+46701740605"', "Ring ledaren"):
        assert words in going
    assert f'href="/operations/{walk.operation}/order"' in going
    assert "Centrumrunda" not in going[: going.index("</title>")]
    for other in (town.inspector(town.tobacco, 1), town.planner(town.health), town.planner(town.outsider)):
        page = open_browser(app.test_client(), other).get("/tonight")
        assert "Centrumrunda" not in page
        assert "070-174" not in page


def test_what_is_answered_is_counted_for_the_own_authority_alone(app: APIFlask, town: Town) -> None:
    scene = make_scene(town)
    for office in (town.tobacco, town.police):
        asked(scene, office)
    scene.answer(town.inspector(town.tobacco), "TOB-01", Answer.OK, "")
    assert "Fortsätt, 1 svar" in open_browser(app.test_client(), town.inspector(town.tobacco)).get("/tonight")
    assert "Fortsätt" not in open_browser(app.test_client(), town.inspector(town.police)).get("/tonight")
    path = f"/parts/{scene.part(town.tobacco)}/checklist"
    page = open_browser(app.test_client(), town.inspector(town.tobacco)).get(path)
    assert "Senast sparat" in page
    assert "på plats" in page


def test_the_evening_costs_the_same_with_more_visits(app: APIFlask, town: Town) -> None:
    soon = datetime.now().astimezone() + timedelta(hours=1)
    walk = walk_to(town, OperationState.CONFIRMED, starts_at=soon)
    browser, costs = open_browser(app.test_client(), town.inspector(town.tobacco)), []
    for _ in range(2):
        with counted() as seen:
            browser.get("/tonight")
        costs.append(len(seen))
        with unit_of_work(town.planner(town.police)) as uow:
            for n in (1, 2):
                begins = soon + hours(n / 2)
                ask = (AskPart(town.tobacco.id, town.tobacco.unit),)
                add_visit(uow, AddVisit(walk.operation, town.businesses[n], begins, begins + hours(0.5), parts=ask))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("070-174 06 05", "+46701740605"),
        ("+46 70 174 06 05", "+46701740605"),
        ("0046701740605", "+46701740605"),
        ("112", "112"),
    ],
)
def test_a_number_is_dialled_as_a_phone_takes_it(typed: str, taken: str) -> None:
    assert dialled(typed) == taken
