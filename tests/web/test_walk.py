"""The walk-through: one press to become somebody of the town, steps told from the data, the town loaded anew."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.access.service import set_password
from samsyn.core.practice import Phase, Practice, Reset, keep_practice, read_reset, take_reset, tell_reset
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.web.pages.walk import STEPS
from tests.factories import Office, Town
from tests.lifecycle.walk import walk_to
from tests.web.conftest import use
from tests.web.test_answer_page import link

PASSWORD = "åtta hästar i regn"
ROLES = {"planner": ["decider", "planner", "unit_admin"], "inspector": ["inspector"]}


def sign_in_of(office: Office, role: str) -> dict[str, object]:
    person = office.planner if role == "planner" else office.inspectors[0]
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(Viewer(office.id, person, frozenset({"unit_admin"}))) as uow:
        set_password(uow, person, address, PASSWORD)
    return {
        "email": address, "name": f"{office.field.value} {role}", "person_id": str(person), "authority": office.name,
        "authority_id": str(office.id), "unit": office.field.value, "roles": ROLES[role], "password": PASSWORD,
    }  # fmt: skip


@pytest.fixture
def demo(practice_app: APIFlask, settings: Settings, town: Town, tmp_path: Path) -> FlaskClient:
    """A practice service whose town is the tests' own, with nothing loaded into it."""
    people = tuple(sign_in_of(office, role) for office in (town.police, town.tobacco) for role in ROLES)
    keep_practice(tmp_path, Practice(people, frozenset()))
    keys = settings.key_file or settings.data_dir / "keys.json"
    return use(practice_app, settings, demo=True, data_dir=tmp_path, key_file=keys)


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def become(client: FlaskClient, office: Office, person: object, to: str = "/week") -> str:
    fields = {"csrf_token": token(client, "/walk"), "person_id": str(person), "next": to}
    answer = client.post("/walk/as", data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).removesuffix("#content")


def test_nothing_of_it_is_there_outside_practice(app: APIFlask, signed_in: FlaskClient) -> None:
    assert app.test_client().get("/walk").status_code == 404
    assert app.test_client().get("/walk/reset").status_code == 404
    data = {"csrf_token": token(signed_in, "/"), "person_id": str(uuid4())}
    assert signed_in.post("/walk/as", data=data).status_code == 404
    assert signed_in.post("/walk/reset", data=data).status_code == 404
    assert "/walk" not in signed_in.get("/").text


def test_one_press_makes_you_somebody_of_the_town_and_nobody_else(demo: FlaskClient, town: Town) -> None:
    page = demo.get("/walk").text
    assert page.count('action="/walk/as"') == len(STEPS) == 10
    assert PASSWORD not in page
    assert become(demo, town.police, town.police.planner) == "/week"
    assert "police planner" in demo.get("/walk").text
    assert town.police.name in demo.get("/").text
    assert become(demo, town.tobacco, town.tobacco.inspectors[0], "//evil.example") == "/"
    assert town.tobacco.name in demo.get("/").text
    for stranger in (town.environment.planner, town.police.inspectors[1], uuid4(), "x"):
        fields = {"csrf_token": token(demo, "/walk"), "person_id": str(stranger)}
        assert demo.post("/walk/as", data=fields).status_code == 404
    assert demo.post("/walk/as", data={"person_id": str(town.police.planner)}).status_code in {400, 403}


def test_the_steps_that_are_done_are_told_from_the_newcomers_own_operation(demo: FlaskClient, town: Town) -> None:
    become(demo, town.police, town.police.planner)
    assert "Klart" not in demo.get("/walk").text
    walk = walk_to(town, OperationState.INVITED)
    assert "Klart" not in demo.get("/walk").text, "somebody else's operation is nobody's tour"
    demo.set_cookie("samsyn-walk", str(walk.operation))
    page = demo.get("/walk").text
    assert page.count("Klart") >= 5
    assert f"/operations/{walk.operation}" in page
    assert page.count('aria-current="step"') == 1


def test_a_page_that_a_mails_link_opens_is_its_bearers_and_no_step_of_the_readers_tour(
    demo: FlaskClient, town: Town
) -> None:
    become(demo, town.tobacco, town.tobacco.planner)
    assert 'class="tour"' in demo.get("/week").text
    answer = demo.get(link(town, walk_to(town, OperationState.INVITED)))
    assert answer.status_code == 200
    assert 'class="tour"' not in answer.text


def test_the_bar_goes_along_with_the_tours_own_operation_and_is_closed_by_a_button(
    demo: FlaskClient, town: Town
) -> None:
    assert 'class="tour"' not in demo.get("/sign-in").text
    become(demo, town.police, town.police.planner)  # which opens the tour's page
    assert "Steg 1 av 10" in demo.get("/week").text
    mine = walk_to(town, OperationState.INVITED)
    assert "Steg 1 av 10" in demo.get("/week").text
    demo.set_cookie("samsyn-walk", str(mine.operation))
    assert "Steg 6 av 10" in demo.get("/week").text
    later = walk_to(town, OperationState.PREPARING)
    page = demo.get(f"/operations/{later.operation}").text
    assert f'name="next" value="/operations/{mine.operation}"' not in page
    assert page.count('action="/walk/as"') == 1
    answer = demo.post("/walk/leave", data={"csrf_token": token(demo, "/week"), "next": "//evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/#content")
    assert 'class="tour"' not in demo.get("/week").text
    assert "samsyn-walk" not in str(demo.get("/week").headers)


def test_who_does_not_see_the_tours_operation_sees_no_bar(demo: FlaskClient, town: Town) -> None:
    become(demo, town.police, town.police.planner)
    demo.set_cookie("samsyn-walk", str(uuid4()))
    assert 'class="tour"' not in demo.get("/week").text
    demo.set_cookie("samsyn-walk", "no id <b>")
    assert "Steg 1 av 10" in demo.get("/week").text


def test_a_reset_is_asked_for_by_whoever_is_signed_in_and_its_page_needs_nobody(
    demo: FlaskClient, town: Town, tmp_path: Path
) -> None:
    assert demo.post("/walk/reset", data={"csrf_token": token(demo, "/walk")}).status_code in {303, 401, 403}
    assert not take_reset(tmp_path)
    become(demo, town.tobacco, town.tobacco.inspectors[0])
    answer = demo.post("/walk/reset", data={"csrf_token": token(demo, "/walk/reset")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/walk/reset#content")
    assert read_reset(tmp_path).phase is Phase.ASKED
    assert take_reset(tmp_path)
    tell_reset(tmp_path, Reset(Phase.RUNNING, "operations", 3, 42))
    (tmp_path / "practice.json").unlink()
    stranger = demo.application.test_client()
    for path in ("/walk", "/walk/reset"):
        page = stranger.get(path).text
        assert 'data-progress="open"' in page
        assert "3/42" in page
    tell_reset(tmp_path, Reset(Phase.DONE))
    assert "laddad på nytt" in stranger.get("/walk/reset").text
    tell_reset(tmp_path, Reset(Phase.FAILED))
    assert 'href="/sign-in?next=/walk/reset"' in stranger.get("/walk/reset").text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_both_pages_are_whole_in_both_languages(demo: FlaskClient, language: str) -> None:
    for path in ("/walk", "/walk/reset"):
        assert f'<html lang="{language}"' in demo.get(f"{path}?lang={language}").text
