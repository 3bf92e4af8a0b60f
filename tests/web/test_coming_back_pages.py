"""Who left is let back in on the pages: asked about, approved by another, mailed, and in with a new password."""

from __future__ import annotations

from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.access.queries import get_place
from samsyn.access.rules import Role
from samsyn.access.service import PlaceEnds, end_place
from samsyn.approvals.queries import my_questions
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.calendars.box import Box
from tests.factories import Town, make_person
from tests.web.conftest import sign_in
from tests.web.reader import Browser, open_browser
from tests.web.test_invitation_pages import link_to

NEW = "nio hästar i solen"
WHY = "Tillbaka från ett år i en annan kommun."


@pytest.fixture
def admin(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


@pytest.fixture
def gone(town: Town) -> UUID:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        end_place(uow, PlaceEnds(town.tobacco.inspectors[0], uow.today))
    return town.tobacco.inspectors[0]


def decider(app: APIFlask, town: Town) -> Browser:
    person = make_person(town.tobacco.id, town.tobacco.unit, "Beslutsfattare", {Role.DECIDER})
    return open_browser(app.test_client(), Viewer(town.tobacco.id, person, frozenset({"decider"})))


def address_of(town: Town, person: UUID) -> str:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return get_place(uow, person).address


def asked(town: Town, admin: Browser, person: UUID) -> UUID:
    assert admin.do(f"/people/{person}", f"/people/{person}/return", reason=WHY) == "/approvals#mine"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return my_questions(uow)[0].id


def test_from_the_question_over_a_colleagues_yes_and_the_mail_to_the_place(
    app: APIFlask, town: Town, admin: Browser, box: Box, gone: UUID
) -> None:
    address = address_of(town, gone)
    page = admin.get(f"/people/{gone}")
    assert address in page
    assert "Fråga en kollega" in page
    empty = admin.send(f"/people/{gone}", f"/people/{gone}/return", reason="")
    assert empty.status_code == 422
    assert 'href="#f-reason"' in empty.text
    question = asked(town, admin, gone)
    assert admin.send(f"/people/{gone}", f"/people/{gone}/return", reason=WHY).status_code == 409
    colleague = decider(app, town)
    assert "släppa in någon som har slutat" in colleague.get("/")
    shown = colleague.get("/approvals")
    for word in ("Inspektör 1 Socialnämnden", address, WHY):
        assert word in shown
    assert "Öppna platsen och skicka länken" not in admin.get("/approvals")
    colleague.do("/approvals", f"/approvals/{question}", decision="yes", reason="")
    assert admin.do("/approvals", f"/approvals/{question}/invite") == f"/invitations#invitation-{question}"
    link = link_to(box, town, address)
    back = Browser(app.test_client())
    assert "Du har haft en plats här förut" in back.get(link)
    assert back.send(link, password="kort", again="kort").status_code == 422
    assert back.do(link, password=NEW, again=NEW).startswith("/")
    me = back.client.get("/api/v1/me").json
    assert me is not None
    assert (me["name"], me["roles"]) == ("Inspektör 1 Socialnämnden", ["inspector"])
    assert sign_in(app.test_client(), address, NEW).status_code == 303
    assert "Fråga en kollega" not in admin.get(f"/people/{gone}")


def test_an_address_that_was_changed_meanwhile_is_said_and_takes_no_yes(
    app: APIFlask, town: Town, admin: Browser, gone: UUID
) -> None:
    question, colleague = asked(town, admin, gone), decider(app, town)
    admin.do(f"/people/{gone}", address=f"ny.{town.mark}@demo.example")
    assert f"Adressen har ändrats till ny.{town.mark}@demo.example" in colleague.get("/approvals")
    assert colleague.send("/approvals", f"/approvals/{question}", decision="yes", reason="").status_code == 409


def test_a_last_day_that_is_to_come_is_taken_away_at_once(town: Town, admin: Browser) -> None:
    person = town.tobacco.inspectors[1]
    admin.do(f"/people/{person}/leave?last_day=2099-01-01", f"/people/{person}/leave")
    assert "Sista dagen är" in admin.get(f"/people/{person}")
    assert admin.do(f"/people/{person}", f"/people/{person}/return") == f"/people/{person}?saved=1"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert get_place(uow, person).until_on is None


def test_another_who_is_signed_in_does_not_take_it(
    app: APIFlask, town: Town, admin: Browser, box: Box, gone: UUID
) -> None:
    question = asked(town, admin, gone)
    decider(app, town).do("/approvals", f"/approvals/{question}", decision="yes", reason="")
    admin.do("/approvals", f"/approvals/{question}/invite")
    link = link_to(box, town, address_of(town, gone))
    other = open_browser(app.test_client(), town.inspector(town.tobacco, 1))
    assert other.send(link, f"{link}/me").status_code == 409
    assert Browser(app.test_client()).do(link, password=NEW, again=NEW).startswith("/")
