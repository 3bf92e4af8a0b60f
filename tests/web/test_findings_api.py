"""Checklists, findings, pictures and common facts through the API, and what another authority gets of them."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from samsyn.operations.rules import OperationState
from tests.factories import START, Office, Town
from tests.findings.scene import Scene, make_scene
from tests.secrecy.markers import a_word

POINT = "TOB-01"


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


def photo(kind: str = "PNG", colour: str = "red") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, kind)
    file.seek(0)
    return file


def caller(town: Town, office: Office, *, planner: bool = False) -> dict[str, str]:
    viewer = town.planner(office) if planner else town.inspector(office)
    return {"Authorization": f"Bearer {town.token(viewer)}"}


def said(**changed: Any) -> dict[str, Any]:
    return {
        "finding_id": str(uuid4()), "base_version": 0, "check_point": POINT, "answer": "ok",
        "observed_at": START.isoformat(), **changed,
    }  # fmt: skip


def post_finding(client: FlaskClient, scene: Scene, who: dict[str, str], **changed: Any) -> TestResponse:
    part = scene.part(scene.town.tobacco)
    return client.post(f"/api/v1/parts/{part}/findings", json=said(**changed), headers=who)


def test_the_houses_checklists_are_listed_with_their_newest_version(plain: FlaskClient, town: Town) -> None:
    listed = plain.get("/api/v1/checklists", headers=caller(town, town.tobacco)).json
    assert listed is not None
    assert {"tobacco", "police", "environment", "health"} <= {line["field"] for line in listed["items"]}
    assert all(line["n"] >= 1 and line["points"] >= 1 and not line["own"] for line in listed["items"])
    english = plain.get("/api/v1/checklists?lang=en", headers=caller(town, town.tobacco)).json
    assert english is not None
    assert "Tobacco and nicotine" in {line["title"] for line in english["items"]}


def test_an_answer_gets_versions_and_stands_in_the_parts_checklist(plain: FlaskClient, scene: Scene) -> None:
    who, key = caller(scene.town, scene.town.tobacco), str(uuid4())
    first = post_finding(plain, scene, who, finding_id=key)
    assert (first.status_code, first.headers["ETag"], first.headers["Location"]) == (
        201, '"1"', f"/api/v1/findings/{key}",
    )  # fmt: skip
    later = {"answer": "deficiency", "serious": True, "text": "Pärmen saknas."}
    assert post_finding(plain, scene, who, finding_id=key, base_version=1, **later).json == {
        "finding_id": key, "version": 2, "conflict": False, "written": True,
    }  # fmt: skip
    card = plain.get(f"/api/v1/parts/{scene.part(scene.town.tobacco)}/checklist", headers=who).json
    assert card is not None
    point = next(point for point in card["points"] if point["code"] == POINT)
    assert (card["answered"], point["answer"]["version"], point["answer"]["text"]) == (1, 2, "Pärmen saknas.")
    history = plain.get(f"/api/v1/findings/{key}", headers=who).json
    assert history is not None
    assert [(v["version"], v["answer"]) for v in history["versions"]] == [(1, "ok"), (2, "deficiency")]
    whole = plain.get(f"/api/v1/visits/{scene.visit}/findings", headers=who).json
    assert whole is not None
    assert [line["version"] for line in whole["items"]] == [2]


def test_an_answer_on_an_old_version_is_kept_and_called_a_conflict(plain: FlaskClient, scene: Scene) -> None:
    who, key = caller(scene.town, scene.town.tobacco), str(uuid4())
    post_finding(plain, scene, who, finding_id=key, text="en")
    answer = post_finding(plain, scene, who, finding_id=key, base_version=0, answer="deficiency", text="två").json
    assert answer is not None
    assert (answer["version"], answer["conflict"]) == (2, True)
    history = plain.get(f"/api/v1/findings/{key}", headers=who).json
    assert history is not None
    assert [v["text"] for v in history["versions"]] == ["en", "två"]


def test_one_key_sent_twice_has_one_effect_and_one_answer(plain: FlaskClient, scene: Scene) -> None:
    who = {**caller(scene.town, scene.town.tobacco), "Idempotency-Key": uuid4().hex}
    body = said(text="en gång")
    path = f"/api/v1/parts/{scene.part(scene.town.tobacco)}/findings"
    answers = [plain.post(path, json=body, headers=who) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert plain.post(path, json={**body, "text": "annat"}, headers=who).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"check_point": "TOB-99"}, {"check_point": None}, {"answer": "maybe"}, {"answer": "observation"},
        {"serious": True}, {"text": "x" * 10_001}, {"observed_at": "2027-03-04T18:00:00"}, {"base_version": 7},
        {"base_version": -1}, {"text": "Han heter 19121212-1212"}, {"finding_id": "x"}, {"evil": 1},
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_422_and_names_the_field(
    plain: FlaskClient, scene: Scene, wrong: dict[str, Any]
) -> None:
    who = caller(scene.town, scene.town.tobacco)
    answer = post_finding(plain, scene, who, **wrong)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json is not None
    assert answer.json["fields"]
    kept = plain.get(f"/api/v1/visits/{scene.visit}/findings", headers=who).json
    assert kept is not None
    assert kept["items"] == []


def test_a_personal_number_is_masked_when_that_is_asked(plain: FlaskClient, scene: Scene) -> None:
    who = caller(scene.town, scene.town.tobacco)
    assert post_finding(plain, scene, who, text="Han heter 19121212-1212", mask=True).status_code == 201
    text = plain.get(f"/api/v1/visits/{scene.visit}/findings", headers=who).text
    assert "1212" not in text
    assert "****" in text


def test_a_closed_part_refuses_and_names_why(plain: FlaskClient, scene: Scene) -> None:
    who = caller(scene.town, scene.town.tobacco)
    scene.set_answer(scene.town.tobacco, legal_basis=None)
    scene.set_state(OperationState.CONFIRMED)
    answer = post_finding(plain, scene, who)
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (409, "gate_closed")
    assert {"ongoing", "legal_basis"} <= set(answer.json["missing"])


def test_a_photo_is_cleaned_kept_once_and_read_by_the_own_authority_alone(plain: FlaskClient, scene: Scene) -> None:
    town = scene.town
    who, key = caller(town, town.tobacco), str(uuid4())
    post_finding(plain, scene, who, finding_id=key)
    ids = []
    for _ in range(2):
        added = plain.post(f"/api/v1/findings/{key}/evidence", data={"file": (photo(), "fasad.png")}, headers=who)
        assert added.status_code == 201, added.text
        assert added.json is not None
        ids.append(added.json["id"])
    assert ids[0] == ids[1], "the same picture stands once"
    read = plain.get(f"/api/v1/evidence/{ids[0]}", headers=who)
    assert (read.status_code, read.content_type, read.data[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert read.headers["Cache-Control"] == "private, no-store"
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    for office in (town.police, town.outsider):
        assert plain.get(f"/api/v1/evidence/{ids[0]}", headers=caller(town, office)).status_code == 404
        refused = plain.post(
            f"/api/v1/findings/{key}/evidence", data={"file": (photo(), "x.png")}, headers=caller(town, office)
        )
        assert refused.status_code == 404


def test_what_is_no_picture_is_422(plain: FlaskClient, scene: Scene) -> None:
    who, key = caller(scene.town, scene.town.tobacco), str(uuid4())
    post_finding(plain, scene, who, finding_id=key)
    path = f"/api/v1/findings/{key}/evidence"
    for data in ({"file": (io.BytesIO(b"<svg/>"), "x.jpg")}, {"file": (io.BytesIO(b""), "")}, {}):
        answer = plain.post(path, data=data, headers=who, content_type="multipart/form-data")
        assert answer.status_code == 422, answer.text


def test_facts_are_shared_by_all_who_take_part_and_nobody_else(plain: FlaskClient, scene: Scene) -> None:
    town = scene.town
    path = f"/api/v1/visits/{scene.visit}/facts"
    fact = {"fact_id": str(uuid4()), "question": "who_was_met", "answer": "Butikschefen"}
    answers = [plain.post(path, json=fact, headers=caller(town, town.tobacco)) for _ in range(2)]
    assert [(a.status_code, a.json and a.json["written"]) for a in answers] == [(201, True), (201, False)]
    listed = plain.get(path, headers=caller(town, town.police)).json
    assert listed is not None
    assert [(f["answer"], f["authority_id"]) for f in listed["items"]] == [("Butikschefen", str(town.tobacco.id))]
    assert plain.get(path, headers=caller(town, town.outsider)).status_code == 404
    assert plain.post(path, json=fact, headers=caller(town, town.outsider)).status_code == 404


def test_another_authority_finds_nothing_of_a_planted_marker(plain: FlaskClient, scene: Scene) -> None:
    town, marker, key = scene.town, a_word(), str(uuid4())
    assert post_finding(
        plain, scene, caller(town, town.tobacco), finding_id=key, text=marker, marking=marker
    ).status_code == 201  # fmt: skip
    part = scene.part(town.tobacco)
    paths = [f"/api/v1/parts/{part}/checklist", f"/api/v1/visits/{scene.visit}/findings", f"/api/v1/findings/{key}"]
    for office in (town.police, town.environment, town.outsider):
        for planner in (True, False):
            who = caller(town, office, planner=planner)
            answers = [plain.get(path, headers=who) for path in paths]
            assert marker not in "".join(answer.text for answer in answers)
            assert [answer.status_code for answer in answers] == [404, 404 if office is town.outsider else 200, 404]
            assert (
                plain.post(f"/api/v1/parts/{part}/findings", json=said(finding_id=key), headers=who).status_code == 404
            )
    assert marker in plain.get(paths[2], headers=caller(town, town.tobacco, planner=True)).text
