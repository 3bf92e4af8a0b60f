"""What cannot be on a campaign's pages is said beside its field, and what was typed and looked for stays."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask

from samsyn.core.errors import InvalidError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.lifecycle.service import MoveOperation, move_operation
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.planning.queries.campaigns import MeetingPlace, get_item, items_of, plans_of
from samsyn.planning.service.campaign_changes import add_businesses
from samsyn.planning.service.campaigns import AskMember
from samsyn.web.pages import campaigns as campaigns_page
from samsyn.web.pages.campaign_view import proof_of
from tests.factories import Town
from tests.planning.campaigning import MONDAY, made, planned
from tests.web.reader import Browser, open_browser, read

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    """Sign somebody in on a browser of their own."""
    return lambda viewer: open_browser(app.test_client(), viewer)


def test_a_business_or_an_authority_outside_the_collaboration_leaves_what_was_typed(sit: Sit, town: Town) -> None:
    planner, day = sit(town.planner(town.police)), MONDAY.isoformat()
    business, path = str(town.businesses[0]), f"/campaigns/new?business={town.businesses[0]}"
    said = {
        "name": "Vinterns",
        "first_on": day,
        "last_on": day,
        "opens": "8",
        "closes": "17",
        "meeting_places": "Torget",
    }
    own = [f"{town.police.id}:1"]
    for chosen, asks in (([business, str(uuid4())], own), ([business], [*own, f"{town.outsider.id}:1"])):
        answer = planner.send(path, "/campaigns/new", **said, business=chosen, asks=asks)
        assert answer.status_code == 422
        assert "Finns inte i samarbetet" in answer.text
        assert 'value="Vinterns"' in answer.text
    foreign = planner.send(path, "/campaigns/new", **said, asks=own, collaboration_id=str(uuid4()))
    assert foreign.status_code == 404


def test_a_fault_while_adding_keeps_the_search(sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    path = f"/campaigns/{made(town, business_ids=tuple(town.businesses[:1]))}/businesses"
    chosen = [str(town.businesses[2])]
    answer = planner.send(f"{path}?begins_with=Kiosk 2", path, business=chosen, minutes="5")
    assert answer.status_code == 422
    assert 'name="begins_with" autocomplete="off" value="Kiosk 2"' in answer.text
    [form] = [one for one in read(answer.text).found if one.action == path and one.method == "post"]
    assert (form.fields["business"], form.fields["begins_with"]) == (chosen, ["Kiosk 2"])
    assert planner.send(path, path, business=[str(uuid4())]).status_code == 422
    assert planner.send(path, path, business=chosen, cursor="é").status_code == 422


def test_a_place_that_the_meeting_place_names_is_not_added_and_named(town: Town) -> None:
    meets = (MeetingPlace("Utanför Nygatan 121"),)
    campaign = made(town, business_ids=tuple(town.businesses[:1]), meeting_places=meets)
    with unit_of_work(town.planner(town.police)) as uow:
        with pytest.raises(InvalidError) as refused:
            add_businesses(uow, campaign, town.businesses, 60)
        [said, *names] = refused.value.fields["business"]
        assert said == "the meeting place names it"
        assert names == [f"Kiosk 2 {town.mark}"]


def test_who_is_wanted_at_a_place_is_somebody_whom_the_campaign_asks(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        item = items_of(uow, campaign)[0].id
    path = f"/campaigns/{campaign}/visits/{item}"
    for authorities, words in (([], "Välj minst en"), ([str(uuid4())], "Okänt"), ([str(town.outsider.id)], "Okänt")):
        answer = planner.send(path, path, "change", minutes="90", authorities=authorities)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="90"' in answer.text
    planner.do(path, path, "change", authorities=[str(town.tobacco.id)])
    alone = made(town, members=(AskMember(town.police.id),))
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_item(uow, campaign, item).authorities == (town.tobacco.id,)
        item = items_of(uow, alone)[0].id
    planner.do(f"/campaigns/{alone}/visits/{item}", f"/campaigns/{alone}/visits/{item}", "change", minutes="90")


def test_choices_beyond_what_is_taken_are_told(sit: Sit, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = sit(town.planner(town.police))
    many = "&".join(f"business={UUID(int=n)}" for n in range(51))
    assert "1 till togs inte med" in planner.get(f"/candidates?{many}")
    assert "togs inte med" not in planner.get(f"/candidates?{many.rpartition('&')[0]}")
    assert "togs inte med" not in planner.get("/campaigns/new?all=1")
    planner.get("/campaigns/new?all=1&order=points", 422)
    monkeypatch.setattr(campaigns_page, "MOST_ITEMS", 2)
    assert "1 till togs inte med" in planner.get("/campaigns/new?all=1&begins_with=Kiosk")


def test_what_is_left_out_is_said_to_be_the_least_where_that_is_known(app: APIFlask, sit: Sit, town: Town) -> None:
    planner = sit(town.planner(town.police))
    alone = made(town, closes=8 * 60 + 30)
    planned(town, alone)
    assert "Ja, ingen plan kan utelämna mindre" in planner.get(f"/campaigns/{alone}")
    crowded = made(town, days=1, closes=8 * 60 + 120)
    plan = planned(town, crowded)
    assert plan.plan["unscheduled"]
    least = plan.parts["unserved"] * (plan.risk_wanted - plan.risk_at_most) // (plan.risk_wanted - plan.risk)
    words = f"ingen plan kommer under {least}" if plan.risk < plan.risk_at_most else "ingen plan kan utelämna mindre"
    assert words in planner.get(f"/campaigns/{crowded}")
    with unit_of_work(town.planner(town.police)) as uow:
        [seen] = plans_of(uow, crowded)
    half = replace(seen, risk=10, risk_wanted=20, risk_at_most=15, parts={"unserved": 1000})
    with app.test_request_context():
        assert proof_of(half, "unserved").endswith("ingen plan kommer under 500")


def test_beside_a_time_that_cannot_be_stand_the_nearest_that_can(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    item = planned(town, campaign).plan["visits"][0]["id"]
    path = f"/campaigns/{campaign}/visits/{item}"
    refused = planner.send(path, path, "move", starts_at_date=MONDAY.isoformat(), starts_at_time="03:00")
    assert refused.status_code == 422
    assert "Närmaste tider som inget står i vägen för" in refused.text
    links = [html.unescape(one) for one in re.findall(rf'href="({path}\?plan=[^"]+)"', refused.text)]
    assert 0 < len(links) <= 4
    offered = planner.get(links[0])
    assert "Inget står i vägen" in offered
    day, clock = (re.search(rf"{name}=([0-9:-]+)", links[0]) for name in ("day", "clock"))
    assert day is not None and clock is not None  # noqa: PT018  for the types
    planner.do(path, path, "move", starts_at_date=day[1], starts_at_time=clock[1])
    carried = planner.get(f"{path}?day={MONDAY.isoformat()}&clock=03:00")
    assert "Närmaste tider" in carried
    closed = made(town, closes=8 * 60 + 30)
    planned(town, closed)
    with unit_of_work(town.planner(town.police)) as uow:
        alone = f"/campaigns/{closed}/visits/{items_of(uow, closed)[0].id}"
    assert "Ingen annan tid i närheten går" in planner.get(f"{alone}?day={MONDAY.isoformat()}&clock=08:00")


def test_a_business_whose_operation_was_called_off_is_planned_again(sit: Sit, town: Town) -> None:
    planner, campaign = sit(town.planner(town.police)), made(town)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    path = f"/campaigns/{campaign}/visits/{item}"
    with unit_of_work(town.planner(town.police)) as uow:
        [operation] = publish_plan(uow, PublishPlan(campaign, plan.id, (item,)))
    assert "Planera igen" not in planner.get(path)
    with unit_of_work(town.planner(town.police)) as uow:
        move_operation(uow, MoveOperation(operation, OperationState.CANCELLED, get_operation(uow, operation).version))
    assert "Insatsen är inställd" in planner.get(f"/campaigns/{campaign}")
    assert "Insatsen är inställd" in planner.client.get(f"/campaigns/{campaign}.csv").text
    planner.do(path, path, "again")
    assert "Insatsen är inställd" not in planner.get(f"/campaigns/{campaign}")
    assert "Gör en ny plan; det som ligger fast ligger kvar" in planner.get(f"/campaigns/{campaign}")
    assert str(item) in {one["id"] for one in planned(town, campaign).plan["visits"]}
