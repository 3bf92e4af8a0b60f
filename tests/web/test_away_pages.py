"""A colleague falls ill in the morning: noted in a minute, seen at once, taken back; who else learns what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.planning.queries import own_leave_of
from samsyn.planning.rules import LeaveKind
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.planning import scene
from tests.web.reader import Browser, open_browser, problem_of, read
from tests.web.statements import counted

Sit = Callable[[Viewer], Browser]
MONDAY = scene.MONDAY


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def noted(town: Town, viewer: Viewer, person: UUID) -> list[tuple[date, date, LeaveKind]]:
    with unit_of_work(viewer) as uow:
        period = scene.moment(date(2026, 1, 1), "00:00"), scene.moment(date(2029, 1, 1), "00:00")
        return [(local_day(a.span[0]), local_day(a.span[1]), a.kind) for a in own_leave_of(uow, person, period)]


def days(first: date, last: date) -> dict[str, str]:
    return {"from_on": first.isoformat(), "until_on": last.isoformat()}


def take_backs(html: str) -> list[str]:
    return [f.action for f in read(html).found if f.action.endswith("/take-back")]


def test_the_ways_lead_there_for_planner_administrator_and_oneself(town: Town, sit: Sit) -> None:
    planner, person = sit(town.planner(town.tobacco)), town.tobacco.inspectors[0]
    assert 'href="/away"' in planner.get("/staffing")
    assert f'value="{person}"' in planner.get("/away")
    there = planner.client.get(f"/away?person_id={person}")
    assert (there.status_code, there.headers["Location"]) == (303, f"/people/{person}/away#content")
    assert f'href="/people/{person}/away"' in planner.get(f"/people/{person}")
    mine = sit(town.inspector(town.tobacco))
    assert f'href="/people/{person}/away"' in mine.get("/settings")
    assert "Anteckna frånvaro" in mine.get(f"/people/{person}/away")
    assert mine.client.get("/away").status_code == 403


def test_an_administrator_who_plans_nothing_is_not_led_to_staffing(
    town: Town, sit: Sit, cluster: Cluster, database: str
) -> None:
    with as_owner(cluster, database) as db:
        row = {"id": town.tobacco.planner, "roles": '["unit_admin"]'}
        db.execute(text("UPDATE staff SET roles = CAST(:roles AS json) WHERE person_id = :id"), row)
        db.commit()
    admin = sit(town.planner(town.tobacco))
    page = admin.get("/away")
    assert admin.client.get("/staffing").status_code == 403
    assert 'href="/staffing"' not in page
    assert 'href="/people"' in page


def test_noted_listed_taken_back_and_noted_again(town: Town, sit: Sit) -> None:
    viewer, person = town.planner(town.tobacco), town.tobacco.inspectors[0]
    planner, here = sit(viewer), f"/people/{person}/away"
    where = planner.do(here, kind="holiday", **days(MONDAY, MONDAY + timedelta(days=2)))
    assert where.startswith(f"{here}?noted=")
    assert "Antecknat: Semester, mån 1 mars–ons 3 mars 2027." in words(planner.get(where))
    assert noted(town, viewer, person) == [(MONDAY, MONDAY + timedelta(days=3), LeaveKind.HOLIDAY)]
    for page in ("/away", f"/people/{person}"):
        assert "mån 1 mars–ons 3 mars 2027, Semester" in words(planner.get(page))
    (action,) = take_backs(planner.get(here))
    back = planner.do(here, action)
    html = planner.get(back)
    assert "Tillbakataget: Semester, mån 1 mars–ons 3 mars 2027." in words(html)
    assert noted(town, viewer, person) == []
    again = planner.form(back, here)
    assert planner.client.post(here, data=again.fields).status_code == 303
    assert noted(town, viewer, person) == [(MONDAY, MONDAY + timedelta(days=3), LeaveKind.HOLIDAY)]


def test_hours_of_a_day_are_kept_and_written_back(town: Town, sit: Sit) -> None:
    person = town.tobacco.inspectors[0]
    planner, here = sit(town.planner(town.tobacco)), f"/people/{person}/away"
    hours = {"from_at": "08:30", "until_at": "12:00"}
    html = planner.get(planner.do(here, kind="training", **days(MONDAY, MONDAY), **hours))
    assert "Antecknat: Utbildning, mån 1 mars 2027 08:30–12:00." in words(html)
    back = planner.do(here, take_backs(html)[0])
    fields = planner.form(back, here).fields
    assert {name: fields[name] for name in (*hours, "kind")} == {
        **{name: [value] for name, value in hours.items()},
        "kind": ["training"],
    }


def test_a_form_sent_twice_is_noted_once(town: Town, sit: Sit) -> None:
    viewer, person = town.planner(town.tobacco), town.tobacco.inspectors[0]
    planner, here = sit(viewer), f"/people/{person}/away"
    form = planner.form(here)
    answers = {planner.client.post(here, data=form.fields).headers["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert len(noted(town, viewer, person)) == 1
    without = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    assert planner.client.post(here, data=without).status_code in {400, 403}


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        (days(MONDAY, MONDAY - timedelta(days=1)), "until_on", "slutar innan den börjar"),
        ({**days(MONDAY, MONDAY), "from_at": "12:00", "until_at": "12:00"}, "until_on", "slutar innan den börjar"),
        (days(MONDAY, MONDAY + timedelta(days=400)), "until_on", "Högst ett år"),
        (days(date(2031, 1, 1), date(2031, 1, 2)), "from_on", "Högst två år fram"),
        (days(date(1, 1, 1), MONDAY), "from_on", "Högst två år fram"),
        (days(MONDAY, date(9999, 12, 31)), "until_on", "Högst två år fram"),
        ({**days(date(2027, 3, 28), date(2027, 3, 28)), "from_at": "02:30"}, "from_at", "Det klockslaget finns inte"),
        ({**days(MONDAY, MONDAY), "from_on": "i morgon"}, "from_on", ""),
        ({**days(MONDAY, MONDAY), "until_at": "kvart i"}, "until_at", "Ska vara ett klockslag"),
        ({**days(MONDAY, MONDAY), "kind": "sick"}, "kind", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    town: Town, sit: Sit, typed: dict[str, str], field: str, says: str
) -> None:
    viewer, person = town.planner(town.tobacco), town.tobacco.inspectors[0]
    planner, here = sit(viewer), f"/people/{person}/away"
    answer = planner.send(here, **typed)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in problem_of(answer.text)
    assert says in words(answer.text)
    for name, value in typed.items():
        assert name == "kind" or f'value="{value}"' in answer.text
    assert noted(town, viewer, person) == []


def test_a_second_absence_in_the_same_time_is_refused(town: Town, sit: Sit) -> None:
    person = town.tobacco.inspectors[0]
    planner, here = sit(town.planner(town.tobacco)), f"/people/{person}/away"
    planner.do(here, **days(MONDAY, MONDAY))
    answer = planner.send(here, **days(MONDAY - timedelta(days=1), MONDAY))
    assert answer.status_code == 409
    assert "Frånvaro är redan antecknad" in problem_of(answer.text)


def test_what_the_person_is_called_to_is_said_with_the_way_to_it(town: Town, sit: Sit) -> None:
    """Of the operations in that time and of no other; an inspector is led to the operation, which is open to him."""
    office, person = town.tobacco, town.tobacco.inspectors[0]
    state = OperationState.INVITED
    met = scene.propose(town, scene.span(MONDAY, "09:30", "12:00"), (office,), state=state)
    other = scene.propose(town, scene.span(MONDAY + timedelta(days=1), "09:30", "12:00"), (office,), state=state)
    scene.title(town, met, "Insats Kvarnen")
    place = scene.send(town, met, office)
    scene.send(town, other, office)
    planner, here = sit(town.planner(office)), f"/people/{person}/away"
    html = planner.get(planner.do(here, **days(MONDAY, MONDAY)))
    said = words(html)
    assert "Inspektör 1 Socialnämnden är kallad till Insats Kvarnen mån 1 mars 2027 09:30–12:00." in said
    assert f'href="/staffing/{met}#place-{place}"' in html
    assert str(other) not in html
    assert f'id="place-{place}"' in planner.get(f"/staffing/{met}")
    mine = sit(town.inspector(office))
    own = mine.get(here)
    assert f'href="/operations/{met}"' in own
    assert "/staffing/" not in own
    mine.get(f"/operations/{met}")


def test_another_authority_learns_that_the_person_is_taken_and_never_why(town: Town, sit: Sit) -> None:
    office, person = town.tobacco, town.tobacco.inspectors[0]
    lead = sit(town.planner(town.police))
    operation = scene.propose(town, scene.span(MONDAY, "09:00", "12:00"), (office,))
    addresses = (f"/operations/{operation}/times?weeks=1", f"/operations/{operation}", "/week/2027/9", "/week")
    before = words(lead.get(f"/operations/{operation}/times?weeks=1"))
    for n in (0, 1):
        here = f"/people/{office.inspectors[n]}/away"
        sit(town.planner(office)).do(here, kind="training", **days(MONDAY, MONDAY + timedelta(days=4)))
    after = words(lead.get(f"/operations/{operation}/times?weeks=1"))
    assert "kan inte vid någon av dem" not in before
    assert "Enhet Socialnämnden kan inte vid någon av dem" in after
    for address in addresses:
        answer = lead.client.get(address)
        assert "Utbildning" not in words(answer.text)
    for address in (f"/people/{person}/away", f"/people/{person}/away?noted={uuid4()}"):
        assert lead.client.get(address).status_code == 404


def test_colleagues_without_the_role_are_refused_and_nothing_is_noted(town: Town, sit: Sit) -> None:
    viewer, (person, colleague) = town.planner(town.tobacco), town.tobacco.inspectors
    form = sit(viewer).form(f"/people/{person}/away")
    for roles in ({"inspector"}, {"observer"}):
        other = sit(Viewer(town.tobacco.id, colleague, frozenset(roles)))
        token = other.form(f"/people/{colleague}/away").fields["csrf_token"]
        data = {**form.fields, "csrf_token": token, "idempotency_key": [uuid4().hex]}
        assert other.client.get(f"/people/{person}/away").status_code == 403
        assert other.client.post(f"/people/{person}/away", data=data).status_code == 403
    assert noted(town, viewer, person) == []


def test_what_was_taken_back_of_another_is_not_shown(town: Town, sit: Sit) -> None:
    first, second = town.tobacco.inspectors
    planner = sit(town.planner(town.tobacco))
    html = planner.get(planner.do(f"/people/{first}/away", **days(MONDAY, MONDAY)))
    back = planner.do(f"/people/{first}/away", take_backs(html)[0])
    leave = back.partition("taken_back=")[2]
    assert "Tillbakataget" not in planner.get(f"/people/{second}/away?taken_back={leave}")
    assert "Tillbakataget" not in sit(town.inspector(town.tobacco, 1)).get(f"/people/{second}/away?taken_back={leave}")


def test_many_absences_ask_no_more_than_few(town: Town, sit: Sit) -> None:
    person = town.tobacco.inspectors[0]
    planner, here, counts = sit(town.planner(town.tobacco)), f"/people/{person}/away", []
    for n in range(3):
        planner.do(here, **days(MONDAY + timedelta(days=2 * n), MONDAY + timedelta(days=2 * n)))
        with counted() as seen:
            planner.get(here)
        counts.append(len(seen))
    assert counts[0] == counts[-1]


def test_english_is_complete(town: Town, sit: Sit) -> None:
    person = town.tobacco.inspectors[0]
    planner = sit(town.planner(town.tobacco))
    planner.client.get("/?lang=en")
    html = words(planner.get(f"/people/{person}/away?lang=en"))
    assert "Illness, care of a child and whatever concerns health is Other absence" in html
