"""The planner's pages as people use them: forms without a script, on the real database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine, event

from samsyn.core.database import SessionFactory
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_operation
from samsyn.lifecycle.service import hand_in, weigh_quorum
from samsyn.operations.queries import parts_of, people_of, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AddVisit, AskPart, add_visit
from samsyn.texts import catalogue
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import walk_to
from tests.web.reader import Browser, open_browser, read

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database."""
    engine = SessionFactory.kw["bind"]
    assert isinstance(engine, Engine)
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def moment(name: str, day: str, clock: str) -> dict[str, str]:
    return {f"{name}_date": day, f"{name}_time": clock}


def propose(lead: Browser) -> str:
    return lead.do(
        "/operations/new", **moment("starts_at", "2027-03-04", "18:00"), **moment("ends_at", "2027-03-04", "21:00")
    )


def ask_all(town: Town) -> dict[str, str]:
    return {f"asked_{one.id.hex}": "true" for one in (town.police, town.tobacco, town.environment)}


def step(lead: Browser, path: str, to: str) -> None:
    assert lead.do(path, f"{path}/step", to) == f"{path}#way"


def answer(browser: Browser, town: Town, office: Office, path: str) -> None:
    with unit_of_work(town.planner(office)) as uow:
        part = next(p for p in parts_of(uow, operation_id(path)) if p.authority_id == office.id)
    typed = {
        "accepted": "true",
        "legal_basis": "MB 28 kap. 1 §",
        "announced": "false",
        "no_notice_reason": "annars inget",
    }
    role = {"police_role": "own_supervision"} if office is town.police else {}
    assert browser.do(f"/parts/{part.id}/answer", **typed, **role) == f"{path}?done=answered"


