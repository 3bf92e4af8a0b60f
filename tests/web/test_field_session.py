"""A field session: one device, one operation's evening, twelve hours; nothing else, whatever else its person may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from werkzeug.test import TestResponse

from samsyn.access.service import PlaceEnds, end_place
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_operation, visits_of
from samsyn.operations.rules import OperationState
from samsyn.web.field_session import FIELD, Of
from samsyn.web.guards import declared_permissions
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser
from tests.web.test_guards import filled

EVENING = {
    ("POST", "/sign-out"),
    ("GET", "/tonight"),
    ("GET", "/operations/<uuid:operation_id>/order"),
    ("POST", "/operations/<uuid:operation_id>/contact"),
    ("POST", "/operations/<uuid:operation_id>/contact/withdraw"),
    ("GET", "/visits/<uuid:visit_id>/end"),
    ("POST", "/visits/<uuid:visit_id>/end"),
    ("GET", "/visits/<uuid:visit_id>/recusal"),
    ("POST", "/visits/<uuid:visit_id>/recusal"),
    ("GET", "/visits/<uuid:visit_id>/presence"),
    ("POST", "/visits/<uuid:visit_id>/presence"),
    ("GET", "/visits/<uuid:visit_id>/entry"),
    ("POST", "/visits/<uuid:visit_id>/entry"),
    ("GET", "/visits/<uuid:visit_id>/help"),
    ("POST", "/visits/<uuid:visit_id>/help"),
    ("GET", "/help-requests"),
    ("GET", "/help-requests/<uuid:help_id>"),
    ("POST", "/help-requests/<uuid:help_id>"),
    ("GET", "/parts/<uuid:part_id>/checklist"),
    ("POST", "/parts/<uuid:part_id>/checklist"),
    ("GET", "/parts/<uuid:part_id>/hand-in"),
    ("POST", "/parts/<uuid:part_id>/hand-in"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/end"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/recusal"),
    ("GET", "/api/v1/field-session"),
    ("GET", "/api/v1/operations/<uuid:operation_id>/evening"),
    ("GET", "/api/v1/visits/<uuid:visit_id>/facts"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/facts"),
    ("GET", "/api/v1/visits/<uuid:visit_id>/presence"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/presence"),
    ("GET", "/api/v1/visits/<uuid:visit_id>/refusals"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/refusals"),
    ("GET", "/api/v1/visits/<uuid:visit_id>/help-requests"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/help-requests"),
    ("POST", "/api/v1/visits/<uuid:visit_id>/help-answers"),
    ("GET", "/api/v1/visits/<uuid:visit_id>/findings"),
    ("GET", "/api/v1/parts/<uuid:part_id>/checklist"),
    ("POST", "/api/v1/parts/<uuid:part_id>/findings"),
    ("POST", "/api/v1/parts/<uuid:part_id>/hand-in"),
    ("GET", "/api/v1/findings/<uuid:finding_id>"),
    ("POST", "/api/v1/findings/<uuid:finding_id>/evidence"),
    ("GET", "/api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>"),
    ("PATCH", "/api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>"),
    ("GET", "/api/v1/evidence/<uuid:evidence_id>"),
}
"""Said here once more: a route that is added to the list in the house opens to a device that others may hold."""


@dataclass
class Evening:
    """Somebody who goes to an operation that goes on now, in a browser."""

    app: APIFlask
    town: Town
    walk: Walk
    browser: Browser

    @property
    def begin(self) -> str:
        return f"/operations/{self.walk.operation}/field-session"

    @property
    def page(self) -> str:
        return f"/tonight?operation={self.walk.operation}"

    def status(self, path: str | None = None) -> int:
        return self.browser.client.get(path or self.page).status_code


def an_evening(app: APIFlask, town: Town, who: Viewer | None = None, begins: timedelta = timedelta(hours=1)) -> Evening:
    walk = walk_to(town, OperationState.CONFIRMED, starts_at=datetime.now(UTC) + begins)
    return Evening(app, town, walk, open_browser(app.test_client(), who or town.inspector(town.tobacco)))


@pytest.fixture
def evening(app: APIFlask, town: Town) -> Evening:
    """In a field session already."""
    it = an_evening(app, town)
    assert it.browser.do(it.page, it.begin) == it.page
    return it


def part_of(evening: Evening) -> UUID:
    return evening.walk.parts[evening.town.tobacco.id]


def later(cluster: Cluster, database: str, by: timedelta) -> None:
    with as_owner(cluster, database) as db:
        moved = "created_at = created_at - :by, seen_at = seen_at - :by, expires_at = expires_at - :by"
        db.execute(text(f"UPDATE token SET {moved} WHERE purpose IN ('session', 'field_session')"), {"by": by})
        db.commit()


def is_refused(answer: TestResponse) -> bool:
    return answer.status_code == 403 and ("fältläge" in answer.text or '"code":"field_session"' in answer.text)


def test_what_it_opens_is_the_evening_and_what_opens_nothing(house_app: APIFlask, practice_app: APIFlask) -> None:
    assert {route for route, of in FIELD.items() if of is not Of.ANYBODY} == EVENING
    routes = declared_permissions(practice_app)
    assert set(FIELD) <= set(routes), "no route that is not there"
    assert all(routes[route].open for route, of in FIELD.items() if of is Of.ANYBODY)


def test_every_other_route_is_refused_and_says_why(evening: Evening) -> None:
    """Route by route: pages with a page, the API with a problem; before anything of the request is read."""
    tried = 0
    for method, rule in declared_permissions(evening.app):
        if (method, rule) in FIELD:
            continue
        path = "/".join(map(filled, rule.split("/")))
        answer = evening.browser.client.open(path, method=method, data=b"{", content_type="application/json")
        assert is_refused(answer), (method, rule, answer.status_code)
        assert rule.startswith("/api/") == (answer.content_type == "application/problem+json"), rule
        if not rule.startswith("/api/"):
            assert 'href="/sign-in"' in answer.text, rule
        tried += 1
    assert tried > 250
    assert evening.status() == 200, "it stands all the same"


def test_the_evening_can_be_done_with_it(evening: Evening) -> None:
    part, operation = part_of(evening), evening.walk.operation
    for path in (f"/operations/{operation}/order", f"/parts/{part}/checklist", f"/parts/{part}/hand-in"):
        assert evening.status(path) == 200, path
    assert evening.status(f"/api/v1/parts/{part}/checklist") == 200
    with unit_of_work(evening.town.inspector(evening.town.tobacco)) as uow:
        visit = visits_of(uow, operation)[0].id
    for path in (f"/api/v1/visits/{visit}/findings", f"/api/v1/visits/{visit}/facts"):
        assert evening.status(path) == 200, path
    assert evening.status(f"/visits/{visit}/end") == 403, "the lead's people end its visits"
    assert f"/visits/{visit}/end" not in evening.browser.get(evening.page)
    assert evening.browser.client.post(f"/parts/{part}/checklist", data={}).status_code == 400, "CSRF as ever"
    page = evening.browser.get(evening.page)
    assert "Fältläge" in page
    for path in ("/", "/week", "/settings", f"/operations/{operation}"):
        assert f'href="{path}"' not in page, path


def test_another_operation_is_as_absent(evening: Evening) -> None:
    town = evening.town
    other = walk_to(town, OperationState.CONFIRMED, starts_at=datetime.now(UTC) + timedelta(days=3))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert get_operation(uow, other.operation).id == other.operation, "its person goes there too"
        visit = visits_of(uow, other.operation)[0].id
    nil = "00000000-0000-4000-8000-000000000000"
    for shape, there in (
        ("/tonight?operation={}", other.operation),
        ("/operations/{}/order", other.operation),
        ("/parts/{}/checklist", other.parts[town.tobacco.id]),
        ("/parts/{}/hand-in", other.parts[town.tobacco.id]),
        ("/visits/{}/end", visit),
        ("/api/v1/visits/{}/findings", visit),
        ("/api/v1/visits/{}/facts", visit),
        ("/api/v1/parts/{}/checklist", other.parts[town.tobacco.id]),
    ):
        hidden, absent = (evening.browser.client.get(shape.format(one)) for one in (there, nil))
        assert (hidden.status_code, absent.status_code) == (404, 404), shape
        plain = [re.sub(r"[0-9a-f-]{36}|nonce-[\w-]+|nonce=\"[\w-]+\"", "", one.text) for one in (hidden, absent)]
        assert plain[0] == plain[1], shape
    assert evening.status(f"/parts/{evening.walk.parts[town.police.id]}/checklist") == 404, "another authority's part"
    assert str(other.operation) not in evening.browser.get("/tonight")


def test_it_is_over_after_twelve_hours_and_not_for_want_of_use(
    evening: Evening, cluster: Cluster, database: str
) -> None:
    later(cluster, database, timedelta(hours=11, minutes=59))
    assert evening.status() == 200
    later(cluster, database, timedelta(minutes=2))
    answer = evening.browser.client.get(evening.page)
    assert (answer.status_code, answer.location[:8]) == (303, "/sign-in")


def test_the_cookie_is_good_for_as_long_as_the_longest_session(app: APIFlask) -> None:
    assert app.config["PERMANENT_SESSION_LIFETIME"] >= timedelta(hours=12), "its signature is refused when older"


def test_it_takes_the_place_of_this_devices_session_and_leaves_the_others(app: APIFlask, town: Town) -> None:
    it = an_evening(app, town)
    there = open_browser(app.test_client(), town.inspector(town.tobacco))
    before = it.browser.client.get_cookie("samsyn")
    assert before is not None
    it.browser.do(it.page, it.begin)
    old = app.test_client()
    old.set_cookie("samsyn", before.value)
    assert old.get("/week").status_code == 303, "the session before is worth nothing"
    assert there.client.get("/week").status_code == 200
    settings = there.get("/settings")
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        word = get_operation(uow, it.walk.operation).code_word
    assert f"Fältläge, Insats {word}" in settings
    line = settings[: settings.index(f"Insats {word}")].count("<li>")
    assert line
    token = settings[settings.index(f"Insats {word}") :].split("/settings/sessions/")[1].split("/end")[0]
    there.do("/settings", f"/settings/sessions/{token}/end")
    assert it.status() == 303, "ended from another device: out at the next request"
    assert f"Insats {word}" not in there.get("/settings")


def test_signing_in_fully_ends_it(evening: Evening) -> None:
    cookie = evening.browser.client.get_cookie("samsyn")
    assert cookie is not None
    open_browser(evening.browser.client, evening.town.inspector(evening.town.tobacco))
    assert evening.status("/week") == 200
    old = evening.app.test_client()
    old.set_cookie("samsyn", cookie.value)
    assert old.get(evening.page).status_code == 303


def test_signing_out_ends_it(evening: Evening) -> None:
    evening.browser.do(evening.page, "/sign-out")
    assert evening.status() == 303


@pytest.mark.parametrize("state", [OperationState.CLOSED, OperationState.CANCELLED, OperationState.ABORTED])
def test_it_dies_with_the_operation(evening: Evening, state: OperationState, cluster: Cluster, database: str) -> None:
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE operation SET state = :to WHERE id = :id"), {"to": state, "id": evening.walk.operation})
        db.commit()
    assert evening.status() == 303
    other = open_browser(evening.app.test_client(), evening.town.inspector(evening.town.tobacco))
    assert "Fältläge" not in other.get("/settings")


def test_it_dies_with_the_place_in_the_operation_and_in_the_authority(
    evening: Evening, app: APIFlask, cluster: Cluster, database: str
) -> None:
    with as_owner(cluster, database) as db:
        row = {"id": evening.walk.operation, "person": evening.town.tobacco.inspectors[0]}
        moved = "UPDATE assignment SET state = :to WHERE operation_id = :id AND person_id = :person"
        db.execute(text(moved), {"to": "withdrawn", **row})
        db.commit()
        assert evening.status() == 303
        db.execute(text(moved), {"to": "accepted", **row})
        db.commit()
    assert evening.status() == 200
    with unit_of_work(evening.town.planner(evening.town.tobacco)) as uow:
        end_place(uow, PlaceEnds(evening.town.tobacco.inspectors[0], uow.today - timedelta(days=1)))
    assert evening.status() == 303


def test_a_visit_with_a_conflict_of_interest_is_closed_to_it(evening: Evening) -> None:
    visit, part = evening.walk.visit, part_of(evening)
    evening.browser.send(f"/visits/{visit}/recusal", reason="Min svåger driver stället.")
    assert {evening.status(path) for path in (f"/parts/{part}/checklist", f"/visits/{visit}/end")} <= {303, 404}


def test_a_planners_rights_stay_outside(app: APIFlask, town: Town, cluster: Cluster, database: str) -> None:
    """Who plans and goes: in the field session an inspector, in the house and in the database."""
    with as_owner(cluster, database) as db:
        row = {"id": town.tobacco.inspectors[0], "roles": '["inspector", "planner", "decider", "unit_admin"]'}
        db.execute(text("UPDATE staff SET roles = CAST(:roles AS json) WHERE person_id = :id"), row)
        db.commit()
    it = an_evening(app, town, begins=timedelta(hours=5))
    order = f"/operations/{it.walk.operation}/order"
    assert "Nygatan" in it.browser.get(it.page), "a planner knows where it goes"
    it.browser.do(it.page, it.begin)
    assert "Nygatan" not in it.browser.get(it.page), "an inspector learns it when it opens"
    assert "/order/edit" not in it.browser.get(order)
    assert is_refused(it.browser.client.get(f"{order}/edit"))


def test_who_does_not_go_and_who_comes_too_early_cannot_begin(app: APIFlask, town: Town) -> None:
    early = an_evening(app, town, begins=timedelta(hours=14))
    page = early.browser.get(early.page)
    assert early.begin not in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0] if 'name="csrf_token"' in page else ""
    settings = early.browser.get("/settings")
    token = token or settings.split('name="csrf_token" value="')[1].split('"')[0]
    assert early.browser.client.post(early.begin, data={"csrf_token": token}).status_code == 409
    assert early.status("/week") == 200, "and the session is as before"
    for other in (town.planner(town.police), town.inspector(town.health), town.planner(town.outsider)):
        browser = open_browser(app.test_client(), other)
        token = browser.get("/settings").split('name="csrf_token" value="')[1].split('"')[0]
        assert browser.client.post(early.begin, data={"csrf_token": token}).status_code == 404


def test_a_program_cannot_begin_one_nor_use_its_secret(app: APIFlask, town: Town) -> None:
    it = an_evening(app, town)
    bearer = {"Authorization": f"Bearer {town.token(town.inspector(town.tobacco))}"}
    assert app.test_client().post(it.begin, headers=bearer).status_code == 403
    it.browser.do(it.page, it.begin)
    with it.browser.client.session_transaction() as kept:
        secret = kept["secret"]
    assert app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_the_trail_says_that_it_began_what_was_refused_and_that_it_ended(
    evening: Evening, cluster: Cluster, database: str
) -> None:
    evening.browser.client.get("/week")
    evening.browser.do(evening.page, "/sign-out")
    with as_owner(cluster, database) as db:
        found = db.execute(
            text("SELECT action, object_id, reason FROM audit WHERE actor_person_id = :who ORDER BY at, id"),
            {"who": evening.town.tobacco.inspectors[0]},
        ).all()
    lines = [(row.action, row.reason) for row in found]
    assert ("session.begin", "field") in lines
    assert ("access.refused", "field_session GET /week") in lines
    assert lines[-1][0] == "session.end"
    assert next(row.object_id for row in found if row.reason == "field") == evening.walk.operation
