"""Outcomes and follow-ups as JSON: written once, changed by who saw the newest, with what to think of; own alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.core.home import local_day
from samsyn.findings.rules import Answer
from tests.factories import Town
from tests.findings.scene import Scene, make_scene
from tests.web.test_findings_api import caller

TODAY = local_day(datetime.now(UTC)).isoformat()


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def finding(town: Town, scene: Scene) -> UUID:
    return scene.answer(town.inspector(town.tobacco), None, Answer.DEFICIENCY, "Tobak utan tillstånd").finding_id


def said(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_an_outcome_is_written_decided_and_withdrawn(
    plain: FlaskClient, town: Town, scene: Scene, finding: UUID
) -> None:
    who, path, key = caller(town, town.tobacco), f"/api/v1/parts/{scene.part(town.tobacco)}/outcomes", str(uuid4())
    body = {"outcome_id": key, "tool": "LTLP_7_11", "state": "proposed", "findings": [str(finding)], "text": "Skäl"}
    made = plain.post(path, json=body, headers=who)
    first = said(made, 201)
    assert made.headers["Location"] == f"/api/v1/outcomes/{key}"
    assert (first["version"], first["tool"]["act"]) == (1, "LTLP")
    sources = {one["code"]: (one["source"], one["verified"]) for one in first["cautions"]}
    assert sources["purchase_tobacco"] == ("LTLP 7 kap. 23 §", "statute")
    assert sources["no_power"] == ("JO 3684-2007", "page")
    change = {name: value for name, value in body.items() if name != "outcome_id"} | {"state": "decided"}
    one = f"/api/v1/outcomes/{key}"
    assert plain.put(one, json=change, headers=who).status_code == 428
    refused = plain.put(one, json=change, headers={**who, "If-Match": '"1"'})
    assert set(said(refused, 422)["fields"]) == {"decided_by", "decider", "delegation", "decided_on", "case_number"}
    decision = {"decided_by": "board", "decider": "Nämnden", "delegation": "§ 4", "decided_on": TODAY}
    decided = plain.put(one, json={**change, **decision, "case_number": "7"}, headers={**who, "If-Match": '"1"'})
    assert said(decided)["version"] == 2
    late = plain.put(one, json={**change, **decision, "case_number": "8"}, headers={**who, "If-Match": '"1"'})
    assert said(late, 412)["current"]["version"] == 2
    gone = plain.post(f"{one}/withdraw", json={"reason": "Upphävt"}, headers={**who, "If-Match": '"2"'})
    assert (said(gone)["state"], said(gone)["cautions"]) == ("withdrawn", [])
    assert [v["state"] for v in said(plain.get(one, headers=who))["versions"]] == ["proposed", "decided", "withdrawn"]
    listed = said(plain.get(path, headers=who))
    assert [item["version"] for item in listed["items"]] == [3]
    assert "LTLP_7_11" in {tool["code"] for tool in listed["tools"]}
    for stranger in (caller(town, town.police), caller(town, town.outsider)):
        assert [plain.get(address, headers=stranger).status_code for address in (one, path)] == [404, 404]


def test_a_follow_up_is_written_listed_and_done(plain: FlaskClient, town: Town, scene: Scene, finding: UUID) -> None:
    who, key = caller(town, town.tobacco), str(uuid4())
    path = f"/api/v1/parts/{scene.part(town.tobacco)}/follow-ups"
    owner = str(town.tobacco.inspectors[0])
    body = {"follow_up_id": key, "finding_id": str(finding), "owner_id": owner, "due_on": TODAY, "text": "Skylt"}
    assert said(plain.post(path, json=body, headers=who), 201)["version"] == 1
    mine = said(plain.get(f"/api/v1/follow-ups?owner_id={owner}", headers=who))
    assert [item["follow_up_id"] for item in mine["items"]] == [key]
    change = {"owner_id": owner, "due_on": TODAY, "state": "dropped", "text": "Skylt"}
    one = f"/api/v1/follow-ups/{key}"
    assert set(said(plain.put(one, json=change, headers={**who, "If-Match": '"1"'}), 422)["fields"]) == {"reason"}
    done = plain.put(one, json={**change, "state": "done"}, headers={**who, "If-Match": '"1"'})
    assert said(done)["state"] == "done"
    assert said(plain.get("/api/v1/follow-ups", headers=who))["items"] == []
    assert [v["state"] for v in said(plain.get(one, headers=who))["versions"]] == ["open", "done"]
    assert said(plain.get(path, headers=who))["items"][0]["state"] == "done"
    for stranger in (caller(town, town.police), caller(town, town.outsider)):
        assert [plain.get(address, headers=stranger).status_code for address in (one, path)] == [404, 404]
        assert said(plain.get("/api/v1/follow-ups", headers=stranger))["items"] == []
