"""The evening that a phone packs: what its pages show the same person, and the keys under which two phones meet."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask

from samsyn.authorities.rules import Field
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.drafts import begin_draft, keep_point, publish
from samsyn.findings.queries import history_of_finding
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.findings.test_own_lists import SAID
from tests.lifecycle.walk import Walk
from tests.web.reader import open_browser
from tests.web.test_field_session import Evening, an_evening


def caller(town: Town, who: Viewer) -> dict[str, str]:
    return {"Authorization": f"Bearer {town.token(who)}"}


def packed(evening: Evening, who: Viewer) -> dict[str, Any]:
    path = f"/api/v1/operations/{evening.walk.operation}/evening"
    answer = evening.app.test_client().get(path, headers=caller(evening.town, who))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


@pytest.fixture
def evening(app: APIFlask, town: Town) -> Evening:
    it = an_evening(app, town)
    it.walk.move(town, OperationState.ONGOING)
    return it


def point(pack: dict[str, Any], code: str) -> dict[str, Any]:
    [part] = pack["visits"][0]["mine"]
    found: dict[str, Any] = next(one for one in part["checklist"]["points"] if one["code"] == code)
    return found


def write(evening: Evening, who: Viewer, code: str, base: int, answer: str, key: str) -> Any:
    body = {
        "finding_id": key,
        "check_point": code,
        "base_version": base,
        "answer": answer,
        "observed_at": "2026-11-30T18:00:00+01:00",
    }
    walk, town = evening.walk, evening.town
    path = f"/api/v1/parts/{walk.parts[town.tobacco.id]}/findings"
    answered = evening.app.test_client().post(path, json=body, headers=caller(town, who))
    assert answered.status_code == 201, answered.text
    return answered.json


def test_it_holds_the_own_part_and_nothing_of_others(evening: Evening) -> None:
    town = evening.town
    pack = packed(evening, town.inspector(town.tobacco))
    [visit] = pack["visits"]
    assert [part["authority_id"] for part in visit["mine"]] == [str(town.tobacco.id)]
    assert len(visit["present"]) == 3
    assert len(point(pack, "TOB-01")["text"]) > 10
    assert pack["operation"]["id"] == str(evening.walk.operation)
    assert {person["authority_id"] for person in pack["people"]} == {str(one) for one in evening.walk.parts}
    assert pack["leads"] is False
    assert packed(evening, town.inspector(town.police))["leads"] is True
    kept = datetime.fromisoformat(pack["keep_until"]) - datetime.fromisoformat(pack["fetched_at"])
    assert kept == timedelta(hours=8)


def test_a_place_that_is_not_open_yet_is_not_in_it(app: APIFlask, town: Town) -> None:
    coming = an_evening(app, town, begins=timedelta(hours=11))
    [visit] = packed(coming, town.inspector(town.tobacco))["visits"]
    assert visit["target"] is None


def test_who_does_not_go_packs_nothing(evening: Evening) -> None:
    town, path = evening.town, f"/api/v1/operations/{evening.walk.operation}/evening"
    for who in (town.inspector(town.tobacco, 1), town.planner(town.police), town.planner(town.outsider)):
        assert evening.app.test_client().get(path, headers=caller(town, who)).status_code == 404


def test_it_is_over_with_the_field_session(evening: Evening) -> None:
    assert evening.browser.do(evening.page, evening.begin) == evening.page
    client = evening.browser.client
    said = json.loads(client.get("/api/v1/field-session").text)
    assert said["operation_id"] == str(evening.walk.operation)
    assert client.get(f"/api/v1/operations/{evening.walk.operation}/evening").status_code == 200
    other = walk_of_another(evening)
    assert client.get(f"/api/v1/operations/{other.operation}/evening").status_code == 404
    assert evening.browser.client.post("/sign-out", data={"csrf_token": said["csrf_token"]}).status_code == 303
    assert client.get("/api/v1/field-session").status_code == 401
    assert client.get(f"/api/v1/operations/{evening.walk.operation}/evening").status_code == 401


def walk_of_another(evening: Evening) -> Walk:
    return an_evening(evening.app, evening.town, begins=timedelta(hours=8)).walk


def test_the_page_and_the_phone_write_a_points_first_answer_under_one_key(evening: Evening) -> None:
    town = evening.town
    who = town.inspector(town.tobacco)
    key = point(packed(evening, who), "TOB-01")["key"]
    shown = open_browser(evening.app.test_client(), who).get(f"/parts/{evening.walk.parts[town.tobacco.id]}/checklist")
    assert re.findall(r'name="TOB-01\.finding_id" value="([^"]+)"', shown) == [key]


def test_two_phones_answer_a_point_under_one_key_and_somebody_chooses(evening: Evening) -> None:
    town = evening.town
    who = town.inspector(town.tobacco)
    colleague = town.planner(town.tobacco)
    key = point(packed(evening, who), "TOB-03")["key"]
    assert key == point(packed(evening, who), "TOB-03")["key"], "however often it is packed"
    assert key != point(packed(evening, who), "TOB-04")["key"]
    assert write(evening, who, "TOB-03", 0, "ok", key) == {
        "finding_id": key,
        "version": 1,
        "conflict": False,
        "written": True,
    }
    assert write(evening, colleague, "TOB-03", 0, "deficiency", key)["conflict"]
    now = point(packed(evening, who), "TOB-03")
    assert (now["key"], now["conflict"]) == (key, True)
    assert (now["answer"]["answer"], [one["answer"] for one in now["rivals"]]) == ("deficiency", ["ok"])
    chosen = write(evening, who, "TOB-03", 2, "deficiency", key)
    assert (chosen["version"], chosen["conflict"], chosen["written"]) == (3, False, True), "the newest, said once more"
    assert not point(packed(evening, who), "TOB-03")["conflict"]
    again = write(evening, who, "TOB-03", 2, "deficiency", key)
    assert (again["version"], again["written"]) == (3, False)
    with unit_of_work(who) as uow:
        assert [line.written_by for line in history_of_finding(uow, UUID(key))][2] == who.person_id


def test_three_that_wrote_at_once_are_all_told(evening: Evening) -> None:
    town = evening.town
    who = town.inspector(town.tobacco)
    key = point(packed(evening, who), "TOB-02")["key"]
    for answer in ("ok", "deficiency", "not_applicable"):
        write(evening, who, "TOB-02", 0, answer, key)
    now = point(packed(evening, who), "TOB-02")
    assert now["answer"]["answer"] == "not_applicable"
    assert [one["answer"] for one in now["rivals"]] == ["deficiency", "ok"]


def test_the_shell_is_the_same_for_everybody(evening: Evening) -> None:
    assert evening.browser.do(evening.page, evening.begin) == evening.page
    own = evening.browser.client.get("/field?lang=sv")
    anybody = evening.app.test_client().get("/field?lang=sv")

    def body(answer: Any) -> str:
        nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        text: str = answer.text
        return text.replace(nonce, "")

    assert body(own) == body(anybody)
    for path in ("/field", "/field-worker.js", "/field.webmanifest"):
        answer = evening.app.test_client().get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store", "kept by the worker, never on the way"
    policy = own.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_worker_keeps_files_that_are_there_and_no_page_of_anybody(evening: Evening) -> None:
    client = evening.app.test_client()
    lines = client.get("/field-worker.js").text.splitlines()
    shell = json.loads(lines[1].removeprefix("const SHELL = ").removesuffix(";"))
    assert all(path.startswith(("/field?", "/static/")) for path in shell)
    texts = {path: text_of(client, path) for path in shell}
    asked_for = re.compile(r'^import .* from "([^"]+)";', re.MULTILINE)
    imported = {name for text in texts.values() for name in asked_for.findall(text)}
    kept = {path.rsplit("/", 1)[1] for path in shell}
    assert {name.rsplit("/", 1)[1] for name in imported} <= kept, "every module that a module asks for"
    assert "main.js" in kept


def text_of(client: Any, path: str) -> str:
    with client.get(path) as answer:
        assert answer.status_code == 200, path
        return str(answer.get_data(), "utf-8", "replace")


def test_what_helps_with_a_point_is_packed_with_it(evening: Evening) -> None:
    """Heading, help, section of law with its mark, and what may follow; the size of a package is held."""
    town = evening.town
    who = town.inspector(town.tobacco)
    plain = packed(evening, who)
    assert (point(plain, "TOB-01")["section"], point(plain, "TOB-01")["help"]) == (None, None)
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"unit_admin"}))) as uow:
        key = begin_draft(uow, Field.TOBACCO)
        keep_point(uow, key, 1, None, SAID)
        publish(uow, key, 2)
    said = packed(evening, who)
    added = point(said, "TOB-16")
    assert (added["section"], added["help"]) == ("Skyltar", "Titta vid kassan.\nOch vid dörren.")
    assert (added["law"], added["verified"], added["outcomes"]) == ("LTLP 5:12", "page", ["remark"])
    size = len(json.dumps(said, ensure_ascii=False).encode())
    assert size < 40_000, size
