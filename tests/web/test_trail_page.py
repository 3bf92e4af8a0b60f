"""The log reviewer's page: readable, filtered, only the own authority's; refused access leaves a line, no flood."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask

from samsyn.audit.queries import AuditFilter, AuditLine, list_audit
from samsyn.audit.service import record
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.refusals import Quota
from tests.factories import Office, Town
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


def lines(town: Town, office: Office, action: str = "") -> list[AuditLine]:
    with unit_of_work(town.planner(office)) as uow:
        return list(list_audit(uow, Seek(200), AuditFilter(action=action)).items)


def did(viewer: Viewer, action: str, what: UUID, reason: str | None = None) -> None:
    with unit_of_work(viewer) as uow:
        record(uow, action, what, reason=reason)


def test_the_log_says_in_words_who_did_what(town: Town, sit: Sit) -> None:
    mine, theirs = uuid4(), uuid4()
    did(town.inspector(town.tobacco), "finding.read", mine)
    did(town.inspector(town.police), "finding.read", theirs)
    answer = sit(town.planner(town.tobacco)).client.get("/audit")
    assert answer.status_code == 200
    assert "Läste iakttagelser" in answer.text
    assert "Inspektör 1 Socialnämnden" in answer.text
    assert str(mine) in answer.text
    assert str(theirs) not in answer.text


def test_only_a_log_reviewer_opens_it(town: Town, sit: Sit) -> None:
    browser = sit(town.inspector(town.tobacco))
    for path in ("/audit", "/audit.csv"):
        assert browser.client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("action=reads", {"finding.read"}),
        ("action=finding.read", {"finding.read"}),
        ("reason=lärm", {"list.export"}),
        ("reason=%25", set()),
        ("object={thing}", {"list.export"}),
        ("person={person}&action=exports", {"list.export"}),
        ("since=2000-01-01&until=2000-01-02", set()),
    ],
)
def test_filters_narrow_page_and_file(town: Town, sit: Sit, asked: str, found: set[str]) -> None:
    thing, who = uuid4(), town.inspector(town.health)
    did(who, "list.export", thing, "alarm lärm")
    did(who, "finding.read", uuid4())
    asked = asked.format(thing=thing, person=who.person_id)
    client = sit(town.planner(town.health)).client
    rows = client.get(f"/audit.json?{asked}").get_json()
    rows = rows["rows"] if isinstance(rows, dict) else rows
    assert {row["action"] for row in rows} == found
    assert client.get(f"/audit?{asked}").status_code == 200


def test_a_filter_that_cannot_be_read_is_said(town: Town, sit: Sit) -> None:
    client = sit(town.planner(town.health)).client
    assert "32 tecken" in client.get("/audit?object=x").text
    assert client.get("/audit?since=igår").status_code == 200


def test_refused_access_leaves_a_line_with_the_id_and_the_route(town: Town, sit: Sit) -> None:
    browser, hidden = sit(town.inspector(town.tobacco)), uuid4()
    assert browser.client.get(f"/operations/{hidden}").status_code == 404
    assert browser.client.get("/audit").status_code == 403
    assert browser.client.get("/nowhere").status_code == 404
    found = {(line.object_id, line.reason) for line in lines(town, town.tobacco, "refused")}
    assert found == {
        (hidden, "not_found GET /operations/<uuid:operation_id>"),
        (town.tobacco.id, "not_allowed GET /audit"),
    }


def test_a_stranger_makes_us_write_nothing(town: Town, app: APIFlask) -> None:
    app.test_client().get(f"/operations/{uuid4()}")
    app.test_client().get(f"/api/v1/operations/{uuid4()}", headers={"Authorization": "Bearer x"})
    assert all(lines(town, office, "refused") == [] for office in town.offices)


def test_a_person_leaves_so_many_lines_and_one_that_says_more() -> None:
    quota, who = Quota(most=3, within=10), uuid4()
    assert [quota.take(who, 1.0) for _ in range(6)] == ["line", "line", "line", "more", "", ""]
    assert quota.take(uuid4(), 1.0) == "line"
    assert quota.take(who, 12.0) == "line"
