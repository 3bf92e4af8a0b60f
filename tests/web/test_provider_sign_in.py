"""Signing in with the authority's own sign-in: linked by saying yes, there and back once, out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.access.oidc import provider as provider_module
from samsyn.access.service import PlaceEnds, end_place, set_password
from samsyn.core.errors import ConflictError, NotFoundError
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.throttle import AT_PROVIDERS
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.conftest import PASSWORD, sign_in
from tests.web.identity_provider import Behaviour, key, public, serving, signed
from tests.web.providers import app_with, come_back, go, hashed, link, new_browser, reason, signed_in, through, visit
from tests.web.reader import Browser

NAMES = ("arboga", "police")


@dataclass
class Street:
    app: APIFlask
    settings: Settings
    server: str
    behaviours: dict[str, Behaviour]

    def issuer(self, name: str = "arboga") -> str:
        return f"{self.server}/{name}"


@pytest.fixture
def street(settings: Settings, tmp_path: Path) -> Iterator[Street]:
    behaviours = {name: Behaviour(subject=uuid4().hex) for name in NAMES}
    with serving(behaviours) as server:
        yield Street(app_with(settings, tmp_path, list(NAMES), server), settings, server, behaviours)


@pytest.fixture
def linked(street: Street, town: Town) -> Viewer:
    viewer = town.planner(town.health)
    link(street.settings, viewer, street.issuer(), street.behaviours["arboga"].subject)
    return viewer


def with_password(street: Street, town: Town) -> FlaskClient:
    address, client = f"{uuid4().hex}@demo.example", new_browser(street.app)
    with unit_of_work(town.planner(town.health)) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    assert sign_in(client, address).status_code == 303
    return client


def trail(cluster: Cluster, database: str, viewer: Viewer) -> list[tuple[str, str]]:
    with as_owner(cluster, database) as db:
        rows = "SELECT action, reason FROM audit WHERE actor_person_id = :p AND action LIKE ANY(:l) ORDER BY xid, at"
        found = db.execute(text(rows), {"p": viewer.person_id, "l": ["session.%", "identity.%"]}).all()
    return [(row.action, row.reason or "") for row in found]


@pytest.mark.usefixtures("linked")
def test_who_has_linked_an_identity_signs_in_with_it_and_lands_where_the_way_began(street: Street) -> None:
    client = new_browser(street.app)
    page = client.get("/sign-in?next=/week").text
    assert "Logga in med Myndigheten arboga" in page
    address = page.split('href="/sign-in/with/arboga?')[1].split('"')[0]
    answer = client.get(f"/sign-in/with/arboga?{address}")
    for said in ("code_challenge_method=S256", "response_type=code", "max_age=28800", "acr_values=", "scope=openid"):
        assert said in answer.location
    assert "prompt" not in answer.location
    assert come_back(client, visit(answer.location)).location == "/week#content"
    assert signed_in(client)
    sent = dict(street.behaviours["arboga"].requests)["token"]
    assert sent["authorization"].startswith("Basic ")
    assert "client_secret" not in sent
    assert len(sent["code_verifier"]) == 43


def test_the_session_is_a_new_one_and_the_trail_says_how_it_was_begun(
    street: Street, linked: Viewer, cluster: Cluster, database: str
) -> None:
    client = new_browser(street.app)
    client.get("/sign-in")
    before = client.get_cookie("samsyn")
    through(client, "arboga")
    with client.session_transaction() as kept:
        first = kept["secret"]
        assert "oidc" not in kept
    through(client, "arboga")
    after = client.get_cookie("samsyn")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with client.session_transaction() as kept:
        assert kept["secret"] != first
    assert trail(cluster, database, linked) == [
        ("identity.link", ""),
        ("session.begin", "identity"),
        ("session.begin", "identity"),
        ("session.end", ""),
    ]


@pytest.mark.usefixtures("linked")
def test_an_answer_counts_once_and_only_in_the_browser_where_it_was_asked_for(street: Street) -> None:
    client, other = new_browser(street.app), new_browser(street.app)
    back = visit(go(client, "arboga").location)
    cookie = client.get_cookie("samsyn")
    assert cookie is not None
    assert reason(come_back(other, back)) == "state"
    assert not signed_in(other)
    assert come_back(client, back).location == "/#content"
    assert reason(come_back(client, back)) == "state"
    other.set_cookie("samsyn", cookie.value)
    assert reason(come_back(other, back)) == "state", "a copy of the cookie from before does not help"
    assert not signed_in(other)


@pytest.mark.usefixtures("linked")
def test_an_answer_is_for_the_provider_that_was_asked(street: Street) -> None:
    client = new_browser(street.app)
    back = visit(go(client, "police").location)
    assert reason(come_back(client, back.replace("/with/police/", "/with/arboga/"))) == "state"
    assert not signed_in(client)


@pytest.mark.usefixtures("linked")
def test_a_code_is_good_once_at_the_provider_too(street: Street) -> None:
    client = new_browser(street.app)
    back = visit(go(client, "arboga").location)
    used = back.split("code=")[1].split("&")[0]
    assert come_back(client, back).location == "/#content"
    again = new_browser(street.app)
    fresh = visit(go(again, "arboga").location)
    stolen = fresh.replace(fresh.split("code=")[1].split("&")[0], used)
    assert reason(come_back(again, stolen)) == "cancelled"
    assert not signed_in(again)


@pytest.mark.usefixtures("linked")
def test_who_takes_an_hour_at_the_provider_begins_again(street: Street) -> None:
    client = new_browser(street.app)
    back = visit(go(client, "arboga").location)
    with client.session_transaction() as kept:
        kept["oidc"] = [{**row, "begun": row["begun"] - 3600} for row in kept["oidc"]]
    assert reason(come_back(client, back)) == "state"


@pytest.mark.usefixtures("linked")
def test_the_same_subject_of_another_issuer_is_somebody_else(street: Street) -> None:
    street.behaviours["police"].subject = street.behaviours["arboga"].subject
    client = new_browser(street.app)
    assert reason(through(client, "police")) == "unknown"
    assert not signed_in(client)
    assert through(client, "arboga").location == "/#content"


@pytest.mark.usefixtures("linked")
def test_keys_are_rotated_and_a_key_that_is_withdrawn_is_good_no_longer(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    arboga = street.behaviours["arboga"]
    assert signed_in_anew(street)
    arboga.keys = lambda _: public(key("one"), key("two"))
    arboga.mint = lambda claims: signed({"kid": "two"}, claims, key("two"))
    assert signed_in_anew(street), "a key's name that is new is looked for"
    arboga.keys = lambda _: public(key("two"))
    arboga.mint = lambda claims: signed({"kid": "one"}, claims)
    monkeypatch.setattr(provider_module, "KEPT", 0.0)
    assert not signed_in_anew(street)


@pytest.mark.usefixtures("linked")
def test_names_of_keys_that_are_none_do_not_make_us_ask_without_end(street: Street) -> None:
    arboga = street.behaviours["arboga"]
    assert signed_in_anew(street)
    arboga.mint = lambda claims: signed({"kid": uuid4().hex}, claims, key("two"))
    assert not any(signed_in_anew(street) for _ in range(9))
    asked = [what for what, _ in arboga.requests if what == "jwks"]
    assert len(asked) == 1 + provider_module.RENEWALS


def signed_in_anew(street: Street) -> bool:
    client = new_browser(street.app)
    through(client, "arboga")
    return signed_in(client)


@pytest.mark.usefixtures("linked")
def test_a_provider_that_is_away_is_not_asked_at_every_click(street: Street) -> None:
    client, arboga = new_browser(street.app), street.behaviours["arboga"]
    arboga.discovery = lambda said: {**said, "issuer": "https://elsewhere.example"}
    assert [reason(go(client, "arboga")) for _ in range(5)] == ["away"] * 5
    assert len(arboga.requests) == 1


@pytest.mark.usefixtures("linked")
def test_lies_are_held_up_like_wrong_passwords(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    arboga = street.behaviours["arboga"]
    arboga.claims = lambda said: {**said, "acr": "none"}
    monkeypatch.setattr(AT_PROVIDERS, "most", 4)
    said = [reason(through(new_browser(street.app), "arboga")) for _ in range(4)]
    assert said == ["acr"] * 4
    arboga.claims = lambda said: said
    assert through(new_browser(street.app), "arboga").status_code == 429, "from wherever"


def test_an_identity_is_linked_by_saying_yes_to_what_the_provider_vouched_for(street: Street, town: Town) -> None:
    client = with_password(street, town)
    browser = Browser(client)
    assert reason(through(new_browser(street.app), "arboga")) == "unknown"
    assert "/settings/identities/new/arboga" in browser.get("/settings")
    there = client.get("/settings/identities/new/arboga")
    assert "prompt=login" in there.location
    assert come_back(client, visit(there.location)).location == "/settings/identities/new#content"
    assert reason(through(new_browser(street.app), "arboga")) == "unknown", "nothing is linked before the yes"
    assert "Ditte Demo" in browser.get("/settings/identities/new")
    assert browser.do("/settings/identities/new", "/settings/identities").endswith("#identities")
    assert signed_in_anew(street)
    assert client.get("/settings/identities/new").location == "/settings#identities"
    listed = browser.get("/settings")
    assert "Ta bort kopplingen" in listed
    end = listed.split("/settings/identities/")[1].split("/end")[0]
    browser.do("/settings", f"/settings/identities/{end}/end")
    assert not signed_in_anew(street)


def test_what_waits_for_a_yes_is_the_persons_own_and_needs_the_forms_token(street: Street, town: Town) -> None:
    client = with_password(street, town)
    come_back(client, visit(client.get("/settings/identities/new/arboga").location))
    assert client.post("/settings/identities").status_code == 400
    with client.session_transaction() as kept:
        kept["identity_offer"] = {**kept["identity_offer"], "person": str(uuid4())}
    assert client.get("/settings/identities/new").location == "/settings#identities"
    assert not signed_in_anew(street)


def test_an_identity_of_somebody_is_not_linked_twice(street: Street, town: Town, linked: Viewer) -> None:
    client = with_password(street, town)
    there = client.get("/settings/identities/new/arboga")
    answer = come_back(client, visit(there.location))
    assert answer.location == "/settings?refused=taken#identities"
    assert "hör redan till ett konto" in client.get("/settings?refused=taken").text
    with pytest.raises(ConflictError):
        link(street.settings, town.inspector(town.police), street.issuer(), street.behaviours["arboga"].subject)


def test_the_only_way_in_is_not_taken_away(street: Street, linked: Viewer) -> None:
    client = new_browser(street.app)
    through(client, "arboga")
    browser = Browser(client)
    end = browser.get("/settings").split("/settings/identities/")[1].split("/end")[0]
    assert browser.do("/settings", f"/settings/identities/{end}/end") == "/settings?refused=only#identities"
    assert "enda sätt att logga in" in browser.get("/settings?refused=only")
    assert signed_in_anew(street)


def test_somebody_who_has_left_stays_out(street: Street, town: Town, cluster: Cluster, database: str) -> None:
    viewer, subject = town.inspector(town.health), street.behaviours["arboga"].subject
    link(street.settings, viewer, street.issuer(), subject)
    client = new_browser(street.app)
    through(client, "arboga")
    with as_owner(cluster, database) as db:
        gone = text("UPDATE staff SET until_on = current_date - 1 WHERE person_id = :p")
        db.execute(gone, {"p": viewer.person_id})
        db.commit()
    assert not signed_in(client), "out at the next request"
    assert reason(through(new_browser(street.app), "arboga")) == "unknown"
    assert trail(cluster, database, viewer)[-1] == ("session.refuse", "left")
    with unit_of_work(town.planner(town.health)) as uow:
        assert viewer.person_id is not None
        end_place(uow, PlaceEnds(viewer.person_id, uow.today))
    with as_owner(cluster, database) as db:
        left = db.scalar(text("SELECT count(*) FROM identity WHERE person_id = :p"), {"p": viewer.person_id})
    assert left == 0


def test_nobody_links_an_identity_to_a_colleague(street: Street, town: Town) -> None:
    forged = text(
        "INSERT INTO identity (id, hash, issuer, person_id, authority_id, since)"
        " VALUES (gen_random_uuid(), :h, 'x', :p, :a, now())"
    )
    row = {"h": hashed(street.settings, "x", "x"), "p": town.health.inspectors[0], "a": town.health.id}
    for viewer in (town.planner(town.health), Viewer.task_of(town.health.id), town.planner(town.police), Viewer()):
        with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
            uow.session.execute(forged, row)


@pytest.mark.usefixtures("linked")
def test_signing_out_here_offers_to_sign_out_there_too(street: Street) -> None:
    client = new_browser(street.app)
    through(client, "arboga")
    page = Browser(client).form("/help", "/sign-out")
    answer = client.post("/sign-out", data={name: values[0] for name, values in page.fields.items()})
    assert answer.location == "/sign-in?left=arboga"
    assert "Logga ut hos Myndigheten arboga" in client.get(answer.location).text
    leave = client.get("/sign-in/with/arboga/leave").location
    assert leave.startswith(f"{street.issuer()}/end?client_id=samsyn-here&post_logout_redirect_uri=http")
    assert not signed_in(client)


@pytest.mark.usefixtures("linked")
def test_to_change_ways_of_signing_in_one_proves_it_anew_at_the_provider(street: Street) -> None:
    client = new_browser(street.app)
    shown = client.get("/sign-in?again=1&next=/settings/codes").text
    assert "again=1" in shown
    assert "prompt=login" in go(client, "arboga", again="1").location
    arboga = street.behaviours["arboga"]
    arboga.claims = lambda said: {**said, "auth_time": said["auth_time"] - 600}
    assert reason(through(client, "arboga", again="1")) == "old"
    assert through(client, "arboga").location == "/#content"


def test_a_name_that_is_no_providers_is_not_found(street: Street) -> None:
    client = new_browser(street.app)
    for path in ("", "/callback?state=x&code=y", "/leave"):
        assert client.get(f"/sign-in/with/nobody{path}").status_code == 404


def test_nothing_of_the_subject_stands_in_the_database(
    street: Street, linked: Viewer, cluster: Cluster, database: str
) -> None:
    with as_owner(cluster, database) as db:
        stored = " ".join(db.scalars(text("SELECT identity::text FROM identity")))
    assert street.issuer() in stored
    assert street.behaviours["arboga"].subject not in stored
