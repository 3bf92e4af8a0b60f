"""Dossiers as JSON, PDF and page; compiling one and all; what another authority gets of them."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.service import compile_chunk
from samsyn.operations.rules import OperationState
from tests.dossiers.scenes import Scene, a_point, approve, find, set_state, tell_fact, visited
from tests.factories import Town
from tests.secrecy.markers import a_word
from tests.web.test_findings_api import caller
from tests.web.test_inspector_pages import browser, fields


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def marker() -> str:
    return a_word()


@pytest.fixture
def scene(town: Town, marker: str) -> Scene:
    """Police and environment were there; environment found something."""
    scene = visited(town, town.police, town.environment)
    find(town, scene, town.environment, f"Burkar utan pant {marker}", point=a_point(town), serious=True)
    tell_fact(town, scene, town.police, "Butikschefen")
    approve(town, scene, "Gemensamt lugnt besök.")
    return scene


def test_one_business_is_compiled_at_once_and_read_as_json(plain: FlaskClient, town: Town, scene: Scene) -> None:
    who, business = caller(town, town.environment), str(town.businesses[0])
    assert plain.get(f"/api/v1/dossiers/{business}", headers=who).status_code == 404
    compiled = plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=who)
    assert compiled.status_code == 200
    read = plain.get(f"/api/v1/dossiers/{business}", headers=who)
    assert read.json is not None
    assert read.json == compiled.json
    assert read.json["compiled_for"] == town.environment.name
    assert [o["finding"]["serious"] for o in read.json["open_deficiencies"]] == [True]
    assert [f["answer"] for f in read.json["visits"][0]["facts"]] == ["Butikschefen"]
    assert read.headers["ETag"] == f'"{read.json["digest"]}"'
    again = plain.get(f"/api/v1/dossiers/{business}", headers={**who, "If-None-Match": read.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    listed = plain.get("/api/v1/dossiers", headers=who).json
    assert listed is not None
    assert [(line["business_id"], line["open"], line["serious"]) for line in listed["items"]] == [(business, 1, 1)]


def test_the_pdf_says_the_same_is_kept_and_its_name_tells_nothing(
    plain: FlaskClient, town: Town, scene: Scene, marker: str
) -> None:
    who, business = caller(town, town.environment), town.businesses[0]
    plain.post("/api/v1/dossiers/compile", json={"business_id": str(business)}, headers=who)
    answer = plain.get(f"/api/v1/dossiers/{business}.pdf", headers=who)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert "Kiosk" not in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert marker in words.replace("\n", "").replace("\u00ad", "").replace("-", "")
    assert f"Sammanställd för {town.environment.name}" in words
    with unit_of_work(town.planner(town.environment)) as uow:
        kept = uow.session.execute(text("SELECT format, body FROM rendering")).all()
    assert [(row.format, bytes(row.body) == answer.data) for row in kept] == [("pdf", True)]


def test_compiling_all_is_a_job_of_ones_own_that_ends(
    app: APIFlask, plain: FlaskClient, town: Town, scene: Scene
) -> None:
    who = {**caller(town, town.environment), "Idempotency-Key": uuid4().hex}
    started = plain.post("/api/v1/dossiers/compile", json={"business_id": None}, headers=who)
    assert started.status_code == 202
    assert started.json is not None
    job = started.headers["Location"]
    assert plain.post("/api/v1/dossiers/compile", json={"business_id": None}, headers=who).data == started.data
    assert job == f"/api/v1/jobs/{started.json['id']}"
    page = f"/jobs/{started.json['id']}"
    client = browser(app, town.inspector(town.environment))
    running = client.get(page)
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in running.text
    assert "<progress" in running.text
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        compile_chunk(uow, started.json["id"])
    ended = plain.get(job, headers=who).json
    assert ended is not None
    assert (ended["state"], ended["done"], ended["total"]) == ("done", 1, 1)
    done = client.get(page)
    assert "http-equiv" not in done.text
    assert "1 av 1" in done.text
    for other in (caller(town, town.environment, planner=True), caller(town, town.police)):
        assert plain.get(job, headers=other).status_code == 404


def test_the_business_page_shows_open_deficiencies_first_and_others_only_by_a_word(
    app: APIFlask, town: Town, scene: Scene, marker: str
) -> None:
    path = f"/businesses/{town.businesses[0]}"
    client = browser(app, town.inspector(town.environment))
    before = client.get(path).text
    assert "Inte sammanställd än" in before
    assert client.post(f"{path}/compile", data=fields(before)).location == f"{path}?compiled"
    page = client.get(path).text
    for part in (
        f"Sammanställd för {town.environment.name}", marker, "Allvarlig brist", "Avrapporterad: brist", "Butikschefen",
        "Gemensamt lugnt besök.", f"Iakttagelserna finns hos {town.police.name}.", "vägledning", ".pdf",
    ):  # fmt: skip
        assert part in page, part
    assert page.index("Att följa upp") < page.index("Avrapporterad: brist")
    assert "Compiled for" in client.get(f"{path}?lang=en").text
    assert town.businesses[0].hex[:8] in client.get("/dossiers").text.replace("-", "")


def test_another_authority_reads_its_own_dossier_and_no_marker(
    app: APIFlask, plain: FlaskClient, town: Town, scene: Scene, marker: str
) -> None:
    business = str(town.businesses[0])
    plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=caller(town, town.environment))
    police = caller(town, town.police, planner=True)
    assert plain.get(f"/api/v1/dossiers/{business}", headers=police).status_code == 404
    mine = plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=police)
    pdf = plain.get(f"/api/v1/dossiers/{business}.pdf", headers=police).data
    seen = mine.text + plain.get("/api/v1/dossiers", headers=police).text
    seen += browser(app, town.planner(town.police)).get(f"/businesses/{business}").text
    seen += "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
    assert marker not in seen
    outside = caller(town, town.outsider, planner=True)
    for path in (f"/api/v1/dossiers/{business}", f"/api/v1/dossiers/{business}.pdf"):
        assert plain.get(path, headers=outside).status_code == 404
    asked = plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=outside)
    assert asked.status_code == 404
    assert browser(app, town.planner(town.outsider)).get(f"/businesses/{business}").status_code == 404


def test_the_leads_words_are_approved_and_follow_ups_closed_at_their_time(
    plain: FlaskClient, town: Town, scene: Scene
) -> None:
    path = f"/api/v1/operations/{scene.operation}"
    lead, guest = (caller(town, office, planner=True) for office in (town.police, town.environment))
    approved = plain.post(f"{path}/common-part", json={"text": "Nya ord."}, headers=lead)
    assert approved.json is not None
    assert (approved.status_code, approved.json["common_text"]) == (200, "Nya ord.")
    assert plain.post(f"{path}/common-part", json={"text": "x"}, headers=guest).status_code == 403
    assert plain.post(f"{path}/common-part", json={"text": "\x00"}, headers=lead).status_code == 422
    early = plain.post(f"{path}/follow-ups/close", headers=guest)
    assert (early.status_code, early.json and early.json["code"]) == (409, "gate_closed")
    set_state(town, scene, OperationState.COMPILED)
    assert plain.post(f"{path}/follow-ups/close", headers=guest).status_code == 404, "nothing was built for it"
    outside = caller(town, town.outsider, planner=True)
    assert plain.post(f"{path}/follow-ups/close", headers=outside).status_code == 404
