"""The staffing page: the own places, by forms without a script, for the own planners alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import people_of
from samsyn.operations.rules import OperationState
from tests.factories import START, Town, hours
from tests.lifecycle.walk import propose, walk_to
from tests.operations import plans
from tests.web.reader import Browser, open_browser
from tests.web.statements import counted

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def planner(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.tobacco))


def test_it_says_what_is_wanted_when_and_who_could(planner: Browser, town: Town) -> None:
    walk = propose(town, START)
    text = planner.get("/staffing")
    assert "1 önskas, behörighet tobak" in text
    assert "tors 4 mars, v. 9" in text
    assert "1 plats ledig" in text
    assert "2 lediga" in text
    assert f'action="/staffing/{walk.operation}/people"' in text


def test_a_place_is_filled_swapped_and_declined_by_forms(planner: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    page, (first, second) = f"/staffing/{walk.operation}", town.tobacco.inspectors
    assert planner.do(page, f"{page}/people", person_id=str(first)).startswith(f"{page}#place-")
    assert "Bemannad" in planner.get(page)
    place = f"/staffing/places/{place_of(town, first, walk.operation)}"
    assert planner.do(page, f"{place}/swap", person_id=str(second)).startswith(f"{page}#place-")
    place = f"/staffing/places/{place_of(town, second, walk.operation)}"
    refused = planner.send(page, f"{place}/decline", reason="")
    assert refused.status_code == 422
    assert planner.do(page, f"{place}/decline", reason="Ingen kan den kvällen") == page
    assert "tackade nej" in planner.get(page)


def test_who_is_asked_by_the_lead_is_accepted_by_the_own_planner(planner: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    page, place = f"/staffing/{walk.operation}", walk.places[town.tobacco.id]
    assert "Ej svarat" in planner.get(page)
    assert planner.do(page, f"/staffing/places/{place}/accept") == f"{page}#place-{place}"
    assert "Ej svarat" not in planner.get(page)


def test_a_place_that_cannot_be_staffed_is_said_in_the_talk_about_the_plan(
    sit: Sit, planner: Browser, town: Town
) -> None:
    walk = propose(town, START)
    page = f"/staffing/{walk.operation}"
    assert planner.do(page, f"{page}/tell", reason="Alla går kurs") == f"/operations/{walk.operation}#talk"
    assert "Vi kan inte bemanna alla platser: Alla går kurs" in sit(town.planner(town.police)).get(
        f"/operations/{walk.operation}"
    )


def test_a_taken_time_is_said_on_the_page(planner: Browser, town: Town) -> None:
    walk = propose(town, START)
    page, (first, _) = f"/staffing/{walk.operation}", town.tobacco.inspectors
    form = planner.form(page, f"{page}/people")
    plans.propose(town, starts_at=START).goes(town.tobacco, 0)
    data = {**{k: v[0] for k, v in form.fields.items()}, "person_id": str(first)}
    answer = planner.client.post(f"{page}/people", data=data)
    assert answer.status_code == 409
    assert "redan" in answer.text


def test_it_is_for_the_own_planners_alone(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    assert sit(town.inspector(town.tobacco)).client.get("/staffing").status_code == 403
    other = sit(town.planner(town.environment))
    for path in ("/staffing", f"/staffing/{walk.operation}"):
        text = other.get(path)
        assert "Inspektör 1 Socialnämnden" not in text
        assert "Inspektör 1 Myndighetsförbundet" in text
    assert sit(town.planner(town.outsider)).client.get(f"/staffing/{walk.operation}").status_code == 404
    assert "Inga platser att bemanna" in sit(town.planner(town.health)).get("/staffing")


def test_ten_operations_take_as_many_statements_as_one(planner: Browser, town: Town) -> None:
    counts = []
    for n in (1, 5):
        for k in range(n):
            propose(town, START + hours(24 * (10 * n + k)))
        with counted() as seen:
            planner.get("/staffing")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def place_of(town: Town, person: object, operation: object) -> str:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return str(next(p.assignment_id for p in people_of(uow, operation) if p.person_id == person))  # type: ignore[arg-type]
