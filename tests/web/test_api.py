from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.core.settings import Settings
from tests.factories import Town
from tests.web.conftest import use

Headers = dict[str, str]


def whole(client: FlaskClient, path: str, headers: Headers, limit: int = 200) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = client.get(
            path, headers=headers, query_string={"limit": limit, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        assert answer.json.keys() == {"items", "next_cursor"}
        items += answer.json["items"]
        if (cursor := answer.json["next_cursor"]) is None:
            return items


def test_me_says_who_the_token_stands_for(client: FlaskClient, town: Town, bearer: Headers) -> None:
    me = client.get("/api/v1/me", headers=bearer).json
    assert me is not None
    assert (me["person_id"], me["authority_id"]) == (str(town.health.planner), str(town.health.id))
    assert me["roles"] == ["decider", "log_reviewer", "planner", "unit_admin"]


def test_lists_are_cut_into_pages_without_losing_or_doubling_a_row(
    client: FlaskClient, town: Town, bearer: Headers
) -> None:
    for path in ("/api/v1/authorities", "/api/v1/units", "/api/v1/staff"):
        small, big = whole(client, path, bearer, 60), whole(client, path, bearer)
        assert small == big
        assert len(big) > 3
    names = {line["name"] for line in whole(client, "/api/v1/authorities", bearer)}
    assert {office.name for office in (*town.offices, town.outsider)} <= names
    assert "post_office" not in names


def test_colleagues_are_those_of_shared_collaborations(client: FlaskClient, town: Town, bearer: Headers) -> None:
    seen = {line["person_id"] for line in whole(client, "/api/v1/staff", bearer)}
    assert str(town.police.planner) in seen
    assert str(town.outsider.planner) not in seen


def test_collaborations_are_the_own(client: FlaskClient, town: Town, bearer: Headers) -> None:
    assert [c["id"] for c in whole(client, "/api/v1/collaborations", bearer)] == [str(town.collaboration)]


def test_the_trail_is_the_own_authoritys_newest_first(client: FlaskClient, town: Town, bearer: Headers) -> None:
    small, big = whole(client, "/api/v1/audit", bearer, 2), whole(client, "/api/v1/audit", bearer)
    assert [line["id"] for line in small] == [line["id"] for line in big]
    assert [line["at"] for line in big] == sorted((line["at"] for line in big), reverse=True)
    assert {line["actor_authority_id"] for line in big} <= {str(office.id) for office in town.offices}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=!!", "cursor=YWJj", "cursor=WyJhIl0=", "limt=5"]
)
def test_a_bad_page_is_422(client: FlaskClient, bearer: Headers, query: str) -> None:
    for path in ("/api/v1/authorities", "/api/v1/audit"):
        answer = client.get(f"{path}?{query}", headers=bearer)
        assert (answer.status_code, answer.json and answer.json["code"]) == (422, "invalid"), query


def test_a_cursor_that_names_no_time_is_422(client: FlaskClient, bearer: Headers) -> None:
    assert client.get("/api/v1/audit?cursor=WyJhIiwiYiJd", headers=bearer).status_code == 422


def test_the_document_is_openapi_31_and_describes_every_route_of_the_api(house_app: APIFlask) -> None:
    from samsyn.web.guards import declared_permissions

    document = house_app.test_client().get("/api/v1/openapi.json").json
    assert document is not None
    assert document["openapi"] == "3.1.0"
    described = {(m.upper(), p) for p, methods in document["paths"].items() for m in methods}
    routes = {
        (method, rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"))
        for method, rule in declared_permissions(house_app)
        if rule.startswith("/api/")
    }
    assert described == routes - {("GET", "/api/v1/openapi.json"), ("GET", "/api/v1/docs")}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}


def test_the_reference_page_shows_operations_and_refusals(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs").text
    for part in ("GET /api/v1/me", "POST /api/v1/trial", "Idempotency-Key", 'id="gate_closed"', "ThingIn"):
        assert part in page
    assert "<script" not in page


def test_health_says_alive_and_ready_names_what_is_not(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")  # the broker of these tests is nowhere
    assert ready.status_code == 503
    assert ready.json == {"status": "bad", "database": "ok", "migrations": "ok", "broker": "bad"}


def test_counts_are_for_this_machine_or_a_token(client: FlaskClient, bearer: Headers) -> None:
    assert "samsyn_http_requests_total" in client.get("/metrics").text
    far = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert client.get("/metrics", **far).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers=bearer, **far).status_code == 200


def test_the_start_page_greets_the_person_and_practice_is_said(
    signed_in: FlaskClient, settings: Settings, practice_app: APIFlask
) -> None:
    page = signed_in.get("/").text
    assert "Planerare Hälsoskyddsnämnden" in page
    assert "Övningsläge" not in page
    assert "Övningsläge" in use(practice_app, settings, demo=True).get("/sign-in").text


def test_a_strong_database_role_is_refused(settings: Settings, cluster: Any, database: str) -> None:
    from samsyn.core.database import make_engine, refuse_strong_role

    for role in ("postgres", "samsyn_backup"):
        engine = make_engine(cluster.url(role, database))
        with pytest.raises(RuntimeError, match="samsyn_app"):
            refuse_strong_role(engine)
        engine.dispose()


def test_the_app_is_an_apiflask(app: APIFlask) -> None:
    assert app.config["PROVIDE_AUTOMATIC_OPTIONS"] is False
