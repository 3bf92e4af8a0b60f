"""The own authority's people on the pages: found, opened, changed; a change counts in the colleague's open session."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from apiflask import APIFlask

from samsyn.access.rules import Role
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from tests.factories import Town, make_person
from tests.lifecycle.walk import walk_to
from tests.web.reader import Browser, open_browser, problem_of, read
from tests.web.statements import counted

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def me(browser: Browser) -> dict[str, object]:
    said: dict[str, object] = browser.client.get("/api/v1/me").json or {}
    return said


def test_the_way_leads_from_the_settings_to_a_person_and_a_change_counts_at_once(town: Town, sit: Sit) -> None:
    admin, colleague = sit(town.planner(town.tobacco)), sit(town.inspector(town.tobacco))
    person = town.tobacco.inspectors[0]
    assert 'href="/people"' in admin.get("/settings")
    listed = admin.get("/people")
    assert f'href="/people/{person}"' in listed
    assert "inspektör" in listed
    assert colleague.client.get("/staffing").status_code == 403
    where = admin.do(f"/people/{person}", roles=["inspector", "planner"], phone="070-174 06 11")
    assert where == f"/people/{person}?saved=1"
    assert me(colleague)["roles"] == ["inspector", "planner"]
    assert colleague.client.get("/staffing").status_code == 200
    admin.do(f"/people/{person}", roles=["observer"])
    assert colleague.client.get("/staffing").status_code == 403
    assert colleague.client.get("/people").status_code == 403


def test_search_unit_and_state_keep_the_list_short_and_the_files_follow(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    first, second = (f"/people/{one}" for one in town.tobacco.inspectors)
    found = admin.get("/people?text=inspektör+1")
    assert first in found
    assert second not in found
    assert "Ingen passar" in admin.get(f"/people?unit={uuid4()}")
    assert "Ingen passar" in admin.get("/people?show=left")
    said = admin.client.get("/people.json?text=inspektör+1").json
    assert said is not None
    assert [row["name"] for row in said] == ["Inspektör 1 Socialnämnden"]
    assert said[0]["competences"] == "tobak"
    assert admin.client.get("/people.csv?show=left").status_code == 200
    page = admin.get("/people?limit=2")
    assert "cursor=" in page


def test_a_foreign_or_absent_person_is_not_found_and_others_may_not_look(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    for person in (uuid4(), town.police.planner, town.outsider.planner):
        assert admin.client.get(f"/people/{person}").status_code == 404
    assert sit(town.inspector(town.tobacco)).client.get(f"/people/{town.tobacco.inspectors[0]}").status_code == 403


def test_faults_stand_beside_their_fields_with_what_was_typed(town: Town, sit: Sit) -> None:
    admin, person = sit(town.planner(town.tobacco)), town.tobacco.inspectors[0]
    answer = admin.send(f"/people/{person}", roles=None, address="inte en adress", name="Ny Stavning")
    assert answer.status_code == 422
    said = problem_of(answer.text)
    assert 'href="#f-address"' in said
    assert 'value="Ny Stavning"' in answer.text
    answer = admin.send(f"/people/{person}", roles=None)
    assert (answer.status_code, "Välj minst en roll." in answer.text) == (422, True)
    mine = f"/people/{town.tobacco.planner}"
    answer = admin.send(mine, roles=["planner"])
    assert answer.status_code == 409
    assert "Någon annan måste vara administratör först." in problem_of(answer.text)


def test_two_administrators_do_not_overwrite_each_other(town: Town, sit: Sit) -> None:
    admin, person = sit(town.planner(town.tobacco)), town.tobacco.inspectors[0]
    old = admin.form(f"/people/{person}")
    admin.do(f"/people/{person}", name="Ny Stavning")
    late = {**old.fields, "idempotency_key": [uuid4().hex], "phone": ["0589-1"]}
    answer = admin.client.post(old.action, data=late)
    assert answer.status_code == 412
    assert 'value="0589-1"' in answer.text


def test_the_page_of_many_asks_no_more_than_that_of_few(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    counts = []
    for limit in (1, 50):
        with counted() as seen:
            admin.get(f"/people?limit={limit}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_role_of_ones_own_is_in_the_log_that_the_reviewer_reads(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    second = make_person(town.tobacco.id, town.tobacco.unit, "Granskaren", {Role.LOG_REVIEWER})
    reviewer = sit(Viewer(town.tobacco.id, second, frozenset({"log_reviewer"})))
    admin.do(
        f"/people/{town.tobacco.planner}",
        roles=["planner", "decider", "unit_admin", "log_reviewer", "inspector"],
    )
    assert "Ändrade egna roller" in admin.get("/audit?action=rights")
    told = reviewer.get("/notices")
    assert "En administratör har gett sig själv en roll." in told
    assert 'href="/audit?action=person.roles_own"' in told
    log = reviewer.get("/audit?action=person.roles_own")
    assert '<option value="person.roles_own" selected>Ändrade egna roller</option>' in log
    with unit_of_work(town.planner(town.police)) as uow:
        assert uow.me == town.police.id


def test_a_last_day_is_looked_at_decided_and_taken_back(town: Town, sit: Sit) -> None:
    admin, colleague = sit(town.planner(town.tobacco)), sit(town.inspector(town.tobacco))
    person = town.tobacco.inspectors[0]
    here = f"/people/{person}"
    assert f'href="{here}/leave"' in admin.get(here)
    assert "Det här händer" not in admin.get(f"{here}/leave")
    assert "Inget är bokat efter dagen." in admin.get(f"{here}/leave?last_day=2027-01-15")
    assert me(colleague)["roles"] == ["inspector"]
    assert "Skriv dagen som" in admin.get(f"{here}/leave?last_day=15/1", 422)
    assert admin.do(f"{here}/leave?last_day=2027-01-15", f"{here}/leave") == f"{here}?saved=1"
    shown = admin.get(here)
    assert "Sista dagen är fredag 15 januari 2027." in shown
    assert "Slutar" in admin.get("/people")
    assert colleague.client.get("/").status_code == 200
    admin.do(f"{here}/leave?last_day=2026-01-15", f"{here}/leave")
    assert colleague.client.get("/operations").status_code == 303
    assert here in admin.get("/people?show=left")
    assert here not in admin.get("/people")
    assert "Fråga en kollega" in admin.get(here)
    assert colleague.client.get("/operations").status_code == 303


def test_the_last_administrator_is_told_so_before_choosing_a_day(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    said = admin.get(f"/people/{town.tobacco.planner}/leave?last_day=2027-01-15")
    assert "enda administratör" in said
    assert "Det här händer" not in said


def test_a_deputy_is_named_from_the_settings_and_shown_where_people_look(town: Town, sit: Sit) -> None:
    admin = sit(town.planner(town.tobacco))
    person, here = town.tobacco.planner, f"/people/{town.tobacco.planner}"
    assert "Ingen annan i enheten planerar" in admin.get(f"{here}/deputy")
    second = make_person(town.tobacco.id, town.tobacco.unit, "Andra planeraren", {Role.PLANNER})
    other = sit(Viewer(town.tobacco.id, second, frozenset({"planner"})))
    assert f'href="{here}/deputy"' in admin.get("/settings")
    assert admin.do(f"{here}/deputy", deputy_id=str(second)) == f"{here}/deputy?saved=1"
    assert "Andra planeraren är ersättare" in admin.get(here)
    assert "Ersätter Planerare Socialnämnden" in other.get("/settings")
    leaves = f"/people/{second}/leave?last_day="
    assert "De här uppdragen slutar när platsen gör det." in admin.get(f"{leaves}2026-01-15")
    assert "De här uppdragen slutar" not in admin.get(f"{leaves}2099-01-15")
    answer = admin.send(f"{here}/deputy", deputy_id=str(second))
    assert (answer.status_code, "utsedd redan" in problem_of(answer.text)) == (409, True)
    assert other.client.get(f"{here}/deputy").status_code == 403
    ends = [f.action for f in read(admin.get(f"{here}/deputy")).found if f.action.endswith("/end")]
    assert admin.do(f"{here}/deputy", ends[0]) == f"{here}/deputy?saved=1"
    assert "Ingen är utsedd." in admin.get(here)
    assert sit(town.planner(town.police)).client.get(f"/people/{person}/deputy").status_code == 404


def test_the_lead_is_handed_over_on_the_operations_page(town: Town, sit: Sit) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    police, tobacco = sit(town.planner(town.police)), sit(town.planner(town.tobacco))
    here = f"/operations/{walk.operation}"
    assert f'href="{here}/lead"' in police.get(here)
    assert tobacco.client.get(f"{here}/lead").status_code == 403
    assert "iakttagelser stannar" in police.get(f"{here}/lead")
    assert police.do(f"{here}/lead", authority_id=str(town.tobacco.id)) == f"{here}?done=lead#meeting"
    assert "Ledningen är överlämnad" in police.get(f"{here}?done=lead")
    assert f'href="{here}/lead"' not in police.get(here)
    assert f'href="{here}/lead"' in tobacco.get(here)
