"""A campaign is changed in a planner's forms, without a script: days, whom it asks, where it goes, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.queries.campaigns import get_campaign
from samsyn.web.localtime import to_local
from samsyn.web.pages.candidates import CandidateQuery, read_candidates
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


def test_two_plans_stand_side_by_side_and_peoples_days_can_be_filed(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    path = f"/campaigns/{campaign}"
    assert "Det finns bara en plan" in planner.get(f"{path}/compare")
    first = planned(town, campaign)
    item = first.plan["visits"][0]["id"]
    visit = f"{path}/visits/{item}"
    day = (MONDAY + timedelta(days=4)).isoformat()
    planner.do(visit, visit, "move", starts_at_date=day, starts_at_time="10:00")
    page = planner.get(f"{path}/compare")
    for words in ("ändrad för hand", "flyttas från", "Angelägenhet", "3 personer"):
        assert words in page
    assert "Samma tider och samma personer" in planner.get(f"{path}/compare?beside={first.id}&plan={first.id}")
    assert planner.client.get(f"{path}/compare?plan={item}").status_code == 404
    days = planner.get(f"{path}/people")
    for words in ("Inspektör", "Polisen", "Järntorget", f"Kiosk 0 {town.mark}", "min resväg"):
        assert words in days
    assert "Socialnämnden" not in days
    rows = planner.client.get(f"{path}/people.json").get_json()
    assert {row["name"] for row in rows} == {f"Kiosk {n} {town.mark}" for n in range(3)}
    assert sit(town.planner(town.tobacco)).client.get(f"{path}/people.json").get_json() == []


def test_a_visit_that_is_carried_to_another_time_says_what_stands_against_it_before_it_is_kept(
    sit: Sit, town: Town
) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    plan = planned(town, campaign)
    item = plan.plan["visits"][0]["id"]
    visit, day = f"/campaigns/{campaign}/visits/{item}", (MONDAY + timedelta(days=4)).isoformat()
    page = planner.get(f"/campaigns/{campaign}")
    assert f'data-visit="{visit}"' in page
    assert "js/carry.js" in page
    night = planner.get(f"{visit}?day={day}&clock=23:00")
    assert "har inte öppet hela besöket" in night
    free = planner.get(f"{visit}?day={day}&clock=10:00")
    assert "Inget står i vägen" in free
    assert f'value="{day}"' in free
    for address in (
        "day=0001-01-01&clock=00:00",
        "day=nej&clock=10:00",
        f"day={day}&clock=99",
        "day=9999-12-31&clock=23:59",
    ):
        assert planner.client.get(f"{visit}?{address}").status_code == 200
    assert planner.get(f"/campaigns/{campaign}").count("Ändrad för hand") == 0
    planner.do(f"{visit}?day={day}&clock=10:00", visit, "move")
    assert "Ändrad för hand" in planner.get(f"/campaigns/{campaign}")


def test_a_visit_that_is_carried_behind_another_leaves_time_for_the_way_and_the_briefing(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town, briefing=20)
    plan = planned(town, campaign)
    first, last = plan.plan["visits"][0], plan.plan["visits"][-1]
    visit = f"/campaigns/{campaign}/visits/{last['id']}"
    page = planner.get(f"/campaigns/{campaign}")
    assert f'data-item="{first["id"]}"' in page
    with unit_of_work(town.planner(town.police)) as uow:
        then = plan.of(get_campaign(uow, campaign))
    ends = first["start"] + 60
    soonest = to_local(then.moment(ends + 20))
    tried = planner.get(f"{visit}?plan={plan.id}&behind={first['id']}")
    clock = re.search(r'name="starts_at_time"[^>]*value="(\d\d:\d\d)"', tried)
    assert clock is not None
    assert clock[1] > f"{soonest:%H:%M}"
    assert 'id="trial"' in tried
    assert 'id="trial"' not in planner.get(f"{visit}?plan={plan.id}&behind={campaign}")


def test_a_change_that_another_made_meanwhile_is_told_as_it_stands(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    path = f"/campaigns/{campaign}/edit"
    form = planner.form(path)
    planner.do(path, path, **said(town, name="Kollegans kiosker", asks=[f"{town.police.id}:1", f"{town.tobacco.id}:3"]))
    refused = planner.client.post(form.action, data={**form.fields, **said(town, name="Mina kiosker")})
    assert refused.status_code == 412
    for words in ('value="Mina kiosker"', "Kollegans kiosker", f"{town.tobacco.name}: 3 personer"):
        assert words in refused.text
    assert "skrivet av någon annan: inget" not in refused.text


def test_a_way_back_that_is_gone_shows_the_campaign_as_it_stands(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    path = f"/campaigns/{campaign}"
    planner.do(f"{path}/edit", f"{path}/edit", **said(town))
    back = planner.form(path, f"{path}/undo")
    planner.do(f"{path}/edit", f"{path}/edit", **said(town, name="Vårens kiosker"))
    refused = planner.client.post(back.action, data=back.fields)
    assert refused.status_code == 412
    for words in ('value="Vårens kiosker"', 'value="09:00"', f'value="{town.tobacco.id}:1" selected'):
        assert words in refused.text


def test_what_may_be_added_is_shown_also_where_the_first_candidates_are_in_the_campaign(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    with unit_of_work(town.planner(town.police)) as uow:
        first = read_candidates(uow, CandidateQuery(), Seek(1)).page.items[0].facts
    campaign = made(town, business_ids=(first.id,))
    page = planner.get(f"/campaigns/{campaign}/businesses?limit=1")
    assert page.count('name="business"') == 1
    assert f'value="{first.id}"' not in page
