"""Finding a common time as a planner does it: times with reasons, one press, and ways out where there is none."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from samsyn.core.uow import unit_of_work
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.rules import OperationState
from samsyn.planning.rules import LeaveKind
from tests.factories import Town
from tests.lifecycle.walk import walk_to
from tests.planning import scene
from tests.planning.scene import MONDAY, moment
from tests.web.reader import Browser, read
from tests.web.test_planner_pages import Sit, counted, sit
from tests.web.test_week_page import words

__all__ = ["sit"]
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


@pytest.fixture
def path(town: Town) -> str:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.police, town.tobacco))
    return f"/operations/{operation}"


def key(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


def apart(town: Town) -> None:
    """The police have the afternoons, the tobacco board the mornings."""
    for n in (0, 1):
        for day in range(5):
            on = MONDAY + timedelta(days=day)
            scene.take(town, town.police, scene.span(on, "07:00", "12:00"), n)
            scene.take(town, town.tobacco, scene.span(on, "12:00", "18:00"), n)


def test_the_operations_page_leads_there_and_a_press_moves_it(lead: Browser, town: Town, path: str) -> None:
    assert f'href="{path}/times"' in lead.get(path)
    html = lead.get(f"{path}/times?weeks=1")
    said = words(html)
    assert "145 starttider av 145 prövade passar alla. Allas tid är inte känd vid någon av dem" in said
    assert all(one in said for one in ("Måndag 1 mars 2027", "08:00–10:00, v. 9", "eller senare, till 15:00"))
    assert "Okänt om de har tid: Enhet " in said
    assert "Enhet Polisen (2 kan, 1 behövs)" in said
    assert "Vad ingen vet räknas aldrig som säkert ledigt" in said
    starts = moment(MONDAY + timedelta(days=1), "08:00").isoformat()
    assert lead.do(f"{path}/times?weeks=1", f"{path}/times?weeks=1", starts) == path
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_operation(uow, key(path))
    assert (card.starts_at, card.ends_at) == scene.span(MONDAY + timedelta(days=1), "08:00", "10:00")


def test_where_there_is_none_it_says_who_and_each_way_out_leads_to_times(lead: Browser, town: Town, path: str) -> None:
    apart(town)
    html = lead.get(f"{path}/times?weeks=1")
    said = words(html)
    assert "Ingen gemensam tid" in said
    assert "145 starttider prövade mellan måndag 1 mars 2027 och söndag 7 mars 2027" in said
    assert re.search(
        "Enhet (Polisen och Enhet Socialnämnden|Socialnämnden och Enhet Polisen) kan aldrig samtidigt", said
    )
    assert "Enhet Socialnämnden stoppar 100 av 145" in said
    assert "1 behövs, 2 finns att välja på, som mest 1 kan samtidigt. Stoppar ensam 65 starttider." in said
    ways = re.findall(
        r'<h3>([^<]+)</h3><p class="muted">[^<]*</p><a class="ds-button"[^>]* href="([^"]+)">([^<]+)<', html
    )
    assert [(what, opens) for what, _, opens in ways] == [
        ("Sök i veckorna efter", "145 starttider"),
        ("Utan Enhet Socialnämnden", "65 starttider"),
        ("Utan Enhet Polisen", "45 starttider"),
    ]
    for what, href, opens in ways:
        there = words(lead.get(unescape(href)))
        assert f"{opens.split()[0]} starttider av" in there
        assert what.startswith("Sök") or what in there


def test_whoever_looks_learns_of_others_that_they_are_busy_and_never_why(lead: Browser, town: Town, path: str) -> None:
    for n in (0, 1):
        for day in range(5):
            when = scene.span(MONDAY + timedelta(days=day), "07:00", "18:00")
            scene.leave(town, town.tobacco, when, LeaveKind.TRAINING, n)
    html = lead.get(f"{path}/times?weeks=1")
    assert "Enhet Socialnämnden kan inte vid någon av dem" in words(html)
    assert "Utbildning" not in html
    assert "Inspektör" not in words(html)


def test_a_time_that_was_taken_meanwhile_is_refused_and_nothing_moves(lead: Browser, town: Town, path: str) -> None:
    scene.send(town, key(path), town.tobacco, 0)
    starts = moment(MONDAY, "08:00").isoformat()
    form = next(f for f in read(lead.get(f"{path}/times")).found if f.fields.get("starts_at") == [starts])
    scene.book(town, town.tobacco, scene.span(MONDAY, "09:00", "10:00"), 0)
    answer = lead.client.post(form.action, data=form.fields)
    assert answer.status_code == 409
    assert 'id="faults"' in answer.text
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_operation(uow, key(path)).starts_at == moment(THURSDAY, "10:00")


def test_who_is_invited_is_told_of_a_chosen_time_after_ten_seconds(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path = f"/operations/{walk.operation}"
    html = lead.get(f"{path}/times?hours=evening&weeks=1")
    assert "får" in words(html)
    with unit_of_work(town.planner(town.police)) as uow:
        named = [one.shown_name for one in people_of(uow, walk.operation)]
    assert all(name in words(html) for name in named)


def test_whose_time_cannot_be_seen_is_said_to_be_assumed(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.tobacco, town.outsider))
    said = words(lead.get(f"/operations/{operation}/times?least={town.tobacco.unit}:9"))
    assert "Deras tid syns inte, vanlig arbetstid antas" in said


def test_nobody_asked_is_said_and_what_to_do(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (), businesses=())
    said = words(lead.get(f"/operations/{operation}/times"))
    assert "Ingen är tillfrågad än" in said


def test_a_week_that_does_not_exist_is_said_beside_the_field(lead: Browser, path: str) -> None:
    html = lead.get(f"{path}/times?week=99", 422)
    assert "Den veckan finns inte" in html
    assert 'value="99"' in html


@pytest.mark.parametrize(
    "rubbish", ["least=x", "least=a:b:3", "without=%00", "weeks=9", "hours=never", "short=x", "least=:99999"]
)
def test_rubbish_in_the_address_asks_for_nothing(lead: Browser, path: str, rubbish: str) -> None:
    assert "starttider av" in words(lead.get(f"{path}/times?{rubbish}"))


def test_the_api_says_the_same(client: FlaskClient, town: Town, path: str) -> None:
    headers = {"Authorization": f"Bearer {town.token(town.planner(town.police))}"}
    answer = client.get(f"/api/v1{path}/common-times?weeks=1", headers=headers)
    assert answer.status_code == 200, answer.text
    said = answer.json
    assert said is not None
    assert (said["tried"], said["possible"], said["sure"], said["from_on"]) == (145, 145, 0, "2027-03-01")
    assert said["items"][0]["starts_at"].startswith("2027-03-01T07:00:00")
    apart(town)
    said = client.get(f"/api/v1{path}/common-times?weeks=1&hours=working", headers=headers).json
    assert said is not None
    assert (said["possible"], len(said["never"]), said["later"]) == (0, 2, 145)
    without = said["never"][0]
    less = client.get(f"/api/v1{path}/common-times?weeks=1&least={without}:0", headers=headers).json
    assert less is not None
    assert less["possible"] == next(w["opens"] for w in said["ways"] if w["key"] == without)
    for wrong in ("weeks=3", "week=99", "hours=x"):
        assert client.get(f"/api/v1{path}/common-times?{wrong}", headers=headers).status_code == 422
    other = {"Authorization": f"Bearer {town.token(town.planner(town.tobacco))}"}
    assert client.get(f"/api/v1{path}/common-times", headers=other).status_code == 403


def test_a_constant_number_of_statements(lead: Browser, town: Town, path: str) -> None:
    when = scene.span(MONDAY, "08:00", "14:00")
    big = scene.propose(town, when, town.offices, businesses=(0, 1, 2), people=2)
    with counted() as few:
        lead.get(f"{path}/times")
    with counted() as many:
        lead.get(f"/operations/{big}/times")
    assert len(few) == len(many) <= 29, len(many)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_is_whole_in_both_languages(lead: Browser, town: Town, path: str, language: str) -> None:
    for more in ("", "&weeks=1"):
        html = lead.get(f"{path}/times?lang={language}{more}")
        assert f'<html lang="{language}"' in html
        assert not re.search(r"times\.[a-z_]+\.?|Undefined|\{[a-z_]+\}", words(html))
        ids = read(html).ids
        assert len(ids) == len(set(ids))
    apart(town)
    html = lead.get(f"{path}/times?lang={language}&weeks=1")
    assert not re.search(r"times\.[a-z_]+\.?|Undefined|\{[a-z_]+\}", words(html))
