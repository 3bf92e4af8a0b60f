"""The headers of RELIABILITY 8.14 on every answer: pages, API, files, redirects, and every way of going wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from samsyn.core.settings import Settings
from samsyn.web.app import create_app
from samsyn.web.guards import declared_permissions
from samsyn.web.statics import static_url
from samsyn.web.throttle import SIGN_INS
from tests.factories import Town

NIL = "00000000-0000-4000-8000-000000000000"
SAID = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SWITCHED_OFF = ("camera", "geolocation", "microphone", "payment", "usb")
NONCE = re.compile(r"script-src 'nonce-([\w-]{22})' 'strict-dynamic'")


def faults(answer: Response, *, secure: bool, cached: bool = False) -> list[str]:
    """What an answer lacks."""
    said, found = answer.headers, []
    found += [name for name, value in SAID.items() if said.getlist(name) != [value]]
    policy = ";".join(said.getlist("Content-Security-Policy"))
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        found += [] if part in policy else [part]
    found += [] if NONCE.search(policy) and "unsafe" not in policy and "*" not in policy else ["nonce"]
    off = said.get("Permissions-Policy", "")
    found += [f"{what} is on" for what in SWITCHED_OFF if f"{what}=()" not in off]
    if not cached and said.get("Cache-Control") != "no-store":
        found.append("no-store")
    hsts = said.get("Strict-Transport-Security", "")
    if secure != hsts.startswith("max-age=31536000"):
        found.append("HSTS")
    found += [f"says {name}" for name in ("X-Powered-By",) if name in said]
    for cookie in said.getlist("Set-Cookie"):
        wanted = ("HttpOnly", "SameSite=Lax", "Path=/", *(("Secure",) if secure else ()))
        found += [f"cookie without {flag}" for flag in wanted if flag not in cookie]
        found += ["cookie with Domain"] if "Domain" in cookie else []
        if cookie.startswith(("samsyn=", "__Host-samsyn=")) and cookie.startswith("__Host-") != secure:
            found.append("cookie's name")
    return found


def requests_for(app: APIFlask) -> Iterator[tuple[str, str]]:
    """Every route as (method, path) with ids that are there in form, with words that are not, and by HEAD."""
    for method, rule in declared_permissions(app):
        for value in (NIL, "x"):
            path = re.sub(r"<[^>]+>", value, rule)
            yield method, path
        if method == "GET":
            yield "HEAD", re.sub(r"<[^>]+>", NIL, rule)
        yield "OPTIONS", re.sub(r"<[^>]+>", NIL, rule)


@pytest.fixture(scope="module", params=["http", "https"])
def served(request: pytest.FixtureRequest, app: APIFlask, settings: Settings) -> tuple[APIFlask, str]:
    """As on this machine, and as people reach it."""
    if request.param == "http":
        return app, "http://127.0.0.1"
    secure = settings.model_copy(update={"base_url": "https://samsyn.example"})
    return create_app(secure, bind_database=False), "https://samsyn.example"


def open_with(client: FlaskClient, base: str, method: str, path: str, **more: Any) -> Response:
    return client.open(path, method=method, base_url=base, **more)


def test_every_route_answers_a_stranger_with_them(served: tuple[APIFlask, str]) -> None:
    app, base = served
    client, found, seen = app.test_client(), {}, count()
    for method, path in requests_for(app):
        next(seen)
        with open_with(client, base, method, path) as answer:
            if lacks := faults(answer, secure=base.startswith("https"), cached=path.startswith("/static/")):
                found[method, path] = lacks
    assert found == {}
    assert next(seen) > 800


def test_every_route_answers_a_person_with_them(app: APIFlask, town: Town) -> None:
    found, statuses = {}, set()
    client, headers = app.test_client(), {"Authorization": f"Bearer {town.token(town.planner(town.health))}"}
    for method, rule in declared_permissions(app):
        path = re.sub(r"<[^>]+>", NIL, rule)
        if path.startswith(("/trial-refusal", "/sign-")):
            continue
        with client.open(path, method=method, headers=headers) as answer:
            statuses.add(answer.status_code)
            if lacks := faults(answer, secure=False, cached=path.startswith("/static/")):
                found[method, path] = lacks
    assert found == {}
    assert statuses >= {200, 404, 422}


def test_every_way_of_going_wrong_has_them(app: APIFlask, client: FlaskClient, town: Town) -> None:
    bearer = {"Authorization": f"Bearer {town.token(town.inspector(town.health))}"}
    elsewhere: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": "fd00::77"}}
    for _ in range(SIGN_INS.most * 10):
        SIGN_INS.failed("", "fd00::77")
    page = client.get("/sign-in", **elsewhere).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "address": "x@demo.example", "password": "x"}
    tried: dict[int, Response] = {
        404: client.get("/no-such-page"),
        405: client.open("/sign-in", method="DELETE"),
        400: client.post("/sign-in", data={}),
        401: client.get("/api/v1/me"),
        403: client.get("/api/v1/audit", headers=bearer),
        413: client.get("/api/v1/trial-refusal/TooMuchError", headers=bearer),
        422: client.post("/api/v1/trial", json={"name": ""}, headers=bearer),
        429: client.post("/sign-in", data=form, **elsewhere),
        409: client.get("/api/v1/trial-refusal/ConflictError", headers=bearer),
        412: client.get("/api/v1/trial-refusal/ChangedMeanwhileError", headers=bearer),
        500: client.get("/api/v1/trial-refusal/unexpected", headers=bearer),
        503: client.get("/api/v1/trial-refusal/away", headers=bearer),
    }
    assert {wanted: answer.status_code for wanted, answer in tried.items()} == {wanted: wanted for wanted in tried}
    assert {wanted: lacks for wanted, answer in tried.items() if (lacks := faults(answer, secure=False))} == {}
    misnamed = client.get("/sign-in", base_url="http://evil.example")
    assert (misnamed.status_code, faults(misnamed, secure=False)) == (400, [])
    with app.test_request_context():
        file = static_url("samsyn.css")
    for path in (file, "/static/x/no-such-file.css"):
        with client.get(path, buffered=True) as answer:
            assert faults(answer, secure=False, cached=answer.status_code == 200) == []


def test_a_nonce_is_good_for_one_answer(client: FlaskClient) -> None:
    nonces = set()
    for path in ("/sign-in", "/sign-in", "/help", "/no-such-page", "/api/v1/docs"):
        found = NONCE.search(client.get(path).headers["Content-Security-Policy"])
        assert found is not None
        nonces.add(found[1])
    assert len(nonces) == 5
