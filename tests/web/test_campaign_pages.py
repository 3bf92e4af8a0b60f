"""A campaign in a planner's forms, without a script: chosen, planned, looked at, changed, published."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.queries import campaign_people
from samsyn.planning.queries.campaigns import get_item, last_job
from samsyn.planning.service.campaign_changes import add_businesses
from samsyn.planning.service.campaigns import ChangeItem, change_item
from samsyn.planning.service.clearing import AFTER
from samsyn.web.pages import campaign as campaign_page
from tests.factories import Town
from tests.planning.campaigning import MONDAY, asked, items, made, planned, step
from tests.planning.test_clearing import clear, over_since
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def said(town: Town, **more: Any) -> dict[str, Any]:
    days = {"first_on": MONDAY.isoformat(), "last_on": (MONDAY + timedelta(days=4)).isoformat()}
    hours = {"opens": "08:00", "closes": "17", "weekends": "true", "meeting_places": "Järntorget; 59,394; 15,838"}
    asks = [f"{town.police.id}:1", f"{town.tobacco.id}:2"]
    return {"name": "Höstens kiosker", **days, **hours, "asks": asks, **more}


def start(town: Town) -> str:
    return "/campaigns/new?" + "&".join(f"business={one}" for one in town.businesses)


def run_plan(town: Town, path: str) -> None:
    campaign = UUID(path.split("/")[2].partition("#")[0])
    with unit_of_work(town.planner(town.police)) as uow:
        job = last_job(uow, campaign)
    assert job is not None
    while step(town, job.id):
        pass


def test_from_the_candidates_to_operations_in_forms(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    assert "Kampanj av alla i listan" in planner.get("/candidates")
    form = planner.get(start(town))
    for n in range(3):
        assert f"Kiosk {n} {town.mark}" in form
    path = planner.do(start(town), "/campaigns/new", **said(town)).partition("#")[0]
    assert "Höstens kiosker" in planner.get("/campaigns")
    planner.do(path, f"{path}/plan", budget="1000")
    page = planner.get(path)
    assert "Räknar hur mycket det är" in page
    run_plan(town, path)
    page = planner.get(path)
    for words in ("3 av 3 besök", "Inte bevisat", "Socialnämnden", "2 personer", "Järntorget", "frö"):
        assert words in page
    assert "Inspektör 1 Socialnämnden" not in page
    assert "Polisen" in page
    rows = planner.client.get(f"{path}.json").get_json()
    assert [row["n"] for row in rows] == [1, 2, 3]
    assert all("Socialnämnden" in row["people"] and "Inspektör" in row["people"] for row in rows)
    planner.do(path, f"{path}/publish")
    page = planner.get(path)
    assert page.count("Publicerad som insats") >= 3
    assert "/operations/" in page


def test_a_visit_is_moved_with_clashes_in_words_and_pinned(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    campaign = made(town)
    plan = planned(town, campaign)
    item = plan.plan["visits"][0]["id"]
    path = f"/campaigns/{campaign}/visits/{item}"
    day = (MONDAY + timedelta(days=4)).isoformat()
    answer = planner.send(path, path, "move", starts_at_date=day, starts_at_time="23:00")
    assert answer.status_code == 422
    assert "har inte öppet hela besöket" in answer.text
    assert 'value="23:00"' in answer.text
    planner.do(path, path, "move", starts_at_date=day, starts_at_time="10:00")
    page = planner.get(path)
    assert "Ligger fast" in page
    tried = planner.get(f"{path}?plan={plan.id}&day={day}&clock=10:50")
    assert f'name="plan" value="{plan.id}"' in tried
    assert 'value="11:00"' in tried
    assert planner.client.get(f"{path}?plan={item}").status_code == 404
    far = planner.send(path, path, "change", minutes="60", due_on="9999-12-31")
    assert far.status_code == 422
    assert "Högst två år från i dag" in far.text
    shown = planner.get(f"/campaigns/{campaign}")
    assert "flyttas från" in shown
    assert "Ändrad för hand" in shown
    assert "ligger fast" in shown


def test_what_is_said_against_a_move_leaves_what_is_wanted_as_it_stands(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    plan = planned(town, campaign)
    path = f"/campaigns/{campaign}/visits/{plan.plan['visits'][0]['id']}"
    wishes = {"minutes": "90", "mandatory": "true", "safety_note": "Hund på gården"}
    planner.do(path, path, "change", **wishes)
    night = {"starts_at_date": MONDAY.isoformat(), "starts_at_time": "03:00"}
    refused = planner.send(path, path, "move", **night)
    assert refused.status_code == 422
    for words in ('value="90"', "Hund på gården", 'value="03:00"'):
        assert words in refused.text
    assert re.search(r'name="mandatory"[^>]*checked', refused.text)


def test_what_is_refused_of_an_older_plan_stays_that_plans_with_its_boxes(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    old = planned(town, campaign)
    planned(town, campaign)
    first = old.plan["visits"][0]["id"]
    with unit_of_work(town.planner(town.police)) as uow:
        item = get_item(uow, campaign, UUID(first))
    path = f"/campaigns/{campaign}"
    form = planner.form(f"{path}?plan={old.id}", f"{path}/publish")
    planner.do(f"{path}/visits/{item.id}", f"{path}/visits/{item.id}", "change", excluded="true", excluded_why="Stängt")
    refused = planner.client.post(form.action, data={**form.fields, "item": [first]})
    assert refused.status_code == 409
    assert f'name="plan" value="{old.id}"' in refused.text
    assert not re.search(r'name="item"[^>]* checked', refused.text), "the one that was ticked cannot be any more"


def test_a_visit_that_was_left_out_after_the_plan_cannot_be_ticked(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    item = planned(town, campaign).plan["visits"][0]["id"]
    box = f'name="item" value="{item}"'
    assert box in planner.get(f"/campaigns/{campaign}")
    path = f"/campaigns/{campaign}/visits/{item}"
    planner.do(path, path, "change", minutes="60", excluded="true", excluded_why="Stängt i juli")
    assert box not in planner.get(f"/campaigns/{campaign}")


def test_what_was_planned_is_shown_also_when_all_that_it_needed_is_gone(sit: Sit, town: Town) -> None:
    campaign = made(town)
    planned(town, campaign)
    over_since(town, campaign, AFTER.days + 1)
    assert clear(town.police)["problems"] == 1
    planner = sit(town.planner(town.police))
    assert "3 av 3 besök" in planner.get(f"/campaigns/{campaign}")
    assert len(planner.client.get(f"/campaigns/{campaign}.json").get_json()) == 3


def test_how_large_the_plan_is_and_what_to_narrow_is_said_before_it_is_asked_for(
    sit: Sit, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    people = len(town.police.inspectors) + len(town.tobacco.inspectors)
    page = planner.get(f"/campaigns/{campaign}")
    assert f"3 besök gånger {people} personer gånger 5 dagar är {15 * people}, av högst 600" in page
    assert "för stort för en enda plan" not in page
    monkeypatch.setattr(campaign_people, "LARGEST", 10)
    assert "lämna utanför verksamheter, eller välj färre dagar" in planner.get(f"/campaigns/{campaign}")
    assert "av högst" not in sit(town.planner(town.tobacco)).get(f"/campaigns/{campaign}")
    assert "högst 600 000 besök gånger personer" in planner.get(start(town))


def test_that_nobody_is_asked_so_late_is_said_only_where_that_is_why(
    sit: Sit, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samsyn.planning.queries.asked_plan.LEAST_AHEAD", timedelta(days=60))
    planner, late, short = sit(town.planner(town.police)), made(town), made(town, closes=8 * 60 + 30)
    words = "Ingen tillfrågas om ett besök som börjar inom 24 timmar"
    for campaign in (late, short):
        planned(town, campaign)
    assert planner.get(f"/campaigns/{late}").count(words) == 3
    page = planner.get(f"/campaigns/{short}")
    assert words not in page
    assert page.count("har inte öppet så länge under kampanjens tider") == 3


def test_the_file_of_a_plan_holds_what_was_left_out_and_what_came_later_with_why(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town, business_ids=tuple(town.businesses[:2]))
    path = f"/campaigns/{campaign}"
    assert [row["state"] for row in planner.client.get(f"{path}.json").get_json()] == [None, None]
    away = planned(town, campaign).plan["visits"][0]["id"]
    planner.do(f"{path}/visits/{away}", f"{path}/visits/{away}", "change", excluded="true", excluded_why="Stängt")
    with unit_of_work(town.planner(town.police)) as uow:
        add_businesses(uow, campaign, [town.businesses[2]], 60)
    said = [(row["n"], row["state"], row["left_out"]) for row in planner.client.get(f"{path}.json").get_json()]
    assert said == [(1, "utelämnas", "Stängt"), (2, "planerat", None), (None, "kom till efter planen", None)]
    planner.do(path, f"{path}/undo")
    words = "tillagd, och tillägget ångrades"
    assert f"utelämnas: {words}" in planner.get(path)
    planned(town, campaign)
    said = [(row["n"], row["state"], row["left_out"]) for row in planner.client.get(f"{path}.json").get_json()]
    assert sorted(said[1:]) == [(None, "utelämnas", "Stängt"), (None, "utelämnas", words)]
    [member] = {row["state"] for row in sit(town.planner(town.tobacco)).client.get(f"{path}.json").get_json()[:1]}
    assert member in {None, "utelämnas"}
    sheet = planner.client.get(f"{path}.xlsx")
    assert sheet.status_code == 200


def test_only_whole_days_are_ticked_and_of_a_day_that_is_too_much_whole_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(n: int, people: str, operation: str | None = None) -> Any:
        item = SimpleNamespace(id=n, operation_id=operation, excluded_at=None)
        return SimpleNamespace(step=SimpleNamespace(item=item, people=tuple(people)))

    def ticked(*days: list[Any]) -> set[str]:
        return set(campaign_page.ticked_of(SimpleNamespace(days=[(n, day) for n, day in enumerate(days)]), None))  # type: ignore[arg-type]

    monkeypatch.setattr(campaign_page, "AT_ONCE", 4)
    one, two = [stop(1, "a"), stop(2, "b"), stop(3, "a")], [stop(4, "a"), stop(5, "a")]
    assert ticked(one, two) == {"1", "2", "3"}
    assert ticked([stop(1, "a", "published"), *one[1:]], two) == {"2", "3", "4", "5"}
    assert ticked([], two) == {"4", "5"}
    long = [stop(n, "ab"[n % 2]) for n in range(6)]
    assert ticked(long, two) == {"0", "2", "4"}, "the chain of the first people whole, none of the other"


def test_before_a_plan_is_stopped_it_is_said_what_is_kept(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one = items(uow, campaign)[0]
        change_item(uow, ChangeItem(campaign, one.id, 60, one.version, excluded=True, excluded_why="Stängt"))
    job = asked(town, campaign)
    step(town, job)
    page = planner.get(f"/campaigns/{campaign}")
    assert "2 av 2 besök" in page, "what is left out is not asked for"
    assert "Tar du det bästa hittills blir det en plan" in page
    assert "Avbryter du sparas inget av det som har räknats fram" in page


def test_what_cannot_be_stands_beside_its_field_and_nothing_typed_is_lost(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    for change, words in (
        ({"opens": "åtta"}, "Skriv ett klockslag"),
        ({"last_on": (MONDAY + timedelta(days=90)).isoformat()}, "Högst åtta veckor"),
        ({"first_on": "9999-12-31", "last_on": "9999-12-31"}, "Högst två år från i dag"),
        ({"meeting_places": "a; b"}, "Skriv bara namnet"),
        ({"meeting_places": "Nygatan 101"}, "platsen"),
        ({"meeting_places": ""}, "Fyll i fältet."),
        ({"meeting_places": " \n\n"}, "Fyll i fältet."),
    ):
        answer = planner.send(start(town), "/campaigns/new", **said(town, **change))
        assert answer.status_code == 422, change
        assert words in answer.text
        assert "Höstens kiosker" in answer.text


def test_a_member_sees_where_it_goes_and_no_plan_and_others_nothing(sit: Sit, town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    page = sit(town.planner(town.tobacco)).get(f"/campaigns/{campaign}")
    assert f"Kiosk 1 {town.mark}" in page
    assert "Gör en plan" not in page
    assert str(plan.id) not in page
    stranger = sit(town.planner(town.environment)).client
    item = plan.plan["visits"][0]["id"]
    for path in (
        f"/campaigns/{campaign}",
        f"/campaigns/{campaign}.xlsx",
        f"/campaigns/{campaign}/visits/{item}",
    ):
        assert stranger.get(path).status_code == 404
    assert sit(town.inspector(town.police)).client.get("/campaigns").status_code == 403


def test_the_campaigns_are_a_file_of_those_that_concern_the_own_authority(sit: Sit, town: Town) -> None:
    campaign = made(town)
    for office in (town.police, town.tobacco):
        [row] = sit(town.planner(office)).client.get("/campaigns.json").get_json()
        assert (row["id"], row["name"], row["businesses"]) == (str(campaign), "Höstens kiosker", 3)
        assert (row["first_on"], row["last_on"]) == (MONDAY.isoformat(), (MONDAY + timedelta(days=4)).isoformat())
    assert sit(town.planner(town.environment)).client.get("/campaigns.json").get_json() == []
    assert sit(town.inspector(town.police)).client.get("/campaigns.json").status_code == 403


def test_a_try_of_weights_leaves_no_secret_of_the_form_in_the_address(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    where = planner.do("/candidates/weights", serious="43", what="try")
    assert "serious=43" in where
    assert "csrf_token" not in where
    assert 'value="43"' in planner.get(where)
    assert 'value="43"' not in planner.get("/candidates/weights")


def test_a_change_of_weights_is_tried_before_it_is_kept(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    assert "poäng" in planner.get("/candidates?order=score")
    page = planner.get("/candidates/weights?never=50")
    assert "Så skulle ordningen bli" in page
    assert "plats 1, 30 poäng" in page
    planner.do("/candidates/weights", never="50")
    page = planner.get("/candidates/weights")
    assert "Version 1" in page
    assert 'value="50"' in page
    assert planner.send("/candidates/weights", never="51").status_code == 422
