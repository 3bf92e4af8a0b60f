"""The registry's lists: filters that fit what they say, hot spots with their plot, dossiers by what is open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.businesses.rules import PermitKind
from samsyn.businesses.service import SetPermit, end_business, set_permit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_dossiers
from samsyn.operations.traces import write_trace
from samsyn.places.rules import HotSpotChange
from samsyn.places.service import AddHotSpot, NoteHotSpotEvent, add_hot_spot, note_hot_spot_event, place_in_hot_spot
from tests.dossiers.scenes import find, visited
from tests.factories import START, Town
from tests.web.reader import Browser, open_browser
from tests.web.test_planner_pages import counted


@pytest.fixture
def spot(town: Town) -> UUID:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for n, premises in enumerate(town.premises):
            at = {"p": premises, "lat": 59.39, "lon": 15.83 + n**5 / 100}  # the last is a village far off
            uow.session.execute(text("UPDATE premises SET latitude = :lat, longitude = :lon WHERE id = :p"), at)
        outline = ((59.385, 15.82), (59.395, 15.82), (59.395, 15.84), (59.385, 15.84))
        found = add_hot_spot(uow, AddHotSpot(town.collaboration, "Järntorget", outline, date(2025, 3, 1), "Langning"))
        place_in_hot_spot(uow, found, town.premises[:1])
        change = NoteHotSpotEvent(found, date(2026, 2, 1), HotSpotChange.CONFIRMED, "Samma läge")
        note_hot_spot_event(uow, change)
    return found


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def listed(page: str) -> list[int]:
    return [n for n in range(3) if f"Kiosk {n} " in page]


def test_each_filter_shows_what_it_says(app: APIFlask, town: Town, spot: UUID) -> None:
    browser = sit(app, town.planner(town.health))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        today = uow.today
        set_permit(uow, SetPermit(town.businesses[0], PermitKind.TOBACCO, None, today))
        set_permit(uow, SetPermit(town.businesses[1], PermitKind.TOBACCO, None, today - timedelta(days=1)))
        end_business(uow, town.businesses[2], today)
    for asked, shown in (
        ("", [0, 1]),
        ("ended=true", [0, 1, 2]),
        ("begins_with=kiosk+1", [1]),
        ("begins_with=nygatan+10", [0]),
        (f"begins_with=1+{town.mark}", [1]),
        ("trade=kiosk", [0, 1]),
        ("trade=taxi", []),
        (f"hot_spot={spot}", [0]),
        (f"hot_spot={town.premises[0]}", []),
        ("hot_spot=------------------------------------", []),
        ("permit=tobacco", [0]),
        ("permit=expired", [1]),
        ("permit=serving", []),
    ):
        assert listed(browser.get(f"/businesses?{asked}")) == shown, asked
        assert listed(browser.get(f"/businesses.csv?{asked}")) == shown, asked
    assert listed(sit(app, town.planner(town.outsider)).get(f"/businesses?hot_spot={spot}&ended=true")) == []


def test_the_last_visit_is_shown_with_those_who_were_there(app: APIFlask, town: Town) -> None:
    scene = visited(town, town.police, town.tobacco)
    for office in (town.police, town.tobacco):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            write_trace(uow, scene.visit)
    page = sit(app, town.inspector(town.health)).get("/businesses")
    assert f"Var där: {town.police.name}, {town.tobacco.name}." in page.replace("\n", "") or (
        f"Var där: {town.tobacco.name}, {town.police.name}." in page.replace("\n", "")
    )
    assert page.count("Aldrig besökt") == 2


def test_hot_spots_are_drawn_and_told_to_members_alone(app: APIFlask, town: Town, spot: UUID) -> None:
    page = sit(app, town.inspector(town.health)).get("/hot-spots")
    assert "<polygon" in page
    assert page.count('<circle class="out"') == 1 + 1
    assert "1 ligger utanför bilden." in page
    assert page.count('<rect class="in"') == 1 + 1
    assert page.index("Samma läge") < page.index("Langning")
    assert f'href="/businesses/{town.businesses[0]}"' in page
    assert str(spot) in page
    assert "http" not in page.replace("http://www.w3.org", "")
    stranger = sit(app, town.planner(town.outsider)).get("/hot-spots")
    assert "Järntorget" not in stranger
    assert "Inga hot spots än" in stranger


def test_lists_cost_the_same_however_long(app: APIFlask, town: Town, spot: UUID) -> None:
    browser, costs = sit(app, town.planner(town.police)), {}
    for path in ("/businesses?limit=1", "/businesses?limit=50", "/hot-spots", "/dossiers?limit=1", "/dossiers"):
        with counted() as seen:
            browser.get(path)
        costs[path] = len(seen)
    assert costs["/businesses?limit=1"] == costs["/businesses?limit=50"]
    assert costs["/dossiers?limit=1"] == costs["/dossiers"]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        outline = ((59.4, 15.8), (59.41, 15.8), (59.4, 15.81))
        more = add_hot_spot(uow, AddHotSpot(town.collaboration, "Stationen", outline, date(2025, 3, 1), "Mörkt"))
        place_in_hot_spot(uow, more, town.premises)
    with counted() as seen:
        browser.get("/hot-spots")
    assert len(seen) == costs["/hot-spots"]


def test_dossiers_by_what_is_open_are_each_authoritys_own(app: APIFlask, town: Town) -> None:
    for business, serious in ((0, True), (1, False)):
        scene = visited(town, town.tobacco, town.environment, business=business, at=START)
        find(town, scene, town.tobacco, f"Tobaks {business}", serious=serious)
    visited(town, town.tobacco, business=2)
    for office in (town.tobacco, town.environment):
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_dossiers(uow, town.businesses)
    tobacco = sit(app, town.inspector(town.tobacco))
    assert listed(tobacco.get("/dossiers")) == [0, 1, 2]
    assert listed(tobacco.get("/dossiers?only=open")) == [0, 1]
    assert listed(tobacco.get("/dossiers?only=serious")) == [0]
    assert listed(tobacco.get("/dossiers.csv?only=serious")) == [0]
    for office in (town.environment, town.police, town.health):
        browser = sit(app, town.inspector(office))
        assert "Ingen verksamhet här" in browser.get("/dossiers?only=open")
        assert "Tobaks" not in browser.get("/dossiers")
    tobacco.get("/dossiers?only=all", 422)


NEW: dict[str, Any] = {
    "name": "Sjökiosken",
    "address": "Sjögatan 4",
    "postcode": "73231",
    "town": "Arboga",
    "trades": ["kiosk", "taxi"],
}


def test_one_business_is_added_by_hand_and_shown_to_the_whole_collaboration(app: APIFlask, town: Town) -> None:
    browser = sit(app, town.planner(town.tobacco))
    assert 'href="/businesses/new"' in browser.get("/businesses")
    where = browser.do("/businesses/new", **{**NEW, "operator": "Sjö AB", "number": "559999-0016"}).partition("?")[0]
    for viewer in (town.planner(town.tobacco), town.inspector(town.police)):
        text = sit(app, viewer).get(where)
        assert all(word in text for word in ("Sjökiosken", "Sjögatan 4", "732 31", "Sjö AB", "559999-0016"))
    sit(app, town.planner(town.outsider)).get(where, 404)


def test_the_same_operator_is_not_added_twice_at_a_place(app: APIFlask, town: Town) -> None:
    browser = sit(app, town.planner(town.tobacco))
    browser.do("/businesses/new", **NEW)
    answer = browser.send("/businesses/new", **NEW)
    assert answer.status_code == 409
    assert 'value="Sjökiosken"' in answer.text


@pytest.mark.parametrize(
    ("bad", "field"),
    [({"name": ""}, "name"), ({"postcode": "7"}, "postcode"), ({"number": "559999-0007"}, "number"),
     ({"name": "Kiosk 19121212-1212"}, "name")],
)  # fmt: skip
def test_a_new_business_with_a_fault_is_kept_as_typed(
    app: APIFlask, town: Town, bad: dict[str, str], field: str
) -> None:
    answer = sit(app, town.planner(town.tobacco)).send("/businesses/new", **{**NEW, **bad})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert 'value="Sjögatan 4"' in answer.text


def test_a_sole_traders_number_is_shown_to_nobody(app: APIFlask, town: Town) -> None:
    number = {**NEW, "operator": "Sjös kiosk", "number": "19121212-1212"}
    where = sit(app, town.planner(town.tobacco)).do("/businesses/new", **number).partition("?")[0]
    for viewer in (town.planner(town.tobacco), town.planner(town.police)):
        text = sit(app, viewer).get(where)
        assert "121212" not in text
        assert "Enskild firma" in text or "enskild firma" in text
