"""The personal answer page: no account, nothing of where it goes, the answer that stands, and why none is wanted."""

from __future__ import annotations

from uuid import uuid4

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.access.queries import contacts
from samsyn.access.rules import Purpose
from samsyn.access.service import new_token
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import let_go
from samsyn.operations.queries import get_assignment, people_of
from samsyn.operations.rules import AssignmentState, OperationState
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import open_browser, read


def link(town: Town, walk: Walk) -> str:
    """The personal link of the tobacco inspector."""
    secret = f"samsyn_answer_{uuid4().hex}{uuid4().hex}"
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        place = walk.places[town.tobacco.id]
        new_token(uow, Purpose.ANSWER, town.tobacco.inspectors[0], secret=secret, assignment_id=place)
    return f"/svar/{secret}"


def state(town: Town, walk: Walk) -> AssignmentState:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return get_assignment(uow, walk.places[town.tobacco.id]).state


def test_the_page_says_when_who_asks_and_as_what_and_nothing_of_where_it_goes(client: FlaskClient, town: Town) -> None:
    path = link(town, walk_to(town, OperationState.INVITED))
    page = client.get(f"{path}?said=accepted").text
    for part in ("torsdag 4 mars 2027 17:30–21:00", "v. 9", town.police.name, "inspektör", "Polishuset, plan 2"):
        assert part in page
    for secret in ("Kiosk", "Nygatan", str(town.businesses[0]), "55999900"):
        assert secret not in page
    for word in ("Ja, jag kommer", "Nej", "Kanske", "Ej svarat"):
        assert word in page
    assert "Yes, I will come" in client.get(f"{path}?lang=en").text


def test_the_page_speaks_the_bearers_language_also_where_somebody_else_is_signed_in(app: APIFlask, town: Town) -> None:
    path, planner = link(town, walk_to(town, OperationState.INVITED)), town.planner(town.police)
    with unit_of_work(planner) as uow:
        uow.session.execute(text("UPDATE person SET language = 'en' WHERE id = :p"), {"p": planner.person_id})
    browser = open_browser(app.test_client(), planner)
    assert 'lang="en"' in browser.get("/")[:200]
    assert 'lang="sv"' in browser.get(path)[:200]


def test_opening_answers_nothing_and_the_button_does(client: FlaskClient, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path = link(town, walk)
    client.get(f"{path}?said=declined")
    assert state(town, walk) is AssignmentState.ASKED
    answer = client.post(path, data={"said": "accepted", "comment": "Kommer direkt från Köping"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}#content")
    assert state(town, walk) is AssignmentState.ACCEPTED
    assert "Ditt svar" in client.get(path).text
    client.post(path, data={"said": "declined"})
    assert state(town, walk) is AssignmentState.DECLINED


def test_a_fault_keeps_the_comment(client: FlaskClient, town: Town) -> None:
    path = link(town, walk_to(town, OperationState.INVITED))
    answer = client.post(path, data={"said": "maybe", "comment": "Hälsa Åsa"})
    assert answer.status_code == 422
    assert "Hälsa Åsa</textarea>" in answer.text
    assert client.post(path, data={"said": "accepted", "comment": "x" * 1001}).status_code == 422


def test_after_cancellation_and_removal_it_says_so_and_takes_no_answer(client: FlaskClient, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path = link(town, walk)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        let_go(uow, walk.places[town.tobacco.id])
    assert "Du ska inte längre vara med" in client.get(path).text
    assert client.post(path, data={"said": "accepted"}).status_code == 409
    called_off = walk_to(town, OperationState.INVITED, starts_at=START + hours(48))
    path = link(town, called_off)
    called_off.move(town, OperationState.CANCELLED)
    page = client.get(path).text
    assert "Insatsen är inställd." in page
    assert "<form" not in page
    answer = client.post(path, data={"said": "accepted"})
    assert answer.status_code == 409
    assert "Insatsen är inställd." in answer.text


def test_an_unknown_link_is_the_same_as_an_ended_one(client: FlaskClient) -> None:
    assert client.get(f"/svar/samsyn_answer_{uuid4().hex}").status_code == 404
    assert client.post("/svar/x", data={"said": "accepted"}).status_code == 404


def test_a_word_that_is_no_answer_is_refused_and_not_an_error(client: FlaskClient, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    answer = client.post(link(town, walk), data={"said": "other"})
    assert answer.status_code == 422
    assert "Skriv kollegans e-postadress." in answer.text
    token = town.token(town.inspector(town.tobacco))
    place = walk.places[town.tobacco.id]
    said = client.post(
        f"/api/v1/bookings/{place}/answer", json={"said": "other"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert said.status_code == 422
    assert "Svara ja, nej eller kanske." in str(said.json) or "no_answer" in str(said.json)
    assert state(town, walk) is AssignmentState.ASKED


def test_a_colleague_is_named_by_the_link_and_the_own_planner_asks_with_one_click(app: APIFlask, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    client, path = app.test_client(), link(town, walk)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        colleague = contacts(uow, {town.tobacco.inspectors[1]})[town.tobacco.inspectors[1]].address
    for _ in range(2):  # pressed twice
        named = client.post(path, data={"said": "other", "colleague": colleague.upper()})
        assert named.status_code == 303
    assert "har fått frågan" in client.get(path).text
    assert "Inspektör 2" not in client.get(path).text
    assert state(town, walk) is AssignmentState.ASKED
    planner = open_browser(app.test_client(), town.planner(town.tobacco))
    page = planner.get("/replies")
    assert page.count("Lämnar över till Inspektör 2") == 1
    lead = open_browser(app.test_client(), town.planner(town.police))
    assert "Inspektör 2" not in lead.get("/replies")
    [action] = [one.action for one in read(page).found if one.action.endswith("/replace")]
    planner.do("/replies", action)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        going = {one.person_id for one in people_of(uow, walk.operation) if one.goes}
    assert town.tobacco.inspectors[1] in going or "Ångra" in planner.get(f"/operations/{walk.operation}")


def test_whether_an_address_is_a_colleagues_is_told_to_the_planner_alone(app: APIFlask, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    client, path = app.test_client(), link(town, walk)
    strangers = [f"nobody{n}@elsewhere.example" for n in range(2)]
    answers = [client.post(path, data={"said": "other", "colleague": one}) for one in strangers]
    assert {answer.status_code for answer in answers} == {303}
    page = open_browser(app.test_client(), town.planner(town.tobacco)).get("/replies")
    assert page.count("någon som inte finns hos er") == 1
    assert "elsewhere" not in page
    assert 'id="e-colleague"' in client.post(path, data={"said": "other", "colleague": "ingen adress"}).text
