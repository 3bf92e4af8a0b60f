"""Every operation of the API against its own document, with what schemathesis makes up; more of it in the long run."""

import os
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.factories import Town

EXAMPLES = int(os.environ.get("SAMSYN_FUZZ_EXAMPLES", "12"))
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.ignored_auth,
]  # not: acceptance of every value that the schema allows, since a cursor is opaque and an id must exist


def run(app: APIFlask, headers: dict[str, str], examples: int) -> list[str]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    failures = []
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]

        @how(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=[Phase.explicit, Phase.generate],
            derandomize=True,
        )
        @given(case=operation.as_strategy())
        def attack(case: Any) -> None:
            case.headers.update({"Idempotency-Key": uuid4().hex} if case.method == "POST" else {})
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            attack()
        except Exception as error:  # every operation is tried; the report names each
            failures.append(f"{operation.label}: {error}"[:1500])
    return failures


def test_no_operation_breaks_or_answers_against_its_document(house_app: APIFlask, town: Town) -> None:
    token = town.token(town.planner(town.health))
    assert run(house_app, {"Authorization": f"Bearer {token}"}, EXAMPLES) == []


@pytest.mark.long
@pytest.mark.parametrize("role", ["planner", "inspector", "nobody"])
def test_hundreds_of_made_up_requests_per_operation_and_role(house_app: APIFlask, town: Town, role: str) -> None:
    viewer = town.planner(town.health) if role == "planner" else town.inspector(town.police)
    headers = {"Authorization": f"Bearer {town.token(viewer)}"} if role != "nobody" else {}
    assert run(house_app, headers, 300) == []
