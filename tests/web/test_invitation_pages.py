"""Inviting a colleague on the pages, by mail, to the place: as people do it."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.access.queries import list_invitations
from samsyn.access.service import set_password
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers.access import send_invitations
from tests.calendars.box import Box
from tests.calendars.sending import end_pauses
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.conftest import sign_in
from tests.web.reader import Browser, open_browser

CHOSEN = {"name": "Ny Kollega", "password": "hästar i regnet", "again": "hästar i regnet"}


@pytest.fixture
def admin(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


def invite(admin: Browser, town: Town, address: str = "", language: str = "sv") -> str:
    """Invite somebody; return the address."""
    address = address or f"{uuid4().hex[:9]}@demo.example"
    unit = str(town.tobacco.unit)
    where = admin.do("/invitations/new", address=address, unit_id=unit, roles=["inspector"], language=language)
    assert where.startswith("/invitations#invitation-")
    return address


def link_to(box: Box, town: Town, address: str) -> str:
    """Let the worker send, and read the link out of the newest mail."""
    send_invitations(acts_for=str(town.tobacco.id))
    mail = [one for one in box.got if one.recipient == address][-1]
    part = next(p for p in mail.message.walk() if p.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    (url,) = [word for word in payload.decode().split() if "/inbjudan/" in word]
    return "/inbjudan/" + url.partition("/inbjudan/")[2]


def test_from_the_form_over_the_mail_to_the_place(
    app: APIFlask, town: Town, admin: Browser, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = invite(admin, town)
    assert "Väntar på att skickas" in admin.get("/invitations")
    link = link_to(box, town, address)
    assert send_invitations(acts_for=str(town.tobacco.id)) == 0
    assert "Skickad" in admin.get("/invitations")
    invited = Browser(app.test_client())
    shown = invited.get(link)
    for word in ("Planerare Socialnämnden", town.tobacco.name, "Enhet Socialnämnden", "inspektör", address):
        assert word in shown
    assert invited.do(link, **CHOSEN) == "/settings/ways-in?joined=1"
    me = invited.client.get("/api/v1/me").json
    assert me is not None
    assert (me["name"], me["authority_id"], me["roles"]) == ("Ny Kollega", str(town.tobacco.id), ["inspector"])
    assert "Antagen" in admin.get("/invitations")
    assert sign_in(app.test_client(), address, CHOSEN["password"]).status_code == 303
    assert link.rpartition("_")[2] not in caplog.text


def test_the_mail_says_who_and_where_and_its_subject_neither(town: Town, admin: Browser, box: Box) -> None:
    address = invite(admin, town, language="en")
    link_to(box, town, address)
    mail = box.got[-1]
    payload = next(p for p in mail.message.walk() if p.get_content_type() == "text/plain").get_payload(decode=True)
    assert isinstance(payload, bytes)
    said = payload.decode()
    assert mail.message["Subject"] == "Samsyn: you are invited"
    assert mail.message["Content-Language"] == "en"
    assert all(word in said for word in (town.tobacco.name, "Enhet Socialnämnden", "Planerare Socialnämnden"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "kort", "again": "kort"}, "Minst 12 tecken"),
        ({"again": "hästar i solen"}, "inte lika"),
        ({"name": ""}, "Fyll i fältet"),
        ({"name": "Anna 19121212-1212"}, "personnummer"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_uses_nothing_up(
    app: APIFlask, town: Town, admin: Browser, box: Box, typed: dict[str, str], says: str
) -> None:
    link = link_to(box, town, invite(admin, town))
    invited = Browser(app.test_client())
    answer = invited.send(link, **{**CHOSEN, **typed})
    assert (answer.status_code, says in answer.text) == (422, True)
    assert invited.do(link, **CHOSEN) == "/settings/ways-in?joined=1"


def test_a_link_that_is_over_says_why(app: APIFlask, town: Town, admin: Browser, box: Box) -> None:
    address = invite(admin, town)
    link, invited = link_to(box, town, address), Browser(app.test_client())
    page = admin.get("/invitations")
    number = page.split('id="invitation-')[1].split('"')[0]
    admin.do("/invitations", f"/invitations/{number}/resend")
    assert invited.client.get(link).status_code == 404, "the letter before"
    newer = link_to(box, town, address)
    assert newer != link
    assert invited.do(newer, **CHOSEN) == "/settings/ways-in?joined=1"
    stranger = Browser(app.test_client())
    assert "redan använd" in stranger.get(newer, 410)
    assert invited.client.get(newer).location == "/settings/ways-in?joined=1", "who took it is led on"
    second = invite(admin, town)
    link = link_to(box, town, second)
    number = admin.get("/invitations").split('id="invitation-')[1].split('"')[0]
    admin.do("/invitations", f"/invitations/{number}/revoke")
    assert "återtagen" in stranger.get(link, 410)


def test_the_next_step_leads_to_a_key_of_the_device_and_is_open_without_signing_in_again(
    app: APIFlask, town: Town, admin: Browser, box: Box
) -> None:
    invited = Browser(app.test_client())
    shown = invited.get(invited.do(link_to(box, town, invite(admin, town)), **CHOSEN))
    for way in ("/settings/passkeys", "/settings/codes"):
        assert f'href="{way}"' in shown
        assert invited.client.get(way).status_code == 200
    assert "Du har platsen" in shown
    assert "Du har platsen" not in invited.get("/settings/ways-in")


def test_who_is_signed_in_takes_a_second_place_and_goes_between_the_two(
    app: APIFlask, town: Town, admin: Browser, box: Box
) -> None:
    link = link_to(box, town, invite(admin, town))
    person = open_browser(app.test_client(), town.inspector(town.outsider))
    assert person.do(link, f"{link}/me") == "/settings/ways-in?joined=1"
    me = person.client.get("/api/v1/me").json
    assert me is not None
    assert me["authority_id"] == str(town.tobacco.id)
    assert me["name"] == "Inspektör 1 Grannkommunen"
    assert person.do("/settings", f"/settings/places/{town.outsider.id}") == "/"
    me = person.client.get("/api/v1/me").json
    assert me is not None
    assert me["authority_id"] == str(town.outsider.id)
    form = person.form("/settings", f"/settings/places/{town.tobacco.id}")
    data = {k: v[0] for k, v in form.fields.items()}
    assert person.client.post(f"/settings/places/{town.health.id}", data=data).status_code == 404


def test_going_over_makes_a_session_no_younger(
    app: APIFlask, town: Town, admin: Browser, box: Box, cluster: Cluster, database: str
) -> None:
    link = link_to(box, town, invite(admin, town))
    person = open_browser(app.test_client(), town.inspector(town.outsider))
    with as_owner(cluster, database) as db:
        old = "UPDATE token SET created_at = now() - interval '1 hour' WHERE person_id = :p AND purpose = 'session'"
        db.execute(text(old), {"p": town.outsider.inspectors[0]})
        db.commit()
    assert person.client.get("/settings/codes").status_code == 303
    person.do(link, f"{link}/me")
    assert person.client.get("/settings/codes").status_code == 303, "what needs a recent sign-in needs one still"


def test_an_address_that_signs_in_already_is_led_to_the_sign_in(
    app: APIFlask, town: Town, admin: Browser, box: Box
) -> None:
    address = f"{uuid4().hex[:9]}@demo.example"
    with unit_of_work(town.inspector(town.outsider)) as uow:
        set_password(uow, uow.person, address, "åtta hästar i regn")
    link = link_to(box, town, invite(admin, town, address))
    shown = Browser(app.test_client()).get(link)
    assert "loggar redan in" in shown
    assert f'/sign-in?next={link}"' in shown
    assert 'name="password"' not in shown


def test_another_site_cannot_make_somebody_take_a_place(app: APIFlask, town: Town, admin: Browser, box: Box) -> None:
    link = link_to(box, town, invite(admin, town))
    person = open_browser(app.test_client(), town.inspector(town.outsider))
    assert person.client.post(f"{link}/me").status_code == 400
    me = person.client.get("/api/v1/me").json
    assert me is not None
    assert me["authority_id"] == str(town.outsider.id)


def test_a_letter_that_is_refused_is_shown_and_one_that_waits_is_tried_again(
    town: Town, admin: Browser, box: Box
) -> None:
    address = invite(admin, town)
    box.answers[address] = ["451 later"]
    assert send_invitations(acts_for=str(town.tobacco.id)) == 0
    assert "451" in admin.get("/invitations")
    end_pauses(town.tobacco)
    assert link_to(box, town, address)
    lost = invite(admin, town)
    box.answers[lost] = ["550 nobody here"]
    send_invitations(acts_for=str(town.tobacco.id))
    assert "Mejlservern svarade 550." in admin.get("/invitations")


def test_a_letter_taken_back_before_it_left_is_not_sent(town: Town, admin: Browser, box: Box) -> None:
    invite(admin, town)
    number = admin.get("/invitations").split('id="invitation-')[1].split('"')[0]
    admin.do("/invitations", f"/invitations/{number}/revoke")
    assert send_invitations(acts_for=str(town.tobacco.id)) == 0
    assert box.got == []


def test_the_api_does_the_same_and_says_no_secret(client: FlaskClient, town: Town) -> None:
    me = town.planner(town.tobacco)
    headers = {"Authorization": f"Bearer {town.token(me)}"}
    body = {"address": f"{uuid4().hex[:9]}@demo.example", "unit_id": str(town.tobacco.unit), "roles": ["observer"]}
    made = client.post("/api/v1/invitations", json=body, headers=headers)
    assert made.status_code == 201
    assert made.json is not None
    assert (made.json["state"], made.json["roles"]) == ("waiting", ["observer"])
    assert "samsyn_" not in made.text
    assert client.post("/api/v1/invitations", json=body, headers=headers).status_code == 409
    one = f"/api/v1/invitations/{made.json['id']}"
    assert client.post(f"{one}/resend", headers=headers).status_code == 200
    gone = client.delete(one, headers=headers)
    assert gone.json is not None
    assert gone.json["state"] == "revoked"
    listed = client.get("/api/v1/invitations", headers=headers).json
    assert listed is not None
    assert [item["id"] for item in listed["items"]] == [made.json["id"]]
    partner = {"Authorization": f"Bearer {town.token(town.planner(town.health))}"}
    assert client.delete(one, headers=partner).status_code == 404
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert len(list_invitations(uow)) == 1
