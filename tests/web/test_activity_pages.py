"""Activities beside operations: in the month and the week of every member, with a page that each of them can read."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.errors import ChangedMeanwhileError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.queries import list_tallies
from samsyn.pledges.rules import ActivityKind, ActivityState, Measure
from samsyn.pledges.service import (
    AddActivity,
    ChangeActivity,
    MoveActivity,
    add_activity,
    change_activity,
    move_activity,
)
from samsyn.pledges.service.minutes import WriteTime, count_time, write_time
from tests.factories import Town
from tests.pledges.test_numbers import promise
from tests.web.reader import open_browser
from tests.web.statements import counted

DAY = date(2027, 3, 4)
MONTH, WEEK = "/month?month=2027-03", "/week?week=2027-W09"


def plan(town: Town, title: str, on: date = DAY, kind: ActivityKind = ActivityKind.SAFETY_WALK) -> UUID:
    """Let the tobacco board plan one."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return add_activity(uow, AddActivity(town.collaboration, kind, on, f"{title} {town.mark}"))


def call_off(town: Town, key: UUID) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_activity(uow, ChangeActivity(key, ActivityState.CANCELLED, 1, "Halka."))


def readers(town: Town) -> list[Viewer]:
    return [town.planner(town.tobacco), town.planner(town.police), town.inspector(town.health)]


def test_every_member_finds_it_in_the_month_and_the_week_and_reads_its_page(app: APIFlask, town: Town) -> None:
    key = plan(town, "Vandring vid ån")
    for viewer in readers(town):
        browser = open_browser(app.test_client(), viewer)
        for calendar in (MONTH, WEEK):
            page = browser.get(calendar)
            assert f'href="/activities/{key}"' in page
            assert f"Vandring vid ån {town.mark}" in page
            assert "Trygghetsvandring" in page
        page = browser.get(f"/activities/{key}")
        assert f"Vandring vid ån {town.mark}" in page
        assert ('name="state"' in page) == (viewer.authority_id == town.tobacco.id)
    outside = open_browser(app.test_client(), town.planner(town.outsider))
    assert town.mark not in outside.get(MONTH).partition("<main")[2] + outside.get(WEEK).partition("<main")[2]
    assert outside.client.get(f"/activities/{key}").status_code == 404


def test_what_is_called_off_stands_in_no_calendar_and_its_page_says_why(app: APIFlask, town: Town) -> None:
    key = plan(town, "Vandring")
    call_off(town, key)
    browser = open_browser(app.test_client(), town.planner(town.police))
    assert str(key) not in browser.get(MONTH) + browser.get(WEEK)
    assert "Halka." in browser.get(f"/activities/{key}")


def test_the_months_and_the_weeks_files_have_it(app: APIFlask, town: Town) -> None:
    key = plan(town, "Dialog på torget", kind=ActivityKind.DIALOGUE)
    plan(town, "En annan månad", date(2027, 4, 1))
    client = open_browser(app.test_client(), town.planner(town.police)).client
    (row,) = client.get("/month.json?month=2027-03").get_json()
    what = f"Medborgardialog: Dialog på torget {town.mark}"
    assert (row["day"], row["starts_at"], row["what"], row["state"]) == ("2027-03-04", None, what, "Planerad")
    assert row["id"] == str(key)
    (row,) = client.get("/week.json?week=2027-W09").get_json()
    assert (row["day"], row["starts_at"], row["row"], row["what"]) == ("2027-03-04", None, "Aktiviteter", what)
    assert client.get("/week.xlsx?week=2027-W09").status_code == 200


def test_the_statements_do_not_grow_with_the_activities(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.planner(town.police))
    plan(town, "Den första")
    for address in (MONTH, WEEK):
        browser.get(address)
        with counted() as few:
            browser.get(address)
        for n in range(3):
            plan(town, f"Vandring {n}", date(2027, 3, 2 + n))
        with counted() as many:
            browser.get(address)
        assert len(few) == len(many)


def test_an_own_activity_is_moved_and_renamed_and_every_calendar_follows(app: APIFlask, town: Town) -> None:
    key = plan(town, "Vandring")
    own = open_browser(app.test_client(), town.planner(town.tobacco))
    path = f"/activities/{key}"
    own.do(path, f"{path}/move", on_date="2027-04-09", title=f"Vandring i parken {town.mark}")
    other = open_browser(app.test_client(), town.planner(town.police))
    assert str(key) not in other.get(MONTH)
    assert f"Vandring i parken {town.mark}" in other.get("/month?month=2027-04")
    page = other.get(path)
    assert f"Vandring i parken {town.mark}" in page
    assert "Ändrad" in page
    assert f"{path}/move" not in page
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(NotFoundError):
        move_activity(uow, MoveActivity(key, DAY, "Vår", None, 2))
    with unit_of_work(town.inspector(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        move_activity(uow, MoveActivity(key, DAY, "Vår", None, 2))
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(ChangedMeanwhileError):
        move_activity(uow, MoveActivity(key, DAY, "Vår", None, 1))


def test_what_is_done_is_not_moved_to_a_day_to_come_and_an_area_is_of_the_days_year(town: Town) -> None:
    promised = promise(town, 2026)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        walk = AddActivity(town.collaboration, ActivityKind.PATROL, date(2026, 1, 9), "Patrull", promised.areas[0])
        key = add_activity(uow, walk)
        with pytest.raises(InvalidError) as moved:
            move_activity(uow, MoveActivity(key, date(2027, 1, 9), "Patrull", promised.areas[0], 1))
        assert set(moved.value.fields) == {"focus_area_id"}
        change_activity(uow, ChangeActivity(key, ActivityState.DONE, 1))
        with pytest.raises(InvalidError) as moved:
            move_activity(uow, MoveActivity(key, uow.today + timedelta(days=1), "", None, 2))
        assert set(moved.value.fields) == {"on_date", "title"}


def test_the_time_of_a_moved_activity_is_counted_in_its_new_quarter_and_no_longer_in_the_old(town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        walk = AddActivity(town.collaboration, ActivityKind.PATROL, date(2026, 2, 9), "Patrull", done=True)
        key = add_activity(uow, walk)
        write_time(uow, WriteTime(key, 60, 90, 0))
    worker = Viewer.task_of(town.tobacco.id)
    with unit_of_work(worker) as uow:
        count_time(uow, key)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        move_activity(uow, MoveActivity(key, date(2026, 5, 9), "Patrull", None, 1))
    with unit_of_work(worker) as uow:
        count_time(uow, key)
        lines = [one for one in list_tallies(uow, town.collaboration) if one.dimension == "activities"]
        found = {(one.quarter, one.measure): one.n for one in lines}
    assert found["2026-Q2", Measure.SPENT_MINUTES] == 90
    assert found["2026-Q1", Measure.SPENT_MINUTES] == 0


def test_the_form_offers_the_areas_of_the_days_year_alone(app: APIFlask, town: Town) -> None:
    promised, next_year = promise(town, 2026), promise(town, 2027)
    lead = open_browser(app.test_client(), town.planner(town.tobacco))
    page = lead.get("/activities/new")
    assert f'value="{promised.areas[0]}"' in page
    assert f'value="{next_year.areas[0]}"' not in page
    wrong = {"kind": "patrol", "on_date": "2027-02-01", "title": "x", "focus_area_id": str(promised.areas[0])}
    refused = lead.send("/activities/new", collaboration_id=str(town.collaboration), **wrong)
    assert refused.status_code == 422
    assert f'value="{next_year.areas[0]}"' in refused.text
