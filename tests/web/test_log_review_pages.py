"""The pages of the log's review: a month drawn and ticked off, an alarm handled, both as files; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from apiflask import APIFlask

from samsyn.audit.rules import REFUSED
from samsyn.audit.service import record
from samsyn.core.home import local_day
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.reviews.queries import list_alarms, sample_of
from samsyn.reviews.rules import LIMITS, first_of, month_before
from samsyn.reviews.service import watch
from tests.factories import Town
from tests.web.reader import Browser, open_browser

LAST = month_before(first_of(local_day(datetime.now(UTC))))
MONTH = f"{LAST:%Y-%m}"
Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def read_by(town: Town) -> Viewer:
    """Somebody of the tobacco unit who read three findings last month, and was refused often just now."""
    who = town.inspector(town.tobacco)
    with unit_of_work(who, datetime(LAST.year, LAST.month, 12, 9, tzinfo=UTC)) as uow:
        for _ in range(3):
            record(uow, "finding.read", uuid4())
    with unit_of_work(who) as uow:
        for _ in range(LIMITS.refused_least):
            record(uow, REFUSED, uuid4(), reason="not_found GET /operations/<uuid:operation_id>")
    with unit_of_work(Viewer(town.tobacco.id, None, frozenset({"task", "log_reviewer"}))) as uow:
        watch(uow)
    return who


def test_a_month_is_drawn_ticked_off_and_left_as_a_file(town: Town, sit: Sit, read_by: Viewer) -> None:
    browser = sit(town.planner(town.tobacco))
    assert f"är inte granskad: {MONTH}." in browser.client.get("/").text
    assert "Börja granska" in browser.client.get("/audit/sample").text
    assert browser.do("/audit/sample", month=MONTH) == f"/audit/sample?month={MONTH}#lines"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        lines = [one.audit_id for one in sample_of(uow, LAST)]
    assert len(lines) == 3
    page, path = f"/audit/sample?month={MONTH}", f"/audit/sample/{lines[0]}"
    refused = browser.send(page, path, verdict="look_closer", note="")
    assert refused.status_code == 422
    assert "Fyll i fältet" in refused.text
    assert browser.do(page, path, verdict="look_closer", note="fråga Kim").endswith(f"#line-{lines[0]}")
    for line in lines[1:]:
        browser.do(page, f"/audit/sample/{line}", verdict="in_order")
    shown = browser.client.get(f"/audit/sample?month={MONTH}").text
    assert "fråga Kim" in shown
    assert "Läste iakttagelser" in shown
    rows = browser.client.get(f"/audit/sample.json?month={MONTH}").get_json()
    assert sorted(row["verdict"] for row in rows) == ["I sin ordning", "I sin ordning", "Titta närmare"]
    assert "är inte granskad" not in browser.client.get("/").text


def test_an_alarm_is_shown_in_words_and_handled(town: Town, sit: Sit, read_by: Viewer) -> None:
    browser = sit(town.planner(town.tobacco))
    assert "Ett larm om ovanlig läsning väntar." in browser.client.get("/").text
    shown = browser.client.get("/audit/alarms").text
    assert f"Nekades åtkomst {LIMITS.refused_least} gånger på en timme." in shown
    with unit_of_work(town.planner(town.tobacco)) as uow:
        [alarm] = list_alarms(uow, Seek(9)).items
    path = f"/audit/alarms/{alarm.id}"
    kept = browser.send("/audit/alarms", path, handling="explained", note="mitt nummer är 19121212-1212")
    assert kept.status_code == 422
    assert "19121212-1212" in kept.text
    again = browser.form("/audit/alarms", path).fields
    where = browser.do("/audit/alarms", path, handling="explained", note="en gammal länk")
    assert where == f"/audit/alarms?which=handled#alarm-{alarm.id}"
    assert "en gammal länk" in browser.client.get("/audit/alarms?which=handled").text
    assert "en gammal länk" in browser.client.get("/audit/alarms.csv?which=handled").text
    twice = {**again, "idempotency_key": [str(uuid4())], "handling": ["forwarded"], "note": ["igen"]}
    assert browser.client.post(path, data=twice).status_code == 409


def test_nobody_else_opens_or_changes_them(town: Town, sit: Sit, read_by: Viewer) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        [alarm] = list_alarms(uow, Seek(9)).items
    other = sit(town.planner(town.police))
    token = other.form("/settings").fields["csrf_token"]
    sent = {"csrf_token": token, "handling": ["explained"], "note": ["x"]}
    assert other.client.post(f"/audit/alarms/{alarm.id}", data=sent).status_code == 404
    assert str(alarm.id) not in other.client.get("/audit/alarms").text
    for path in ("/audit/alarms", "/audit/sample", "/audit/alarms.xlsx", f"/audit/sample.csv?month={MONTH}"):
        assert sit(read_by).client.get(path).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "x", "1999-01"])
def test_what_is_no_month_is_not_there(town: Town, sit: Sit, month: str) -> None:
    assert sit(town.planner(town.tobacco)).client.get(f"/audit/sample?month={month}").status_code == 404
