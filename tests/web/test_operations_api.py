"""The main job by the API, as another program would drive it; and what bad input gets."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from samsyn.core.uow import unit_of_work
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AddVisit, AskPart, AskPerson, add_visit, ask_person
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import Walk, walk_to


class Caller:
    """Somebody with a token; every POST has a key of its own."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex, **headers}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)


@pytest.fixture
def call(client: FlaskClient, town: Town) -> Any:
    def as_planner(office: Office) -> Caller:
        return Caller(client, town.token(town.planner(office)))

    return as_planner


def new_operation(town: Town, **other: object) -> dict[str, object]:
    times = {"starts_at": START.isoformat(), "ends_at": (START + hours(3)).isoformat()}
    return {"collaboration_id": str(town.collaboration), **times, **other}


def test_an_operation_is_planned_and_moved_by_the_api(call: Any, town: Town) -> None:
    police = call(town.police)
    made = police("POST", "/operations", new_operation(town))
    assert made.status_code == 201
    here = f"/operations/{made.json['id']}"
    parts = [{"authority_id": str(o.id), "unit_id": str(o.unit)} for o in (town.police, town.health)]
    visit = {"business_id": str(town.businesses[0]), "parts": parts}
    visit |= {"starts_at": START.isoformat(), "ends_at": (START + hours(1)).isoformat()}
    assert police("POST", f"{here}/visits", visit).status_code == 201
    moved = police("POST", f"{here}/transitions", {"to": "preparing"}, **{"If-Match": made.headers["ETag"]})
    assert moved.json["state"] == "preparing"
    refused = police("POST", f"{here}/transitions", {"to": "scheduled"}, **{"If-Match": moved.headers["ETag"]})
    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    assert refused.json["code"] == "gate_closed"
    assert sum(name.endswith(":legal_basis") for name in refused.json["missing"]) == 2
    shown = police("GET", here).json
    assert (shown["state"], shown["gate"]["to"], len(shown["gate"]["missing"])) == ("preparing", "scheduled", 7)


def test_an_outdated_version_is_412_and_shows_both(call: Any, town: Town) -> None:
    walk = walk_to(town, OperationState.PREPARING)
    answer = call(town.police)(
        "POST", f"/operations/{walk.operation}/transitions", {"to": "cancelled"}, **{"If-Match": '"1"'}
    )
    assert answer.status_code == 412
    assert (answer.json["yours"], answer.json["current"]["state"]) == ({"to": "cancelled"}, "preparing")


def test_without_a_version_nothing_is_moved(call: Any, town: Town) -> None:
    walk = walk_to(town, OperationState.PROPOSED)
    assert (
        call(town.police)("POST", f"/operations/{walk.operation}/transitions", {"to": "cancelled"}).status_code == 428
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2027-03-04T18:00:00"}, "starts_at"),
        ({"starts_at": "2027-02-30T18:00:00Z"}, "starts_at"),
        ({"starts_at": 1}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:00-12:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"ends_at": START.isoformat()}, "ends_at"),
        ({"ends_at": (START + hours(73)).isoformat()}, "ends_at"),
        ({"meets_at": (START + hours(1)).isoformat()}, "meets_at"),
        ({"starts_at": "2025-03-04T17:00:00Z", "ends_at": "2025-03-04T20:00:00Z"}, "starts_at"),
        ({"meeting_place": "x" * 201}, "meeting_place"),
        ({"meeting_place": "a\nb"}, "meeting_place"),
        ({"collaboration_id": "7"}, "collaboration_id"),
        ({"colour": "red"}, "colour"),
        ({"ad_hoc": "yes"}, "ad_hoc"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    call: Any, town: Town, change: dict[str, object], field: str
) -> None:
    police = call(town.police)
    before = police("GET", "/operations").json["items"]
    refused = police("POST", "/operations", new_operation(town, **change))
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert list(refused.json["fields"]) == [field]
    assert police("GET", "/operations").json["items"] == before


def test_a_collaboration_that_is_not_ours_is_as_absent_as_one_that_is_not(call: Any, town: Town) -> None:
    outside = call(town.outsider)
    hidden = outside("POST", "/operations", new_operation(town))
    absent = outside("POST", "/operations", new_operation(town, collaboration_id=str(uuid4())))
    assert (hidden.status_code, hidden.data) == (absent.status_code, absent.data)
    assert hidden.status_code == 404


def test_a_double_booking_is_409_and_an_outsider_hears_nothing(call: Any, town: Town) -> None:
    first = walk_to(town, OperationState.SCHEDULED)
    second = walk_to(town, OperationState.PREPARING)
    body = {"authority_id": str(town.tobacco.id), "person_id": str(town.tobacco.inspectors[0])}
    assert call(town.police)("POST", f"/operations/{second.operation}/bookings", body).status_code == 409
    answers = {
        call(town.outsider)("POST", f"/operations/{walk.operation}/bookings", body).data for walk in (first, second)
    }
    assert len(answers) == 1


def statements(call: Caller, path: str) -> int:
    """How many statements a request issues."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert call("GET", path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_lists_and_an_operation_cost_the_same_however_much_there_is(call: Any, town: Town) -> None:
    police = call(town.police)
    walk = walk_to(town, OperationState.PREPARING)
    paths = [
        "/operations",
        "/businesses",
        "/staff",
        f"/operations/{walk.operation}",
        f"/operations/{walk.operation}/bookings",
    ]
    statements(police, paths[0])  # the first call of a minute notes that the token was used
    before = [statements(police, path) for path in paths]
    for n in range(3):
        more(town, walk, n)
    assert [statements(police, path) for path in paths] == before


def more(town: Town, walk: Walk, n: int) -> None:
    """Another operation, and another visit and person in this one."""
    walk_to(town, OperationState.PROPOSED, starts_at=START + hours(24 * (n + 1)))
    offices = (town.police, town.tobacco, town.environment)
    with unit_of_work(town.planner(town.police)) as uow:
        parts = tuple(AskPart(o.id, o.unit) for o in offices)
        add_visit(uow, AddVisit(walk.operation, town.businesses[n], START, START + hours(1), parts=parts))
        ask_person(uow, AskPerson(walk.operation, offices[n].id, offices[n].inspectors[0]))
