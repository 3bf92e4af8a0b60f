"""A joint visit that begins now, from the phone: place, authorities, one press; then it is packed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask

from samsyn.authorities.rules import Field
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_operation, parts_of, people_of, targets_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import AnswerContent
from tests.factories import Town
from tests.web.reader import Browser, open_browser
from tests.web.test_operation_page import words

Sit = Callable[[Viewer], Browser]
NOW = "/visits/now"


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def usual(town: Town) -> None:
    content = AnswerContent(Field.TOBACCO, None, "LTLP 7 kap. 18 §", announced=False)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        save_template(uow, SaveTemplate("Oanmält", content))


def found(town: Town) -> str:
    return f"{NOW}?begins_with=Kiosk+0+{town.mark}"


def begin(phone: Browser, town: Town, **typed: Any) -> None:
    """Press the one button; the answer is the phone's own page, which packs and takes the focus itself."""
    sent = phone.send(found(town), NOW, **typed)
    assert (sent.status_code, sent.location) == (303, "/field?lang=sv"), words(sent.text)


def test_nothing_is_listed_before_something_is_looked_for(sit: Sit, town: Town) -> None:
    page = sit(town.inspector(town.tobacco)).get(NOW)
    assert f"Kiosk 0 {town.mark}" not in page
    assert 'name="business_id"' not in page
    missing = sit(town.inspector(town.tobacco)).get(f"{NOW}?begins_with=Finnsinte")
    assert "Ingen verksamhet börjar så" in words(missing)


def test_one_press_begins_it_with_those_who_are_along_and_packs_it(sit: Sit, town: Town) -> None:
    usual(town)
    who = town.inspector(town.tobacco)
    phone = sit(who)
    assert "LTLP 7 kap. 18 §" in phone.get(found(town)), "the usual basis is filled in"
    begin(phone, town, asks=[str(town.police.id), str(town.environment.id)])
    said = phone.client.get("/api/v1/field-session").json
    assert said is not None
    operation_id = said["operation_id"]
    pack = phone.client.get(f"/api/v1/operations/{operation_id}/evening").json
    assert pack is not None
    [visit] = pack["visits"]
    assert visit["target"]["name"] == f"Kiosk 0 {town.mark}"
    [part] = visit["mine"]
    assert (part["closed"], part["checklist"]["code"]) == ([], "tobacco"), "the first finding may be written"
    with unit_of_work(who) as uow:
        operation = get_operation(uow, operation_id)
        assert (operation.state, operation.ad_hoc) == (OperationState.ONGOING, True)
        asked = {one.authority_id: one.accepted for one in parts_of(uow, operation.id)}
        assert asked == {town.tobacco.id: True, town.police.id: None, town.environment.id: None}
        assert [one.state for one in people_of(uow, operation.id)] == [AssignmentState.ACCEPTED]
        assert [one.announced for one in targets_of(uow, operation.id).values()] == [False]


def test_a_planner_brings_colleagues_and_says_yes_for_them(sit: Sit, town: Town) -> None:
    usual(town)
    phone = sit(town.planner(town.tobacco))
    begin(phone, town, people=[str(town.tobacco.inspectors[0])])
    said = phone.client.get("/api/v1/field-session").json
    assert said is not None
    with unit_of_work(town.planner(town.tobacco)) as uow:
        people = {one.person_id: one.state for one in people_of(uow, said["operation_id"])}
    assert people == dict.fromkeys((town.tobacco.planner, town.tobacco.inspectors[0]), AssignmentState.ACCEPTED)
    assert "Kollegor som är med" not in sit(town.inspector(town.tobacco, 1)).get(found(town))


def test_what_the_law_asks_is_asked_before_it_begins(sit: Sit, town: Town) -> None:
    """A role of the police (DOMAIN 0.8), a reason of who may only come unannounced with one (MB 28:1)."""
    sent = sit(town.inspector(town.police)).send(found(town), NOW, legal_basis="LTLP 7 kap. 18 §")
    assert (sent.status_code, 'aria-describedby="e-police_role"' in sent.text) == (422, True)
    sent = sit(town.inspector(town.environment)).send(found(town), NOW, legal_basis="MB 28 kap. 1 §")
    assert (sent.status_code, 'aria-describedby="e-no_notice_reason"' in sent.text) == (422, True)
    sent = sit(town.inspector(town.tobacco)).send(found(town), NOW)
    assert sent.status_code == 422, "without a usual answer the basis is typed"


def test_who_is_booked_already_is_told_and_nothing_begins(sit: Sit, town: Town) -> None:
    usual(town)
    who = town.inspector(town.tobacco)
    begin(sit(who), town)
    sent = sit(who).send(found(town), NOW)
    assert sent.status_code == 409
    assert re.search('class="note note--faults"', sent.text)
    assert "be den som leder kvällens insats" in sent.text, "what to do instead"


def test_the_way_to_it_is_on_the_evenings_page(sit: Sit, town: Town) -> None:
    assert f'href="{NOW}"' in sit(town.inspector(town.tobacco)).get("/tonight")
