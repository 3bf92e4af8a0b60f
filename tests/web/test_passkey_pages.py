"""Passkeys on the pages: added after a recent sign-in, the way in beside the others."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from sqlalchemy import text

from samsyn.access.service import set_password
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.web.app import create_app
from tests.access.authenticator import Device
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.conftest import PASSWORD, form_token, sign_in
from tests.web.reader import Browser

HERE = "/settings/passkeys"
ORIGIN = "http://localhost:8000"
AT = {"base_url": ORIGIN}


def device() -> Device:
    return Device(origin=ORIGIN, party="localhost")


def signed_in(app: APIFlask, town: Town) -> Browser:
    address, client = f"{uuid4().hex}@demo.example", app.test_client()
    with unit_of_work(town.inspector(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    assert sign_in(client, address).status_code == 303
    return Browser(client)


def add(browser: Browser, key: Device, name: str = "Jobbtelefonen") -> str:
    form = browser.form(HERE, HERE)
    headers = {"X-CSRFToken": form.fields["csrf_token"][0]}
    asked = browser.client.post(f"{HERE}/options", headers=headers)
    assert asked.status_code == 200, asked.text
    where = browser.do(HERE, HERE, credential=key.create(json.loads(asked.text)), name=name)
    key.count += 1
    return where


def enter(client: FlaskClient, key: Device, where: str = "/help") -> int:
    token = form_token(client)
    asked = client.post("/sign-in/passkey/options", headers={"X-CSRFToken": token})
    assert asked.status_code == 200, asked.text
    said = {"csrf_token": token, "credential": key.get(json.loads(asked.text)), "next": where}
    return client.post("/sign-in/passkey", data=said).status_code


def test_a_key_is_added_and_signs_in_without_password_and_code(app: APIFlask, town: Town) -> None:
    browser, key = signed_in(app, town), device()
    assert add(browser, key).startswith(f"{HERE}#passkey-")
    form = browser.form("/settings/codes")
    mark = {name: values[0] for name, values in form.fields.items()}
    shown = browser.client.post("/settings/codes", data={**mark, "code": "000000"}).text
    code = TOTP(shown.split("<code>")[1].split("</code>")[0]).now()
    assert browser.client.post("/settings/codes", data={**mark, "code": code}).status_code == 200
    client = app.test_client()
    assert enter(client, key) == 303
    me = client.get("/api/v1/me").json
    assert me is not None
    assert me["person_id"] == str(town.health.inspectors[0])
    assert client.get(HERE).status_code == 200, "it is a recent sign-in, and a strong one"


def test_it_is_listed_renamed_and_removed(app: APIFlask, town: Town) -> None:
    browser, key = signed_in(app, town), device()
    number = add(browser, key).rpartition("#passkey-")[2]
    assert "Aldrig använd." in browser.get(HERE)
    assert enter(app.test_client(), key) == 303
    assert "Använd senast" in browser.get(HERE)
    browser.do(HERE, f"{HERE}/{number}/rename", name="Surfplattan")
    assert "Surfplattan" in browser.get(HERE)
    assert browser.do(HERE, f"{HERE}/{number}/remove").endswith("#have")
    key.count += 1
    assert enter(app.test_client(), key) == 422


def test_adding_and_removing_needs_a_recent_sign_in(app: APIFlask, town: Town, cluster: Cluster, database: str) -> None:
    browser, key = signed_in(app, town), device()
    number = add(browser, key).rpartition("#passkey-")[2]
    token = browser.form(HERE, HERE).fields["csrf_token"][0]
    with as_owner(cluster, database) as db:
        old = "UPDATE token SET created_at = now() - interval '16 minutes' WHERE person_id = :p"
        db.execute(text(old), {"p": town.health.inspectors[0]})
        db.commit()
    assert browser.client.get(HERE).location == f"/sign-in?again=1&next={HERE}"
    assert browser.client.post(f"{HERE}/options", headers={"X-CSRFToken": token}).status_code == 403
    for path in (HERE, f"{HERE}/{number}/rename", f"{HERE}/{number}/remove"):
        answer = browser.client.post(path, data={"csrf_token": token, "name": "x", "credential": "x"})
        assert answer.location == f"/sign-in?again=1&next={HERE}"


def test_a_token_of_a_program_adds_no_key(app: APIFlask, town: Town) -> None:
    headers = {"Authorization": f"Bearer {town.token(town.inspector(town.health))}"}
    assert app.test_client().post(f"{HERE}/options", headers=headers).status_code == 403


@pytest.mark.parametrize("said", ["", "x", "{}", "[]", '{"id": 3}', '{"id": "a", "response": []}', "y" * 30_000])
def test_junk_is_one_answer_and_no_fault_of_ours(app: APIFlask, said: str) -> None:
    client = app.test_client()
    answer = client.post("/sign-in/passkey", data={"csrf_token": form_token(client), "credential": said})
    assert (answer.status_code, "Nyckeln öppnade inte" in answer.text) == (422, True)
    assert 'name="password"' in answer.text, "the other ways are there"


def test_an_answer_is_taken_in_the_browser_that_was_asked_alone(app: APIFlask, town: Town) -> None:
    browser, key = signed_in(app, town), device()
    add(browser, key)
    first, second = app.test_client(), app.test_client()
    asked = first.post("/sign-in/passkey/options", headers={"X-CSRFToken": form_token(first)})
    said = key.get(json.loads(asked.text))
    other = second.post("/sign-in/passkey", data={"csrf_token": form_token(second), "credential": said})
    assert other.status_code == 422
    mine = {"csrf_token": form_token(first), "credential": said}
    assert first.post("/sign-in/passkey", data=mine).status_code == 303
    assert app.test_client().post("/sign-in/passkey", data=mine).status_code == 400, "without a form of ours"


def test_another_site_gets_no_question(app: APIFlask) -> None:
    assert app.test_client().post("/sign-in/passkey/options").status_code == 400


def test_wrong_answers_are_held_up(app: APIFlask, town: Town) -> None:
    browser, key = signed_in(app, town), device()
    add(browser, key)
    good, key.key = key.key, Device().key
    client = app.test_client()
    assert {enter(client, key) for _ in range(10)} == {422}
    key.key = good
    assert enter(client, key) == 429


def test_under_a_bare_number_no_key_is_offered_and_the_other_ways_are(app: APIFlask, town: Town) -> None:
    at = "http://127.0.0.1:8000/"
    client = app.test_client()
    page = client.get("/sign-in", base_url=at).text
    assert "data-passkey" not in page
    assert 'name="password"' in page
    assert "data-passkey" in client.get("/sign-in").text


def test_a_party_that_is_not_above_the_address_stops_the_start(settings: Settings) -> None:
    for address, name, good in (
        ("https://samsyn.arboga.example", "arboga.example", True),
        ("https://samsyn.arboga.example", "samsyn.arboga.example", True),
        ("https://samsyn.arboga.example", "evil.example", False),
        ("https://samsyn.arboga.example", "ga.example", False),
    ):
        changed = settings.model_copy(update={"base_url": address, "passkey_rp_id": name})
        if good:
            create_app(changed, bind_database=False)
        else:
            with pytest.raises(RuntimeError, match="PASSKEY"):
                create_app(changed, bind_database=False)
