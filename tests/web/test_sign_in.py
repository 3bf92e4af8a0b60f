from time import time
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.access.service import set_password
from samsyn.core.uow import unit_of_work
from samsyn.web import identity
from samsyn.web.throttle import SIGN_INS
from tests.factories import Town
from tests.web.conftest import PASSWORD, form_token, sign_in


def account(town: Town) -> str:
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    return address


def test_signing_in_and_out(client: FlaskClient, town: Town) -> None:
    answer = sign_in(client, account(town), where="/help")
    assert (answer.status_code, answer.location) == (303, "/help")
    me = client.get("/api/v1/me")
    assert me.status_code == 200
    assert me.json is not None
    assert me.json["authority_id"] == str(town.health.id)
    cookie = client.get_cookie("samsyn")
    assert cookie is not None
    assert cookie.http_only
    assert client.post("/sign-out", data={"csrf_token": form_token(client, "/")}).status_code == 303
    assert client.get("/api/v1/me").status_code == 401
    client.set_cookie("samsyn", cookie.value)
    assert client.get("/api/v1/me").status_code == 401, "the old cookie is worth nothing"


def test_a_wrong_password_keeps_the_address_and_says_no_more(client: FlaskClient, town: Town) -> None:
    address = account(town)
    for name, password in ((address, "wrong"), ("nobody@demo.example", PASSWORD)):
        answer = sign_in(client, name, password)
        assert answer.status_code == 422
        assert "Adressen eller lösenordet stämmer inte" in answer.text
        assert f'value="{name}"' in answer.text
        assert password not in answer.text


@pytest.mark.parametrize(
    "where",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "evil", "/a\nb", "/\t/evil.example"],
)
def test_a_link_cannot_send_people_elsewhere(client: FlaskClient, town: Town, where: str) -> None:
    shown = client.get("/sign-in", query_string={"next": where})
    assert 'name="next" value="/"' in shown.text
    assert sign_in(client, account(town), where=where).location == "/"


def test_a_page_sends_to_sign_in_and_back(client: FlaskClient, town: Town) -> None:
    answer = client.get("/trial?a=1")
    assert answer.location == "/sign-in?next=%2Ftrial%3Fa%3D1"
    assert 'value="/trial?a=1"' in client.get(answer.location).text


def test_an_idle_session_is_over(signed_in: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signed_in.get("/api/v1/me").status_code == 200
    later = time() + 31 * 60
    monkeypatch.setattr(identity, "time", lambda: later)
    assert signed_in.get("/api/v1/me").status_code == 401


def test_a_form_left_open_is_good_after_the_same_person_signs_in_again(
    signed_in: FlaskClient, monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    old = form_token(signed_in, "/trial")
    later = time() + 31 * 60
    monkeypatch.setattr(identity, "time", lambda: later)
    lost = signed_in.post("/trial", data={"csrf_token": old, "name": "x"})
    assert lost.status_code == 401
    assert "finns kvar i formuläret" in lost.text
    assert sign_in(signed_in, account(town)).status_code == 303
    assert signed_in.post("/trial", data={"csrf_token": old, "name": "x"}).status_code == 303


def test_another_person_in_the_same_browser_starts_with_another_form_token(signed_in: FlaskClient, town: Town) -> None:
    old = form_token(signed_in, "/trial")
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(town.planner(town.police)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    assert sign_in(signed_in, address).status_code == 303
    assert signed_in.post("/trial", data={"csrf_token": old, "name": "x"}).status_code == 400


def test_too_many_wrong_passwords_wait(app: APIFlask, client: FlaskClient) -> None:
    address = f"{uuid4().hex}@demo.example"
    for _ in range(SIGN_INS.most):
        SIGN_INS.failed(address, "198.51.100.7")
    answer = sign_in(client, address)
    assert answer.status_code == 429
    assert "För många försök" in answer.text


def test_a_cookie_post_without_its_token_is_refused_and_a_bearer_post_needs_none(
    signed_in: FlaskClient, town: Town
) -> None:
    assert signed_in.post("/api/v1/trial", json={"name": "x"}).json["code"] == "form_expired"  # type: ignore[index]
    token = form_token(signed_in, "/trial")
    with_token = {"X-CSRFToken": token}
    assert signed_in.post("/api/v1/trial", json={"name": "x"}, headers=with_token).status_code == 201
    crossed = {**with_token, "Sec-Fetch-Site": "cross-site"}
    assert signed_in.post("/api/v1/trial", json={"name": "x"}, headers=crossed).status_code == 400
    bearer = {"Authorization": f"Bearer {town.token(town.planner(town.health))}"}
    assert signed_in.post("/api/v1/trial", json={"name": "x"}, headers=bearer).status_code == 201
    assert signed_in.post("/sign-out").status_code == 400