def operation_id(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


def test_a_planner_takes_an_operation_from_proposal_to_closed_by_forms(sit: Sit, lead: Browser, town: Town) -> None:
    offices = (town.police, town.tobacco, town.environment)
    desks = {town.police.id: lead, **{o.id: sit(town.planner(o)) for o in offices[1:]}}
    path = propose(lead)
    assert "Förslag" in lead.get(path)
    step(lead, path, "preparing")
    assert "Insatsen har inget besök" in lead.get(path)
    assert f'href="{path}/visits/new"' in lead.get(path)
    lead.do(f"{path}/visits/new", business_id=str(town.businesses[0]), **ask_all(town))
    refused = lead.send(path, f"{path}/step", "scheduled")
    assert refused.status_code == 409
    assert (
        f"{town.tobacco.name}, besök 1. Det här saknas: ja till att delta, lagstöd, anmält eller oanmält"
        in refused.text
    )
    assert "polisens roll" in refused.text
    assert "Steget kan inte tas än" in refused.text
    for office in offices:
        answer(desks[office.id], town, office, path)
    step(lead, path, "scheduled")
    assert "Samlingsplats" in lead.get(path)
    lead.do(
        f"{path}/meeting", **moment("meets_at", "2027-03-04", "17:15"), meeting_place="Räddningsgården, sal 2",
        lead_person_id=str(town.police.inspectors[0]),
    )  # fmt: skip
    assert "Räddningsgården, sal 2" in lead.get(path)
    for office in offices:
        where = f"{path}/people/new?authority={office.id}"
        assert "#person-" in lead.do(where, person_id=str(office.inspectors[0]), role="inspector")
    step(lead, path, "invited")
    assert f"{town.tobacco.name}: 0 av minst 1" in lead.get(path)
    for office in offices:
        with unit_of_work(town.planner(office)) as uow:
            place = next(p for p in people_of(uow, operation_id(path)) if p.authority_id == office.id)
        desks[office.id].do(path, f"/bookings/{place.assignment_id}/answer", "accepted")
    assert "Kallelsen väntar på att skickas" in lead.get(path)
    step(lead, path, "confirmed")
    step(lead, path, "ongoing")
    assert "Besök 1 är inte avslutat" in lead.get(path)
    with unit_of_work(town.planner(town.police)) as uow:
        visit = visits_of(uow, operation_id(path))[0]
    lead.do(f"/visits/{visit.id}/end", state="closed_premises")
    assert "Stängt när vi kom" in lead.get(path)
    step(lead, path, "done")
    for office in offices:
        with unit_of_work(town.planner(office)) as uow:
            part = next(p for p in parts_of(uow, operation_id(path)) if p.authority_id == office.id)
            hand_in(uow, part.id, nothing_to_report=True)
    step(lead, path, "reported")
    lead.do(f"{path}/common", text="Stängt; nytt försök i april.")
    for office in offices:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_operation(uow, operation_id(path))
    assert "Stängt; nytt försök i april." in desks[town.tobacco.id].get(path)
    step(lead, path, "compiled")
    assert f"{town.tobacco.name} har inte sagt att uppföljningarna är klara" in lead.get(path)
    for office in offices:
        desks[office.id].do(path, f"{path}/follow-ups")
    step(lead, path, "closed")
    page = lead.get(path)
    assert "Avslutad" in page
    assert f"{path}/step" not in page


def test_what_an_authority_lacks_at_several_visits_is_one_line(lead: Browser, town: Town) -> None:
    path = propose(lead)
    for n in range(3):
        lead.do(f"{path}/visits/new", business_id=str(town.businesses[n]), **ask_all(town))
    step(lead, path, "preparing")
    page = lead.get(path)
    for office in (town.tobacco, town.environment):
        assert f"{office.name}, besök 1, 2, 3. Det här saknas: ja till att delta" in page
    for n in (1, 2, 3):
        assert f"{town.police.name}, besök {n}. Det här saknas" in page, "the own ones are answered one by one"
    assert "5 saker saknas före steget Planerad" in page


def test_what_was_typed_stays_when_something_is_wrong_with_it(lead: Browser, town: Town) -> None:
    answer = lead.send(
        "/operations/new", **moment("starts_at", "2027-03-04", "18:00"), **moment("ends_at", "2027-03-04", "17:00"),
        meeting_place="Torget",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Ska vara efter starten." in answer.text
    for typed in ('value="2027-03-04"', 'value="17:00"', 'value="Torget"'):
        assert typed in answer.text
    answer = lead.send(
        "/operations/new", **moment("starts_at", "2025-03-04", "18:00"), **moment("ends_at", "2025-03-04", "21:00")
    )
    assert answer.status_code == 422
    assert "Får inte ligga i det förflutna." in answer.text[answer.text.index('id="f-starts_at"') :]
    assert 'value="2025-03-04"' in answer.text
    path = propose(lead)
    answer = lead.send(
        f"{path}/visits/new", business_id=str(town.businesses[1]), **moment("starts_at", "2027-03-04", "22:00"),
        **moment("ends_at", "2027-03-04", "23:00"), safety_note="Hund på gården", **ask_all(town),
        **{f"people_{town.tobacco.id.hex}": "77"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert f"{town.tobacco.name}, Antal personer" in answer.text
    assert 'value="77"' in answer.text
    assert "Hund på gården</textarea>" in answer.text
    assert answer.text.count("checked") == 3
    assert f'value="{town.businesses[1]}" selected' in answer.text
    answer = lead.send(
        f"{path}/visits/new", business_id=str(town.businesses[1]), **moment("starts_at", "2027-03-04", "22:00"),
        **moment("ends_at", "2027-03-04", "23:00"),
    )  # fmt: skip
    assert "Ska ligga inom insatsens tid." in answer.text


def test_a_change_made_meanwhile_is_said_and_the_own_words_stay(lead: Browser, town: Town) -> None:
    path = propose(lead)
    form = lead.form(f"{path}/meeting").fields
    typed = {**form, "meeting_place": ["Kajen"], "lead_person_id": [str(town.police.inspectors[0])]}
    step(lead, path, "preparing")
    answer = lead.client.post(f"{path}/meeting", data=typed)
    assert answer.status_code == 412
    assert "Någon annan ändrade det" in answer.text
    assert 'value="Kajen"' in answer.text


def test_a_double_booking_is_refused_beside_the_choice(lead: Browser, town: Town) -> None:
    first, second = propose(lead), propose(lead)
    wanted = {"person_id": str(town.police.inspectors[0])}
    lead.do(f"{first}/people/new", **wanted)
    answer = lead.send(f"{second}/people/new", **wanted)
    assert answer.status_code == 409
    assert "Personens tid är redan bokad då." in answer.text
    assert f'value="{town.police.inspectors[0]}" selected' in answer.text


def test_another_authoritys_planner_sees_plan_and_answers_and_no_forms_of_the_lead(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    page = sit(town.planner(town.tobacco)).get(f"/operations/{walk.operation}")
    assert f"Kiosk 0 {town.mark}" in page
    assert "LTLP 7:18" in page
    assert "annars syns inget" in page
    assert f"{town.police.name}" in page
    for form in ("/step", "/meeting", "/move", "/stop", "/visits/new", "/withdraw"):
        assert f"/operations/{walk.operation}{form}" not in page
    other = sit(town.planner(town.tobacco))
    assert other.client.get(f"/operations/{walk.operation}/meeting").status_code == 403
    assert other.client.get(f"/operations/{walk.operation}/stop").status_code == 403
    assert other.client.get(f"/parts/{walk.parts[town.police.id]}/answer").status_code == 403


def test_who_goes_sees_no_place_before_the_release_and_an_outsider_nothing(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    path = f"/operations/{walk.operation}"
    page = sit(town.inspector(town.tobacco)).get(path)
    assert "Vart det går visas för dem som planerar" in page
    for secret in (f"Kiosk 0 {town.mark}", "Nygatan", str(town.businesses[0])):
        assert secret not in page
    assert "Visas för dem som planerar. För dem som åker visas det från" in sit(town.planner(town.police)).get(path)
    outsider = sit(town.planner(town.outsider))
    words = re.compile(r'value="[^"]{30,}"')
    assert words.sub("", outsider.get(path, 404)) == words.sub("", outsider.get(f"/operations/{uuid4()}", 404))
    for part in ("/move", "/stop", "/meeting", "/common", "/visits/new", "/people/new", "/authorities/new"):
        assert outsider.client.get(path + part).status_code == 404, part
    for place in (f"/visits/{walk.visit}/end", f"/visits/{walk.visit}/parts/new", f"/visits/{walk.visit}/recusal"):
        assert outsider.client.get(place).status_code == 404, place


def test_calling_off_asks_once_more_and_tells(lead: Browser, sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path = f"/operations/{walk.operation}"
    assert "Alla som har fått en kallelse får ett återbud" in lead.get(f"{path}/stop")
    lead.do(f"{path}/stop", f"{path}/step", "cancelled")
    page = lead.get(path)
    assert "Insatsen är inställd." in page
    assert "Återbudet väntar på att skickas" in page
    assert lead.client.get(f"{path}/stop").status_code == 403


def test_moving_replacing_letting_go_and_quorum(lead: Browser, sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    path = f"/operations/{walk.operation}"
    tobacco = sit(town.planner(town.tobacco))
    place = walk.places[town.tobacco.id]
    tobacco.do(f"/bookings/{place}/replace", person_id=str(town.tobacco.inspectors[1]))
    assert "Borttagen" in tobacco.get(path)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        weigh_quorum(uow, walk.operation)
    assert "I fara" in lead.get(path)
    lead.do(f"{path}/move", **moment("starts_at", "2027-03-05", "18:00"))
    assert "fredag 5 mars 2027" in lead.get(path)
    lead.do(f"{path}/authorities/{town.tobacco.id}", f"{path}/authorities", minimum="2")
    assert "Måste vara med, minst 2." in lead.get(path)
    lead.do(f"{path}/authorities/new", f"{path}/authorities", authority_id=str(town.health.id), required=None)
    assert f"{town.health.name}" in lead.get(path)
    assert "Får vara med, krävs inte." in lead.get(path)
    lead.do(f"/visits/{walk.visit}/parts/new", whom=str(town.health.unit), people="2", competence="health")
    assert "2 personer" in lead.get(path)
    lead.do(path, f"/parts/{walk.parts[town.environment.id]}/withdraw")
    assert "Tillbakadragen" in lead.get(path)
    lead.do(path, f"/bookings/{walk.places[town.environment.id]}/withdraw")


def test_who_declares_jav_does_not_see_the_visit_any_more(sit: Sit, town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    tobacco = sit(town.planner(town.tobacco))
    where = tobacco.do(f"/visits/{walk.visit}/recusal", reason="Min bror äger stället.")
    assert where == f"/operations/{walk.operation}#visits"
    assert f"Kiosk 0 {town.mark}" not in tobacco.get(f"/operations/{walk.operation}")
    assert tobacco.client.get(f"/visits/{walk.visit}/recusal").status_code == 404


def test_the_list_is_by_iso_week_with_the_own_role_and_is_cut_into_pages(sit: Sit, lead: Browser, town: Town) -> None:
    paths = [propose(lead), propose(lead)]
    walk = walk_to(town, OperationState.PREPARING, starts_at=START + timedelta(days=7))
    page = lead.get("/operations?week=2027-09")
    assert all(path in page for path in paths)
    assert "v. 9 " in page
    assert "v. 10 " in page
    assert "Leder" in page
    other = sit(town.planner(town.tobacco)).get("/operations?week=2027-W10")
    assert f"/operations/{walk.operation}" in other
    assert f"Leds av {town.police.name}" in other
    assert "Inga insatser från den här veckan" in sit(town.planner(town.health)).get("/operations")
    first = lead.get("/operations?week=2027-09&limit=2")
    follow = re.search(r'href="(\?week=2027-09&amp;cursor=[^"]+)"', first)
    assert follow
    assert f"/operations/{walk.operation}" in lead.get("/operations" + follow[1].replace("&amp;", "&"))
    for wrong in ("2026-54", "kalas", "0"):
        assert "Den veckan finns inte" in lead.get(f"/operations?week={wrong}", 422)


def eight_visits(town: Town, starts_at: datetime) -> str:
    walk = walk_to(town, OperationState.SCHEDULED, starts_at=starts_at)
    with unit_of_work(town.planner(town.police)) as uow:
        parts = tuple(AskPart(o.id, o.unit) for o in (town.police, town.tobacco, town.environment, town.health))
        for n in range(7):
            at = starts_at + hours(n / 4)
            add_visit(uow, AddVisit(walk.operation, town.businesses[n % 3], at, at + hours(0.25), parts=parts))
    return f"/operations/{walk.operation}"


def test_pages_issue_a_constant_number_of_statements(lead: Browser, town: Town) -> None:
    small = f"/operations/{walk_to(town, OperationState.SCHEDULED).operation}"
    big = eight_visits(town, START + timedelta(days=30))
    counts = {}
    for name, path in {"small": small, "big": big}.items():
        with counted() as seen:
            lead.get(path)
        counts[name] = len(seen)
    assert counts["small"] == counts["big"], counts
    assert counts["big"] <= 43, counts
    with counted() as few:
        lead.get("/operations?week=2027-09&limit=1")
    with counted() as many:
        lead.get("/operations?week=2027-09")
    assert len(few) == len(many)
    assert len(many) <= 24, many


def test_an_empty_registry_says_what_to_do(sit: Sit, town: Town) -> None:
    assert 'href="/import/businesses"' in sit(town.planner(town.outsider)).get("/businesses")
    assert "Ingen verksamhet börjar så" in sit(town.inspector(town.tobacco)).get("/businesses?begins_with=zzz")


def test_every_page_is_whole_in_both_languages_and_uses_every_id_once(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    ongoing = walk_to(town, OperationState.ONGOING, starts_at=START + timedelta(days=3))
    base, going = f"/operations/{walk.operation}", f"/operations/{ongoing.operation}"
    paths = [
        "/operations", "/operations/new", base, going, f"{base}/meeting", f"{base}/move", f"{base}/stop",
        f"{going}/stop", f"{base}/authorities/new", f"{base}/authorities/{town.tobacco.id}", f"{base}/common",
        f"{base}/visits/new", f"{base}/people/new?authority={town.tobacco.id}", f"/visits/{walk.visit}/end",
        f"/visits/{walk.visit}/recusal", f"/visits/{walk.visit}/parts/new",
        f"/parts/{walk.parts[town.police.id]}/answer", f"/bookings/{walk.places[town.police.id]}/replace",
        "/businesses", "/import/businesses",
    ]  # fmt: skip
    for path in paths:
        for language in ("sv", "en"):
            page = lead.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert f'<html lang="{language}"' in page
            assert not re.search(r"operations\.[a-z_]+\.|Undefined|\{[a-z_]+\}", page), path
            ids = read(page).ids
            assert len(ids) == len(set(ids)), (path, [one for one in ids if ids.count(one) > 1])


def test_the_texts_say_the_same_in_both_languages() -> None:
    swedish, english = catalogue("sv"), catalogue("en")
    keys = {key for key in swedish if key.startswith("operations.")}
    assert keys == {key for key in english if key.startswith("operations.")}
    for key in keys:
        assert sorted(re.findall(r"{\w+}", swedish[key])) == sorted(re.findall(r"{\w+}", english[key])), key
    for state in OperationState:
        assert f"operations.state.{state}" in keys


def test_the_clock_of_these_tests_is_ahead_of_the_release() -> None:
    assert datetime.now(UTC) + timedelta(hours=1) < START
