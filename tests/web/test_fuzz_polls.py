"""The API of times and polls with made-up bodies on an operation that exists: made-up ids alone never get that far."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how

from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.polls.service import withdraw_poll
from samsyn.operations.queries import get_operation
from samsyn.planning.queries.polls import PollLine, open_poll_of
from tests.factories import Town
from tests.lifecycle.polling import ask
from tests.planning import scene
from tests.planning.scene import MONDAY, span
from tests.web.test_fuzz import CHECKS, EXAMPLES

PATHS = {
    f"{method} /api/v1/operations/{{operation_id}}/{what}"
    for method, what in (
        ("GET", "common-times"),
        ("GET", "poll"),
        ("POST", "poll"),
        ("POST", "poll/answers"),
        ("POST", "poll/choice"),
        ("POST", "poll/withdraw"),
    )
}
ASKS = "POST /api/v1/operations/{operation_id}/poll"
NEAR = [datetime.now(UTC).replace(microsecond=0) + timedelta(days=n, hours=h) for n in (1, 2, 9) for h in (0, 5)]
ODD = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "2027-03-28T02:30:00+01:00",
    "1969-12-31T23:59:59.999999Z",
]


@pytest.fixture
def operation(town: Town) -> UUID:
    found = scene.propose(town, span(MONDAY + timedelta(days=3), "10:00", "12:00"), (town.police, town.tobacco))
    scene.send(town, found, town.tobacco, 0)
    return found


def there(town: Town, operation: UUID) -> PollLine:
    """The poll that is open; where it ended, a new one."""
    with unit_of_work(town.planner(town.police)) as uow:
        poll = open_poll_of(uow, operation)
    return poll or ask(town, operation)


def real(body: Any, poll: PollLine, chance: Random) -> Any:
    """Put ids of real proposals, and times that could be, in the place of some of what was made up."""
    if isinstance(body, dict):
        return {key: told(key, value, poll, chance) for key, value in body.items()}
    return body


def told(key: str, value: Any, poll: PollLine, chance: Random) -> Any:
    if key == "option_id" and chance.random() < 0.8:
        return str(chance.choice(poll.options).id)
    if key.endswith("_at") and chance.random() < 0.8:
        return chance.choice([*ODD, *(one.isoformat() for one in NEAR)])
    if isinstance(value, list):
        return [real(one, poll, chance) for one in value]
    return value


@pytest.mark.parametrize("who", ["lead", "asked", "its planner"])
def test_no_body_breaks_them(house_app: APIFlask, town: Town, operation: UUID, who: str) -> None:
    viewers = {
        "lead": town.planner(town.police),
        "asked": town.inspector(town.tobacco),
        "its planner": town.planner(town.tobacco),
    }
    headers = {"Authorization": f"Bearer {town.token(viewers[who])}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", house_app)
    tried, reached, chance = set(), set(), Random(who)
    for result in schema.get_all_operations():
        api = result.ok()  # type: ignore[union-attr]
        if api.label not in PATHS:
            continue
        tried.add(api.label)

        @how(
            max_examples=2 * EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=[Phase.generate],
            derandomize=True,
        )
        @given(case=api.as_strategy())
        def attack(case: Any) -> None:
            poll = there(town, operation)
            if case.operation.label == ASKS:
                with unit_of_work(town.planner(town.police)) as uow:
                    withdraw_poll(uow, operation)
            case.path_parameters = {"operation_id": str(operation)}
            case.body = real(case.body, poll, chance)
            case.headers.update({"Idempotency-Key": uuid4().hex} if case.method == "POST" else {})
            if chance.random() < 0.7:
                with unit_of_work(town.planner(town.police)) as uow:
                    case.headers["If-Match"] = f'"{get_operation(uow, operation).version}"'
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS[:4])
            reached.add((case.operation.label, answer.status_code // 100))

        attack()
    assert tried == PATHS
    if who == "lead":
        assert {label for label, kind in reached if kind == 2} >= PATHS - {ASKS, f"{ASKS}/answers"}


@pytest.mark.parametrize("odd", ODD)
def test_a_time_at_the_end_of_the_calendar_is_refused_beside_its_field(
    client: FlaskClient, town: Town, operation: UUID, odd: str
) -> None:
    headers = {"Authorization": f"Bearer {town.token(town.planner(town.police))}"}
    usual = [one.isoformat() for one in NEAR]

    def post(options: list[tuple[str, str]], deadline: str) -> int:
        body = {"options": [{"starts_at": a, "ends_at": b} for a, b in options], "deadline_at": deadline}
        key = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        found = client.post(
            f"/api/v1/operations/{operation}/poll", data=json.dumps(body), headers={**headers, **key}
        ).status_code
        return found

    later = (NEAR[-1] + timedelta(hours=3)).isoformat()
    pairs = [(usual[0], usual[1]), (usual[2], usual[3]), (usual[4], usual[5])]
    assert post([*pairs[:2], (odd, later)], usual[0]) == 422
    assert post([*pairs[:2], (odd, odd)], usual[0]) == 422
    assert post(pairs, odd) == 422
    assert post([*pairs[:2], (usual[4], odd)], usual[0]) in {201, 422}
