"""A month of operations: its weeks and days, for everybody what they may know, and a month that is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from apiflask import APIFlask

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.operations.service import AddVisit, AskPart, ProposeOperation, add_visit, propose_operation
from samsyn.planning.queries.month import Month
from tests.factories import Town
from tests.web.reader import open_browser
from tests.web.statements import counted

FIRST = (local_day(datetime.now(UTC)).replace(day=1) + timedelta(days=40)).replace(day=1)


def plan(town: Town, days: int, n: int) -> None:
    starts_at = datetime.combine(FIRST + timedelta(days=days), time(12, 0), UTC)
    ends_at = starts_at + timedelta(hours=2)
    with unit_of_work(town.planner(town.police)) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, starts_at, ends_at))
        parts = (AskPart(town.tobacco.id),)
        add_visit(uow, AddVisit(operation, town.businesses[n], starts_at, ends_at, parts=parts))


def test_a_month_shows_its_operations_to_who_may_know_and_leads_to_its_weeks(app: APIFlask, town: Town) -> None:
    for n in range(6):
        plan(town, 10, n % 3)
    plan(town, 20, 1)
    month = FIRST.isoformat()[:7]
    page = open_browser(app.test_client(), town.planner(town.police)).get(f"/month?month={month}")
    assert f"Kiosk 1 {town.mark}" in page
    assert "1 till" in page
    assert f"/month?month={Month.of(FIRST).beside(-1).name}" in page
    assert "7 insatser" in page
    inspector = open_browser(app.test_client(), town.inspector(town.health)).get(f"/month?month={month}")
    assert town.mark not in inspector.partition("<main")[2]
    assert "Inga insatser den här månaden" in inspector


def test_a_months_file_has_all_of_its_own_days_and_says_what_the_page_says(app: APIFlask, town: Town) -> None:
    for n in range(7):
        plan(town, 10, n % 3)
    plan(town, (Month.of(FIRST).beside(1).first - FIRST).days, 0)
    month = FIRST.isoformat()[:7]
    browser = open_browser(app.test_client(), town.planner(town.police))
    rows = browser.client.get(f"/month.json?month={month}").get_json()
    assert [row["day"] for row in rows] == [(FIRST + timedelta(days=10)).isoformat()] * 7
    assert {row["what"] for row in rows} == {f"Kiosk {n} {town.mark}" for n in range(3)}
    assert {(row["state"], row["in_danger"]) for row in rows} == {("Förslag", None)}
    assert f'href="/month.xlsx?month={month}"' in browser.get(f"/month?month={month}")
    assert browser.client.get("/month.csv?month=2026-13").status_code == 422
    inspector = open_browser(app.test_client(), town.inspector(town.health))
    assert inspector.client.get(f"/month.json?month={month}").get_json() == []


def test_the_statements_do_not_grow_with_the_operations(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.planner(town.police))
    address = f"/month?month={FIRST.isoformat()[:7]}"
    plan(town, 3, 0)
    browser.get(address)
    with counted() as few:
        browser.get(address)
    for n in range(4):
        plan(town, 4 + n, n % 3)
    with counted() as many:
        browser.get(address)
    assert len(few) == len(many)


@pytest.mark.parametrize("typed", ["2026-13", "x", "0001-01", "9999-12"])
def test_a_month_that_is_none_keeps_what_was_typed(app: APIFlask, town: Town, typed: str) -> None:
    answer = open_browser(app.test_client(), town.planner(town.police)).client.get(f"/month?month={typed}")
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "Skriv en månad" in answer.text


def test_a_months_weeks_are_all_iso_weeks_that_touch_it() -> None:
    weeks = Month.named("2027-01").weeks
    assert [one.name for one in weeks] == ["2026-W53", "2027-W01", "2027-W02", "2027-W03", "2027-W04"]
    assert Month(2026, 12).beside(1) == Month(2027, 1)
    assert Month.of(date(2026, 2, 1)).weeks[0].monday == date(2026, 1, 26)
