"""Codes of a phone app: turned on with the first right one, asked for at the sign-in, each good once."""

from __future__ import annotations

from datetime import timedelta
from time import time
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from sqlalchemy import text

from samsyn.access.service import set_password
from samsyn.core.uow import unit_of_work
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.conftest import PASSWORD, sign_in
from tests.web.reader import Browser


def enrolled(app: APIFlask, town: Town) -> tuple[str, TOTP, list[str]]:
    """The address of somebody who has turned codes on, the app, and the recovery codes."""
    address, client = f"{uuid4().hex}@demo.example", app.test_client()
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    assert sign_in(client, address).status_code == 303
    browser = Browser(client)
    form = browser.form("/settings/codes")
    shown = client.post("/settings/codes", data={**one_each(form.fields), "code": "000000"})
    secret = shown.text.split("<code>")[1].split("</code>")[0]
    assert shown.status_code == 422
    phone = TOTP(secret)
    done = client.post("/settings/codes", data={**one_each(form.fields), "code": phone.at(int(time()) - 30)})
    assert done.status_code == 200
    return address, phone, [part.split("</code>")[0] for part in done.text.split("<code>")[1:]]


def one_each(fields: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items()}


def half_in(app: APIFlask, address: str) -> FlaskClient:
    client = app.test_client()
    answer = sign_in(client, address, where="/help")
    assert answer.location in {"/sign-in/code?next=/help#content", "/sign-in/code?next=%2Fhelp#content"}
    assert client.get("/api/v1/me").status_code == 401, "the password alone opens nothing"
    return client


def give(client: FlaskClient, code: str) -> int:
    return Browser(client).send("/sign-in/code?next=/help", code=code).status_code


def test_each_code_signs_in_once(app: APIFlask, town: Town) -> None:
    address, phone, _ = enrolled(app, town)
    first, second, code = half_in(app, address), half_in(app, address), phone.now()
    assert give(first, code) == 303
    assert first.get("/api/v1/me").status_code == 200
    assert give(second, code) == 422
    assert second.get("/api/v1/me").status_code == 401


def test_the_code_that_turned_it_on_is_used_up(app: APIFlask, town: Town) -> None:
    address, phone, _ = enrolled(app, town)
    assert give(half_in(app, address), phone.at(int(time()) - 30)) == 422


def test_a_recovery_code_signs_in_once(app: APIFlask, town: Town) -> None:
    address, _, codes = enrolled(app, town)
    assert len(set(codes)) == 10
    assert give(half_in(app, address), codes[3].upper()) == 303
    assert give(half_in(app, address), codes[3]) == 422
    assert give(half_in(app, address), codes[4]) == 303


def test_wrong_codes_are_held_up_like_wrong_passwords(app: APIFlask, town: Town) -> None:
    address, phone, _ = enrolled(app, town)
    client = half_in(app, address)
    assert [give(client, "000000") for _ in range(10)] == [422] * 10
    assert give(client, phone.now()) == 429


def test_the_half_sign_in_lasts_five_minutes(app: APIFlask, town: Town, cluster: Cluster, database: str) -> None:
    address, phone, _ = enrolled(app, town)
    client = half_in(app, address)
    form = Browser(client).form("/sign-in/code")
    with as_owner(cluster, database) as db:
        moved = text("UPDATE token SET expires_at = expires_at - :by WHERE purpose = 'halfway'")
        db.execute(moved, {"by": timedelta(minutes=5)})
        db.commit()
    answer = client.post("/sign-in/code", data={**one_each(form.fields), "code": phone.now()})
    assert answer.location == "/sign-in"


def test_a_session_of_an_hour_ago_changes_no_way_of_signing_in(
    signed_in: FlaskClient, cluster: Cluster, database: str
) -> None:
    page = signed_in.get("/settings/codes")
    assert page.status_code == 200
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE token SET created_at = created_at - interval '16 minutes' WHERE purpose = 'session'"))
        db.commit()
    for path in ("/settings/codes",):
        assert signed_in.get(path).location.startswith("/sign-in?again=1")
    form = Browser(signed_in).form("/settings/tokens")
    sent = {**one_each(form.fields), "name": "x", "scopes": "operations:read"}
    for path in ("/settings/codes", "/settings/codes/remove", "/settings/tokens"):
        assert signed_in.post(path, data=sent).location.startswith("/sign-in?again=1")


def test_turned_off_it_is_asked_for_no_more(app: APIFlask, town: Town) -> None:
    address, phone, _ = enrolled(app, town)
    client = half_in(app, address)
    assert give(client, phone.now()) == 303
    assert Browser(client).do("/settings/codes", "/settings/codes/remove") == "/settings/codes"
    assert sign_in(app.test_client(), address).location == "/#content"


def test_the_secret_and_the_codes_stand_nowhere_in_the_open(
    app: APIFlask, town: Town, cluster: Cluster, database: str
) -> None:
    _, phone, codes = enrolled(app, town)
    with as_owner(cluster, database) as db:
        tables = ("totp", "recovery_code", "token", "audit")
        stored = " ".join(row for name in tables for row in db.scalars(text(f"SELECT {name}::text FROM {name}")))
    assert phone.secret not in stored
    assert phone.secret.encode().hex() not in stored
    assert not [code for code in codes if code in stored]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_token_is_shown_once_listed_and_ended(signed_in: FlaskClient, language: str) -> None:
    signed_in.get("/settings/tokens", query_string={"lang": language})
    browser = Browser(signed_in)
    assert browser.send("/settings/tokens", name="utan").status_code == 422
    assert browser.send("/settings/tokens", name="lång", scopes="operations:read", days="366").status_code == 422
    assert browser.send("/settings/tokens", name="fel", scopes="everything:read").status_code == 422
    made = browser.send("/settings/tokens", name="veckan", scopes="operations:read", days="7").text
    secret = "samsyn_api_" + made.split("samsyn_api_")[1].split("<")[0]
    bearer = {"Authorization": f"Bearer {secret}"}
    assert signed_in.get("/api/v1/operations", headers=bearer).status_code == 200
    assert signed_in.get("/api/v1/businesses", headers=bearer).status_code == 403
    listed = browser.get("/settings/tokens")
    assert "veckan" in listed
    assert secret not in listed
    assert '<details class="sure">' in listed, "what cannot be undone is asked about first"
    end = listed.split("/settings/tokens/")[1].split("/end")[0]
    browser.do("/settings/tokens", f"/settings/tokens/{end}/end")
    assert signed_in.get("/api/v1/operations", headers=bearer).status_code == 401
