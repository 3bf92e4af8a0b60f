"""Remarks and the picture as their people write and read them, in both languages, with their files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.queries import list_hot_spots
from samsyn.places.queries.pictures import list_entries
from samsyn.places.queries.remarks import RemarkFilter, list_remarks
from samsyn.places.rules import RemarkState
from samsyn.pledges.queries import areas_of
from samsyn.pledges.rules import ActivityKind
from samsyn.pledges.service import AddActivity, add_activity
from tests.factories import Town
from tests.pledges.test_numbers import promise
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]
TODAY = local_day(datetime.now(UTC))


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def test_a_remark_of_a_walk_is_at_the_walks_hot_spot(sit: Sit, town: Town) -> None:
    asks = sit(town.planner(town.police))
    spot = {
        "name": "Vid ån",
        "outline": "59.39, 15.83\n59.40, 15.83\n59.40, 15.85",
        "text": "Mörkt",
        "on_date": "2026-01-02",
    }
    asks.do("/hot-spots/new", collaboration_id=str(town.collaboration), **spot)
    with unit_of_work(town.planner(town.police)) as uow:
        where = next(one.id for one in list_hot_spots(uow) if one.name == "Vid ån")
        walk = AddActivity(town.collaboration, ActivityKind.SAFETY_WALK, TODAY, "Vandring", None, where, done=True)
        activity = add_activity(uow, walk)
    assert f'value="{where}" selected' in asks.get(f"/remarks/new?activity_id={activity}")
    time = f"/activities/{activity}/time"
    landed = asks.do(time, planned="60", spent="75")
    assert "Tiden är sparad." in asks.get(landed)


def test_a_remark_is_asked_answered_and_listed_with_its_age(sit: Sit, town: Town) -> None:
    asks, mends = sit(town.inspector(town.police)), sit(town.planner(town.environment))
    seen = TODAY - timedelta(days=40)
    fields = {
        **{"collaboration_id": str(town.collaboration), "unit_id": str(town.environment.unit), "kind": "lighting"},
        **{"place": "Bron", "noticed_on": seen.isoformat(), "due_on": (seen + timedelta(days=30)).isoformat()},
    }
    wrong = asks.send("/remarks/new", text="Ring 19121212-1212", **fields)
    assert wrong.status_code == 422
    assert 'value="Bron"' in wrong.text
    where = asks.do("/remarks/new", text="Två lyktor är släckta", **fields).partition("#")[0]
    page = mends.get("/remarks?whose=to_us")
    assert "Två lyktor är släckta" in page
    assert "Försenad" in page
    assert ">40<" in page
    assert "answer" not in asks.get(where).partition("<main")[2]
    refused = mends.send(where, f"{where}/answer", state="declined", text="")
    assert refused.status_code == 422
    mends.do(where, f"{where}/answer", state="done", done_on=TODAY.isoformat(), text="Lagat")
    assert "Lagat" in asks.get(where)
    assert "Två lyktor" not in asks.get("/remarks")
    assert "Två lyktor" in asks.get("/remarks?state=done")
    told = json.loads(asks.client.get("/remarks.json?state=every").data)
    assert "Lagat" in json.dumps(told, ensure_ascii=False)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert [one.state for one in list_remarks(uow, RemarkFilter())] == [RemarkState.DONE]
    outside = sit(town.planner(town.outsider))
    assert outside.client.get(where).status_code == 404
    assert "Två lyktor" not in outside.get("/remarks?state=every")
    for path in ("/remarks", "/remarks/new", where, "/picture", "/picture/new"):
        english = sit(town.planner(town.police)).get(f"{path}?lang=en")
        assert not {"remarks.", "pictures."} & set(english.split('"')), path
        assert "remarks.field" not in english
        assert "pictures.field" not in english


def test_the_picture_is_written_on_a_focus_area_and_read_there(sit: Sit, town: Town) -> None:
    promised = promise(town)
    planner = sit(town.planner(town.police))
    with unit_of_work(town.planner(town.police)) as uow:
        area = areas_of(uow, promised.pledge)[0]
    new = f"/picture/new?area={area.id}"
    assert f'value="{area.id}" selected' in planner.get(new)
    nothing = planner.send("/picture/new", text="Oro", focus_area_id="", hot_spot_id="")
    assert nothing.status_code == 422
    assert "Välj ett fokusområde" in nothing.text
    planner.do(new, "/picture/new", text="Oro efter mörkrets inbrott", source="public")
    assert f"/picture?area={area.id}" in planner.get(f"/pledges?pledge={promised.pledge}")
    with unit_of_work(town.planner(town.police)) as uow:
        entry = list_entries(uow, area.id)[0].entry_id
    planner.do(f"/picture/{entry}", f"/picture/{entry}", text="Lugnare i veckan")
    page = planner.get(f"/picture?area={area.id}")
    assert "Lugnare i veckan" in page
    assert "Version 2" in page
    assert "Oro efter" not in page
    assert "Oro efter" in planner.get(f"/picture/{entry}")
    member = sit(town.inspector(town.health))
    assert "Lugnare i veckan" in member.get("/picture")
    assert "Lugnare" in json.dumps(json.loads(member.client.get(f"/picture.json?area={area.id}").data))
    planner.do(f"/picture/{entry}", f"/picture/{entry}/withdraw")
    assert "Lugnare i veckan" not in planner.get("/picture")
