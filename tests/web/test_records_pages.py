"""The pages and the API of records requests: entered, decided, masked, settled and fetched without a script."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.core.keys import load_keys
from samsyn.core.settings import Settings
from samsyn.core.viewer import Viewer
from samsyn.disclosures.service.pictures import Vault
from samsyn.records.rules import MASKED, Choice, ItemKind
from tests.factories import Town
from tests.records.desk import Desk, make_desk
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser

app, settings = web.app, web.settings


@pytest.fixture
def sit(app: APIFlask) -> Callable[[Viewer], Browser]:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def desk(town: Town, settings: Settings) -> Desk:
    made = make_desk(town, settings.data_dir)
    made.vault = Vault(load_keys(settings.data_dir / "keys.json"), settings.data_dir)
    return made


def begin(desk: Desk, browser: Browser) -> str:
    """Register a request about the business, with the address of its page pasted in."""
    business = f"http://localhost/businesses/{desk.town.businesses[0]}?from=list"
    went = browser.do(
        "/records/new", "/records", received_on="2026-11-20", words="Allt om kiosken på Nygatan", business=business
    )
    return went.partition("#")[0]


def test_a_request_is_entered_decided_settled_and_fetched(
    town: Town, desk: Desk, sit: Callable[[Viewer], Browser]
) -> None:
    browser = sit(town.planner(town.tobacco))
    path = begin(desk, browser)
    page = browser.client.get(path).text
    assert desk.words[town.police.id] not in page
    found = desk.card(UUID(path.rpartition("/")[2])).items
    items = {one.kind: one.id for one in found}
    browser.do(path, f"{path}/decide", items=[str(one.id) for one in found], choice="give")
    finding = f"/records/items/{items[ItemKind.FINDING]}"
    word = desk.words[town.tobacco.id]
    said = {"section": "30 kap. 20 § OSL", "reason": "Rör driften.", "words": word}
    went = browser.do(finding, finding, choice="mask", **said)
    assert went.endswith("#preview")
    shown = browser.client.get(finding).text
    assert MASKED in shown.partition('id="preview"')[2]
    assert word not in shown.partition('id="preview"')[2]
    browser.do(path, f"{path}/settle")
    settled = browser.client.get(path).text
    assert "kammarrätten" in settled
    link = settled.partition('href="/api/v1/records/packages/')[2].partition('"')[0]
    answer = browser.client.get(f"/api/v1/records/packages/{link}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="samsyn-begaran-')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as whole:
        assert {"beslut.pdf", "handlingar.pdf", "handlingar.json", "handlingar.xlsx", "manifest.json"} <= set(
            whole.namelist()
        )
        assert word.encode() not in whole.read("handlingar.json")
    register = browser.client.get("/records.csv").data.decode("utf-8-sig")
    assert "Allt om kiosken" in register


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(
    town: Town, desk: Desk, sit: Callable[[Viewer], Browser]
) -> None:
    browser = sit(town.planner(town.tobacco))
    answer = browser.send("/records/new", "/records", received_on="2026-11-20", words="Allt", business="kiosken")
    assert answer.status_code == 422
    assert "Skriv ett id" in answer.text
    assert "kiosken" in answer.text
    answer = browser.send("/records/new", "/records", received_on="2026-11-20", words="Allt")
    assert "Ange en verksamhet, en insats eller en tid." in answer.text
    path = begin(desk, browser)
    answer = browser.send(path, f"{path}/decide", choice="refuse", reason="Därför")
    assert "Markera minst en handling" in answer.text
    answer = browser.send(path, f"{path}/settle")
    assert answer.status_code == 409
    assert "Varje handling måste vara beslutad." in answer.text


def test_the_pages_are_for_registrar_and_decider(town: Town, sit: Callable[[Viewer], Browser]) -> None:
    browser = sit(town.inspector(town.tobacco))
    for path in ("/records", "/records/new"):
        assert browser.client.get(path).status_code == 403
    assert 'href="/records"' not in browser.client.get("/dossiers").text


def test_the_api_does_the_same(app: APIFlask, town: Town, desk: Desk) -> None:
    client = app.test_client()
    mine = {"Authorization": f"Bearer {town.token(town.planner(town.tobacco))}"}
    body = {"received_on": "2026-11-20", "words": "Allt", "business_id": str(town.businesses[0])}
    made = client.post("/api/v1/records", json=body, headers=mine)
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    things = [one["id"] for one in made.get_json()["things"]]
    decided = client.post(f"{path}/decide", json={"item_ids": things, "choice": "outside"}, headers=mine)
    assert {one["choice"] for one in decided.get_json()["things"]} == {Choice.OUTSIDE.value}
    assert client.post(f"{path}/number", json={"number": "SN 2026-7"}, headers=mine).get_json()["number"] == "SN 2026-7"
    settled = client.post(f"{path}/settle", json={}, headers=mine).get_json()
    assert settled["settled_at"]
    assert settled["packages"][0]["name"] == "samsyn-begaran-SN-2026-7"
    others = {"Authorization": f"Bearer {town.token(town.planner(town.police))}"}
    assert client.get(path, headers=others).status_code == 404
    package = f"/api/v1/records/packages/{settled['packages'][0]['id']}"
    assert client.get(package, headers=others).status_code == 404
    assert client.get(package, headers=mine).status_code == 200
