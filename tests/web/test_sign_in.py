from datetime import timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.access.service import PlaceEnds, end_place, set_password
from samsyn.core.uow import unit_of_work
from samsyn.web.throttle import SIGN_INS
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.conftest import PASSWORD, form_token, sign_in
from tests.web.reader import open_browser
from tests.web.statements import counted


def account(town: Town) -> str:
    address = f"{uuid4().hex}@demo.example"
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    return address


def test_signing_in_and_out(client: FlaskClient, town: Town) -> None:
    answer = sign_in(client, account(town), where="/help")
    assert (answer.status_code, answer.location) == (303, "/help#content")
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
    assert sign_in(client, account(town), where=where).location == "/#content"


def test_a_page_sends_to_sign_in_and_back(client: FlaskClient, town: Town) -> None:
    answer = client.get("/trial?a=1")
    assert answer.location == "/sign-in?next=%2Ftrial%3Fa%3D1"
    assert 'value="/trial?a=1"' in client.get(answer.location).text


def later(cluster: Cluster, database: str, by: timedelta) -> None:
    """Let time pass for every session: the clock is the database's, so its rows move."""
    with as_owner(cluster, database) as db:
        moved = "created_at = created_at - :by, seen_at = seen_at - :by, expires_at = expires_at - :by"
        db.execute(text(f"UPDATE token SET {moved} WHERE purpose = 'session'"), {"by": by})
        db.commit()


def test_an_idle_session_is_over(signed_in: FlaskClient, cluster: Cluster, database: str) -> None:
    later(cluster, database, timedelta(minutes=29))
    assert signed_in.get("/api/v1/me").status_code == 200, "and counts as used now"
    later(cluster, database, timedelta(minutes=29))
    assert signed_in.get("/api/v1/me").status_code == 200
    later(cluster, database, timedelta(minutes=31))
    assert signed_in.get("/api/v1/me").status_code == 401


def test_a_session_in_use_is_over_after_ten_hours(signed_in: FlaskClient, cluster: Cluster, database: str) -> None:
    for _ in range(20):
        assert signed_in.get("/api/v1/me").status_code == 200
        later(cluster, database, timedelta(minutes=29))
    assert signed_in.get("/api/v1/me").status_code == 200
    later(cluster, database, timedelta(minutes=25))
    assert signed_in.get("/api/v1/me").status_code == 401


def test_a_use_is_noted_once_a_minute_and_not_with_every_page(signed_in: FlaskClient) -> None:
    signed_in.get("/api/v1/me")
    with counted() as statements:
        for _ in range(5):
            signed_in.get("/api/v1/me")
    assert [one for one in statements if one.lstrip().upper().startswith("UPDATE")] == []


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(client: FlaskClient, town: Town) -> None:
    address = account(town)
    sign_in(client, address)
    old = client.get_cookie("samsyn")
    assert old is not None
    sign_in(client, address)
    assert client.get("/api/v1/me").status_code == 200
    client.set_cookie("samsyn", old.value)
    assert client.get("/api/v1/me").status_code == 401, "a session given to somebody before is worth nothing after"


def test_two_browsers_are_two_sessions_and_each_can_end_the_other(app: APIFlask, town: Town) -> None:
    me = town.planner(town.health)
    agent = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    there, here = app.test_client(), app.test_client()
    there.environ_base.update(agent)
    open_browser(there, me)
    mine = open_browser(here, me)
    page = mine.get("/settings")
    assert "Firefox, Linux" in page
    assert "127.0.0.0/16" in page
    token = page.split("/settings/sessions/")[1].split("/end")[0]
    other = open_browser(app.test_client(), town.inspector(town.health))
    stolen = other.form("/settings", "/settings/sessions/end-others").fields
    data = {name: value[0] for name, value in stolen.items()}
    assert other.client.post(f"/settings/sessions/{token}/end", data=data).status_code == 404
    mine.do("/settings", f"/settings/sessions/{token}/end")
    assert there.get("/api/v1/me").status_code == 401
    open_browser(there, me)
    mine.do("/settings", "/settings/sessions/end-others")
    assert there.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200


def test_who_has_left_is_out_at_the_next_request(app: APIFlask, town: Town) -> None:
    browser = open_browser(app.test_client(), town.inspector(town.health))
    assert browser.client.get("/api/v1/me").status_code == 200
    with unit_of_work(town.planner(town.health)) as uow:
        end_place(uow, PlaceEnds(town.health.inspectors[0], uow.today))
    assert browser.client.get("/api/v1/me").status_code == 401


def test_a_form_left_open_is_good_after_the_same_person_signs_in_again(
    signed_in: FlaskClient, cluster: Cluster, database: str, town: Town
) -> None:
    old = form_token(signed_in, "/trial")
    later(cluster, database, timedelta(minutes=31))
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


def test_twenty_wrong_passwords_are_held_up_by_several_processes_together(app: APIFlask, town: Town) -> None:
    """No Valkey here, and each client's throttle keeps nothing in memory: what counts is in PostgreSQL."""
    address, answers = account(town), []
    for n in range(20):
        caller = app.test_client()
        caller.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        answers.append(sign_in(caller, address, "wrong").status_code)
    assert answers == [422] * 10 + [429] * 10
    assert sign_in(app.test_client(), address).status_code == 429, "also for the right one, until five minutes are over"
    assert open_browser(app.test_client(), town.inspector(town.health)).client.get("/").status_code == 200


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


def test_an_address_or_a_way_back_that_reads_like_a_personal_number_lets_its_person_in(
    client: FlaskClient, town: Town
) -> None:
    """What is looked for is not kept: a random address, and the id in a path, hold such numbers by chance."""
    address = f"c80c4306107840fcbe{uuid4().hex[:9]}@demo.example"
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    back = "/operations/00430610-7840-4000-8000-004306107840"
    answer = sign_in(client, address, where=back)
    assert (answer.status_code, answer.location) == (303, f"{back}#content")
