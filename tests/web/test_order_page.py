"""The operation order as a page: closed until its time, then whole; for those who go, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import order_of, people_of, teams_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import PlanOrder, declare_recusal, plan_order
from samsyn.web.pages.order import why_closed
from tests.factories import START, Town
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser
from tests.web.test_operation_page import path_of, words

Sit = Callable[[Viewer], Browser]
SECRETS = ("Centrumrunda", "ankare", "Hund på gården", "Nygatan", "070-174")


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def written(town: Town, *, opened: bool, state: OperationState = OperationState.CONFIRMED) -> Walk:
    walk = walk_to(town, state)
    opens = datetime.now(UTC) - timedelta(minutes=1) if opened else None
    with unit_of_work(town.planner(town.police)) as uow:
        briefing = START - timedelta(minutes=15)
        plan_order(uow, PlanOrder(walk.operation, "Centrumrunda", briefing, "ankare", "Hund på gården.", open_at=opens))
    return walk


def test_before_it_opens_it_says_when_and_what_one_knows_already(sit: Sit, town: Town) -> None:
    walk = written(town, opened=False)
    page = sit(town.inspector(town.tobacco)).get(f"{path_of(walk)}/order")
    assert "Den öppnas" in page
    assert "16:30" in page, "an hour before the meeting at 17.30"
    assert "Polishuset, plan 2" in page
    for secret in (*SECRETS, f"Kiosk 0 {town.mark}", str(town.businesses[0])):
        assert secret not in page


def test_from_its_opening_on_who_goes_reads_all_of_it(sit: Sit, town: Town) -> None:
    walk = written(town, opened=True)
    goer = sit(town.inspector(town.tobacco))
    goer.do(f"{path_of(walk)}/order", f"{path_of(walk)}/contact")
    page = words(goer.get(f"{path_of(walk)}/order"))
    for said in (*SECRETS, f"Kiosk 0 {town.mark}", "Genomgång", "Oanmält", "LTLP 7:18", "Egen tillsyn", "17:45"):
        assert said in page, said
    assert 'href="tel:0701740605"' in goer.get(f"{path_of(walk)}/order")
    goer.do(f"{path_of(walk)}/order", f"{path_of(walk)}/contact/withdraw")
    assert "070-174" not in goer.get(f"{path_of(walk)}/order")


def test_who_does_not_go_reads_nothing_of_it_however_late(sit: Sit, town: Town) -> None:
    walk = written(town, opened=True)
    with unit_of_work(town.planner(town.environment)) as uow:
        declare_recusal(uow, walk.visit, "släkt")
    readers = {
        "colleague": (town.inspector(town.tobacco, 1), 200),
        "recused planner": (town.planner(town.environment), 200),
        "other authority": (town.planner(town.health), 404),
        "outsider": (town.planner(town.outsider), 404),
    }
    for who, (viewer, status) in readers.items():
        page = sit(viewer).get(f"{path_of(walk)}/order", status)
        for secret in (*SECRETS, f"Kiosk 0 {town.mark}"):
            assert secret not in page, (who, secret)


def test_the_phones_page_and_the_operations_page_lead_to_it(sit: Sit, town: Town) -> None:
    walk = written(town, opened=False)
    goer = sit(town.inspector(town.tobacco))
    for page in (f"/tonight?operation={walk.operation}", path_of(walk)):
        assert f'href="{path_of(walk)}/order"' in goer.get(page)


def test_a_time_that_is_over_is_not_told_as_one_to_come(sit: Sit, town: Town) -> None:
    later = walk_to(town, OperationState.CONFIRMED, starts_at=START + timedelta(days=7))
    opened = written(town, opened=True)
    lead = sit(town.planner(town.police))
    assert "Ordern öppnas" in lead.get(path_of(later))
    page = lead.get(path_of(opened))
    assert "Ordern öppnades" in page
    assert "Ordern öppnas" not in page
    assert "Läses av dem som åker sedan" in lead.get(f"{path_of(opened)}/order")
    assert why_closed(None, recused=False, late=True) == "others"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        goer = next(one for one in people_of(uow, later.operation) if one.authority_id == town.tobacco.id)
    assert [why_closed(goer, recused=False, late=late) for late in (False, True)] == ["going", "going_late"]


def test_who_was_asked_and_said_nothing_is_told_why_it_is_closed(sit: Sit, town: Town) -> None:
    walk = written(town, opened=True, state=OperationState.INVITED)
    page = sit(town.inspector(town.tobacco)).get(f"{path_of(walk)}/order")
    assert "har inte tackat ja" in page
    evening = sit(town.inspector(town.tobacco)).get(f"/tonight?operation={walk.operation}")
    assert "Du har inte svarat" in evening
    assert re.search(r'href="/#invitation-[0-9a-f-]{36}"', evening)
    assert "Centrumrunda" not in page


def test_the_lead_writes_it_and_the_fault_stands_beside_the_field(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    lead, path = sit(town.planner(town.police)), path_of(walk)
    assert "Ordern är inte skriven än" in lead.get(f"{path}/order")
    refused = lead.send(f"{path}/order/edit", title="Runda", stop_word="19121212-1212", safety_note="Hund")
    assert refused.status_code == 422
    assert 'id="e-stop_word"' in refused.text
    assert 'value="Runda"' in refused.text
    late = {"open_at_date": "2027-03-05", "open_at_time": "10:00"}
    assert 'id="e-open_at"' in lead.send(f"{path}/order/edit", title="Runda", **late).text
    form = lead.form(f"{path}/order/edit").fields
    assert lead.do(f"{path}/order/edit", title="Runda", stop_word="ankare") == f"{path}/order"
    with unit_of_work(town.planner(town.police)) as uow:
        order = order_of(uow, walk.operation)
    assert order is not None
    assert order.open_at == START - timedelta(hours=1.5)
    stale = lead.client.post(f"{path}/order/edit", data={**form, "title": ["Annat"]})
    assert stale.status_code == 412
    assert 'value="Annat"' in stale.text
    other = sit(town.planner(town.tobacco))
    assert other.client.get(f"{path}/order/edit").status_code == 403


def test_teams_are_formed_and_filled_by_forms(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    lead, path = sit(town.planner(town.police)), path_of(walk)
    token = lead.form(f"{path}/teams").fields
    answer = lead.client.post(f"{path}/teams", data={**token, "name": "Lag Norr", "visit_ids": [str(walk.visit)]})
    assert answer.status_code == 303
    with unit_of_work(town.planner(town.police)) as uow:
        team = teams_of(uow, walk.operation)[0]
    place = walk.places[town.tobacco.id]
    lead.do(f"{path}/teams", f"{path}/teams/members", **{f"team_{place.hex}": str(team.id)})
    with unit_of_work(town.planner(town.police)) as uow:
        team = teams_of(uow, walk.operation)[0]
    assert team.visit_ids == (walk.visit,)
    assert team.assignment_ids == frozenset({place})
    assert "Lag Norr" in lead.get(path)
    assert "Lag Norr" in lead.get(f"{path}/order")
    changed = {"name": "Lag Väst", "visit_ids": [str(walk.visit)]}
    token = lead.form(f"{path}/teams").fields
    assert lead.client.post(f"{path}/teams/{team.id}", data={**token, **changed, "name": ""}).status_code == 422
    again = lead.client.post(f"{path}/teams/{team.id}", data={**lead.form(f"{path}/teams").fields, **changed})
    assert again.location.endswith(f"/teams#team-{team.id}")
    assert "Lag Väst" in lead.get(path)
    lead.do(f"{path}/teams", f"{path}/teams/{team.id}/dissolve")
    assert "Lag Väst" not in lead.get(path)
    assert sit(town.planner(town.tobacco)).client.get(f"{path}/teams").status_code == 403


def test_a_service_number_stands_on_the_sheet_instead_of_the_name(sit: Sit, town: Town) -> None:
    walk = written(town, opened=True)
    viewer = town.inspector(town.tobacco)
    with unit_of_work(Viewer(town.tobacco.id, viewer.person_id, frozenset({"unit_admin"}))) as uow:
        uow.session.connection().exec_driver_sql(
            "UPDATE staff SET shown_name = 'Tjänstenummer 4711' WHERE person_id = %s", (viewer.person_id,)
        )
    page = sit(town.planner(town.police)).get(f"{path_of(walk)}/order")
    assert "Tjänstenummer 4711" in page
    assert "Inspektör 1 Socialnämnden" not in page


def test_both_pages_are_whole_in_english(sit: Sit, town: Town) -> None:
    walk = written(town, opened=True)
    lead = sit(town.planner(town.police))
    for path in ("", "/order", "/order/edit", "/teams", "/invitation"):
        page = lead.get(f"{path_of(walk)}{path}?lang=en")
        assert '<html lang="en"' in page
        assert not re.search(r"\boperation\.[a-z_]+", words(page).replace("the operation. It", "")), path
