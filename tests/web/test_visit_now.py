"""A joint visit that begins now, from the phone: place, authorities, one press; then it is packed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.authorities.rules import Field
from samsyn.businesses.queries import list_businesses
from samsyn.core.errors import NotAllowedError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_operation, parts_of, people_of, targets_of, visits_of
from samsyn.operations.rules import AssignmentState, OperationState
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AskPerson,
    ProposeOperation,
    add_visit,
    answer_assignment,
    ask_person,
    propose_operation,
)
from samsyn.operations.service.plan import add_participation
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import AnswerContent
from tests.factories import Office, Town
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


def led(town: Town, lead: Office, goer: Viewer, after: float, length: float = 3) -> UUID:
    """An operation of an authority with its own or another's person, from hours after now; ongoing where it began."""
    own, who = goer.authority_id, goer.person_id
    assert own is not None
    assert who is not None
    with unit_of_work(town.planner(lead)) as uow:
        now = uow.now.replace(second=0, microsecond=0)
        begins = now + timedelta(hours=after)
        times = (begins, begins + timedelta(hours=length))
        # as an ad hoc one it may have begun; its planner goes, and is asked for nothing more here
        operation_id = propose_operation(uow, ProposeOperation(town.collaboration, *times, ad_hoc=True))
        if own != lead.id:
            add_participation(uow, operation_id, own, required=False, minimum=0)
        place_id = ask_person(uow, AskPerson(operation_id, own, who))
    if own == lead.id:
        with unit_of_work(goer) as uow:
            answer_assignment(uow, AnswerAssignment(place_id, True))
    return operation_id


def visits(viewer: Viewer, operation_id: UUID) -> list[tuple[datetime, datetime]]:
    with unit_of_work(viewer) as uow:
        return [(one.starts_at, one.ends_at) for one in visits_of(uow, operation_id)]


def test_who_is_in_another_authoritys_operation_is_told_whose_and_nothing_begins(sit: Sit, town: Town) -> None:
    usual(town)
    who = town.inspector(town.tobacco)
    phone = sit(who)
    form = phone.form(found(town), NOW)
    operation_id = led(town, town.police, who, -1)
    page = phone.get(found(town))
    with unit_of_work(who) as uow:
        operation = get_operation(uow, operation_id)
    assert f"Insats {operation.code_word} håller din tid till kl." in words(page)
    assert f'href="/tonight?operation={operation_id}"' in page
    assert 'name="business_id"' not in page
    sent = phone.client.post(NOW, data=form.fields)
    assert sent.status_code == 409
    assert "Besöket började inte" in words(sent.text)
    assert visits(who, operation_id) == []


def test_who_is_in_an_operation_that_the_own_authority_leads_adds_the_visit_to_it(sit: Sit, town: Town) -> None:
    """The evening's own phone: next door stands something nobody planned."""
    usual(town)
    who = town.inspector(town.tobacco)
    operation_id = led(town, town.tobacco, who, -1)
    phone = sit(who)
    assert "som pågår och som ni leder" in words(phone.get(found(town)))
    begin(phone, town, asks=[str(town.police.id)])
    [(starts_at, ends_at)] = visits(who, operation_id)
    assert ends_at - starts_at == timedelta(hours=1)
    pack = phone.client.get(f"/api/v1/operations/{operation_id}/evening").json
    assert pack is not None
    [visit] = pack["visits"]
    assert visit["target"]["name"] == f"Kiosk 0 {town.mark}"
    with unit_of_work(who) as uow:
        assert {one.authority_id: one.accepted for one in parts_of(uow, operation_id)} == {
            town.tobacco.id: True,
            town.police.id: None,
        }


def test_an_operation_near_its_end_takes_the_visit_into_its_last_quarter_of_an_hour(sit: Sit, town: Town) -> None:
    usual(town)
    who = town.inspector(town.tobacco)
    operation_id = led(town, town.tobacco, who, -2, 2 + 4 / 60)
    begin(sit(who), town)
    [(starts_at, ends_at)] = visits(who, operation_id)
    assert ends_at - starts_at == timedelta(minutes=15)


def test_a_visit_is_as_short_as_the_next_thing_allows(sit: Sit, town: Town) -> None:
    usual(town)
    who = town.inspector(town.tobacco)
    led(town, town.police, who, 0.5)
    phone = sit(who)
    assert "då hålls din tid för något annat" in words(phone.get(found(town)))
    begin(phone, town)
    said = phone.client.get("/api/v1/field-session").json
    assert said is not None
    [(starts_at, ends_at)] = visits(who, said["operation_id"])
    assert timedelta(minutes=15) <= ends_at - starts_at <= timedelta(minutes=30)


def test_an_inspector_adds_no_visit_to_what_does_not_go_on_or_has_others(town: Town) -> None:
    mine, other = town.inspector(town.tobacco), town.inspector(town.tobacco, 1)
    who = town.tobacco.inspectors[0]
    operation_id = led(town, town.tobacco, mine, -1)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        business = list_businesses(uow, Seek(1)).items[0].id
        begins = uow.now.replace(second=0, microsecond=0) + timedelta(hours=5)
        times = (begins, begins + timedelta(hours=2))
        planned = propose_operation(uow, ProposeOperation(town.collaboration, *times))
        ask_person(uow, AskPerson(planned, town.tobacco.id, who))
        uow.session.execute(text("UPDATE operation SET ad_hoc = false WHERE id = :id"), {"id": operation_id})
    for viewer, operation in ((other, operation_id), (mine, planned)):
        with unit_of_work(viewer) as uow:
            at = get_operation(uow, operation).starts_at
            with pytest.raises(NotAllowedError):
                add_visit(uow, AddVisit(operation, business, at, at + timedelta(hours=1)))


def test_the_way_to_it_is_on_the_evenings_page(sit: Sit, town: Town) -> None:
    assert f'href="{NOW}"' in sit(town.inspector(town.tobacco)).get("/tonight")
