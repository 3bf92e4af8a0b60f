"""Activities beside operations: in the month and the week of every member, with a page that each of them can read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from apiflask import APIFlask

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.rules import ActivityKind, ActivityState
from samsyn.pledges.service import AddActivity, ChangeActivity, add_activity, change_activity
from tests.factories import Town
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
