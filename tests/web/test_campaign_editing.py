"""A campaign is changed in a planner's forms, without a script: days, whom it asks, where it goes, and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from samsyn.core.viewer import Viewer
from tests.factories import Town
from tests.planning.campaigning import MONDAY, made, planned
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def said(town: Town, **more: Any) -> dict[str, Any]:
    days = {"first_on": MONDAY.isoformat(), "last_on": (MONDAY + timedelta(days=2)).isoformat()}
    asks = [f"{town.police.id}:1", f"{town.tobacco.id}:1"]
    return {"name": "Vinterns kiosker", **days, "opens": "09:00", "closes": "16", "asks": asks, **more}


def test_what_stands_is_in_the_form_and_a_change_makes_the_plan_stale_until_undone(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    planned(town, campaign)
    path = f"/campaigns/{campaign}"
    form = planner.get(f"{path}/edit")
    for words in ('value="Höstens kiosker"', 'value="08:00"', "Järntorget", f'value="{town.tobacco.id}:2" selected'):
        assert words in form
    assert "Gör en ny plan; det som ligger fast" not in planner.get(path)
    teams = [f"{town.police.inspectors[0]}:B"]
    able = [f"{town.tobacco.id}:tobacco"]
    vehicles = [f"{town.tobacco.id}:2"]
    planner.do(f"{path}/edit", f"{path}/edit", **said(town, teams=teams, able=able, vehicles=vehicles, load_days="30"))
    page = planner.get(path)
    assert "Vinterns kiosker" in page
    assert "Gör en ny plan; det som ligger fast" in page
    form = planner.get(f"{path}/edit")
    for value in (*teams, *able, *vehicles):
        assert f'value="{value}" selected' in form
    planner.do(path, f"{path}/undo")
    assert "Höstens kiosker" in planner.get(path)
    planner.do(path, f"{path}/undo")
    assert "Vinterns kiosker" in planner.get(path)


def test_what_cannot_be_stands_beside_its_field_and_what_was_typed_stays(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    path = f"/campaigns/{campaign}/edit"
    for change, words in (
        ({"closes": "08:00"}, "Måste vara efter den första tiden"),
        ({"asks": [""]}, "Välj minst en"),
        ({"vehicles": [f"{town.police.id}:99"]}, "För många"),
        ({"teams": [f"{town.police.inspectors[0]}:Q"]}, ""),
        ({"meeting_places": "Nygatan 101"}, "platsen"),
    ):
        answer = planner.send(path, path, **said(town, **change))
        assert answer.status_code == 422, change
        assert words in answer.text
        assert 'value="Vinterns kiosker"' in answer.text
    planner.do(path, path, **said(town))
    late = planner.send(path, path, **said(town, version="1"))
    assert late.status_code == 412
    assert 'value="Vinterns kiosker"' in late.text


def test_businesses_are_added_and_left_out_with_the_reason(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    campaign = made(town, business_ids=tuple(town.businesses[:1]))
    path = f"/campaigns/{campaign}"
    found = planner.get(f"{path}/businesses?begins_with=Kiosk")
    assert f"Kiosk 1 {town.mark}" in found
    assert f"Kiosk 0 {town.mark}" not in found.partition("<form")[2]
    assert planner.send(f"{path}/businesses", f"{path}/businesses").status_code == 422
    planner.do(f"{path}/businesses", f"{path}/businesses", business=[str(town.businesses[1])], minutes="30")
    page = planner.get(path)
    assert f"Kiosk 1 {town.mark}" in page
    assert "30 min" in page
    item = page.split(f"{path}/visits/")[1][:36]
    visit = f"{path}/visits/{item}"
    answer = planner.send(visit, visit, "change", minutes="60", excluded="true", safety_note="Hund på gården")
    assert answer.status_code == 422
    assert "Hund på gården" in answer.text
    planner.do(visit, visit, "change", minutes="60", excluded="true", excluded_why="Stängt för ombyggnad")
    assert "utelämnas: Stängt för ombyggnad" in planner.get(path)


def test_only_the_lead_changes_it(sit: Sit, town: Town) -> None:
    campaign = made(town)
    other = sit(town.planner(town.tobacco)).client
    for path in ("edit", "businesses"):
        assert other.get(f"/campaigns/{campaign}/{path}").status_code == 403
        assert sit(town.planner(town.environment)).client.get(f"/campaigns/{campaign}/{path}").status_code == 404
    assert f"/campaigns/{campaign}/edit" not in other.get(f"/campaigns/{campaign}").text
