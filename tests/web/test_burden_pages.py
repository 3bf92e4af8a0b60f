"""Warnings of visits close together: where a visit is added, where a time is chosen, on operations and businesses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState, VisitState
from samsyn.operations.traces import write_trace
from tests.dossiers.scenes import visited
from tests.factories import START, Office, Town
from tests.lifecycle.walk import walk_to
from tests.operations.plans import propose
from tests.web.reader import Browser, open_browser
from tests.web.statements import counted

GAP = "/settings/visits"
UNKNOWN = "Det här vet vi inte"


def been(town: Town, *offices: Office, days: int, business: int = 0) -> None:
    """Somebody was there so many days before the usual start."""
    scene = visited(town, *offices, at=START - timedelta(days=days), business=business)
    for office in offices:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            write_trace(uow, scene.visit)


@pytest.fixture
def lead(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def test_the_choices_and_the_chosen_place_tell_of_near_visits(lead: Browser, town: Town) -> None:
    been(town, town.environment, days=12)
    been(town, town.health, days=200, business=1)
    plan = propose(town)
    page = lead.get(f"/operations/{plan.operation}/visits/new")
    day = (START - timedelta(days=12)).date().isoformat()
    assert page.count(f"besökt {day}") == 0  # the operation itself goes there that day, which is nearer
    assert f"besök planerat {START.date().isoformat()}" in page
    assert "Välj en verksamhet" in page
    chosen = lead.get(f"/operations/{plan.operation}/visits/new?business_id={town.businesses[0]}")
    assert f"(12 dagar före), av {town.environment.name}." in chosen
    assert "Genomförda besök: 1 år 2027, 0 år 2026." in chosen
    assert UNKNOWN in chosen
    far = lead.get(f"/operations/{plan.operation}/visits/new?business={town.businesses[1]}")
    assert "(200 dagar före)." in far
    assert f"av {town.health.name}" not in far


def test_the_operations_page_warns_at_the_visit_and_not_of_itself(app: APIFlask, lead: Browser, town: Town) -> None:
    been(town, town.environment, days=1)
    walk = walk_to(town, OperationState.INVITED)
    page = lead.get(f"/operations/{walk.operation}")
    assert "(1 dag före), av" in page
    assert "Besök planerat" not in page
    assert UNKNOWN in page
    hidden = open_browser(app.test_client(), town.inspector(town.environment)).get(f"/operations/{walk.operation}")
    assert "dag före" not in hidden  # where it goes is not open to that person yet


def test_a_time_says_which_place_is_visited_near_it(lead: Browser, town: Town) -> None:
    been(town, town.environment, days=3)
    plan = propose(town)
    page = lead.get(f"/operations/{plan.operation}/times")
    assert f"av {town.environment.name}." in page
    assert f"av {town.environment.name}." in lead.get(f"/operations/{plan.operation}/move")
    new = lead.get(f"/operations/new?business={town.businesses[0]}&starts=2027-03-05T17:00")
    assert f"(4 dagar före), av {town.environment.name}." in new


def test_a_business_says_when_anybody_was_there_last(app: APIFlask, town: Town) -> None:
    path = f"/businesses/{town.businesses[0]}"
    browser = open_browser(app.test_client(), town.inspector(town.health))
    assert "Inget genomfört besök är känt." in browser.get(path)
    scene = visited(town, town.police, state=OperationState.CONFIRMED, visit_state=VisitState.PLANNED)
    assert "Inget genomfört besök är känt." in browser.get(path)
    assert scene.visit.hex not in browser.get(path)


def test_an_administrator_sets_the_days_and_nobody_else(app: APIFlask, lead: Browser, town: Town) -> None:
    assert f'href="{GAP}"' in lead.get("/settings")
    assert lead.do(GAP, GAP, days="10") == f"{GAP}?saved=1"
    assert "inom 10 dagar" in lead.get(GAP)
    been(town, town.environment, days=12)
    walk = walk_to(town, OperationState.INVITED)
    assert "dagar före), av" not in lead.get(f"/operations/{walk.operation}")
    assert lead.do(GAP, GAP, days="12") == f"{GAP}?saved=1"
    assert "dagar före), av" in lead.get(f"/operations/{walk.operation}")
    lead.do(GAP, GAP, days="0")
    assert "Nu varnas ni inte" in lead.get(GAP)
    inspector = open_browser(app.test_client(), town.inspector(town.police))
    assert f'href="{GAP}"' not in inspector.get("/settings")
    assert inspector.client.get(GAP).status_code == 403


@pytest.mark.parametrize("typed", ["-1", "366", "x", ""])
def test_what_is_no_number_of_days_stays_in_its_field(lead: Browser, typed: str) -> None:
    fields = {**lead.form(GAP).fields, "days": typed}
    answer = lead.client.post(GAP, data=fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_constant_number_of_statements(lead: Browser, town: Town) -> None:
    plan = propose(town)
    with counted() as few:
        lead.get(f"/operations/{plan.operation}/visits/new")
    for n in range(3):
        been(town, town.environment, town.health, days=n + 2, business=n)
    with counted() as many:
        lead.get(f"/operations/{plan.operation}/visits/new")
    assert len(few) == len(many)
