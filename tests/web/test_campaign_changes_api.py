"""A campaign's whole life as JSON: made, changed, taken back, planned, moved by hand, compared, published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from tests.factories import Town
from tests.planning.campaigning import MONDAY, planned
from tests.web.test_findings_api import caller
from tests.web.test_outcomes_api import plain, said

__all__ = ["plain"]
API = "/api/v1/campaigns"


def asked(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "name": "Höstens kiosker",
        "first_on": MONDAY.isoformat(),
        "last_on": (MONDAY + timedelta(days=4)).isoformat(),
        "opens": 480,
        "closes": 1020,
        "weekends": True,
        "meeting_places": [{"name": "Järntorget"}],
        "members": [{"authority_id": str(town.police.id)}, {"authority_id": str(town.tobacco.id), "people": 2}],
        **more,
    }


def new(town: Town, **more: Any) -> dict[str, Any]:
    there = {"collaboration_id": str(town.collaboration), "business_ids": [str(one) for one in town.businesses[:2]]}
    return asked(town, **there, **more)


def test_a_campaign_is_made_once_changed_as_it_was_seen_and_taken_back(plain: FlaskClient, town: Town) -> None:
    who = caller(town, town.police, planner=True)
    once = {**who, "Idempotency-Key": str(uuid4())}
    first = plain.post(API, json=new(town), headers=once)
    made = said(first, 201)
    assert said(plain.post(API, json=new(town), headers=once), 201)["id"] == made["id"]
    assert said(plain.post(API, json=new(town, opens=1), headers=once), 422)["code"] == "key_reused"
    path = f"{API}/{made['id']}"
    assert first.headers["Location"].endswith(path)
    assert (made["version"], len(made["items"])) == (1, 2)
    assert said(plain.put(path, json=asked(town), headers=who), 428)["code"] == "precondition_missing"
    seen = {**who, "If-Match": '"1"'}
    changed = plain.put(path, json=asked(town, name="Ett annat namn"), headers=seen)
    now = changed.headers["ETag"]
    assert (said(changed)["name"], now == '"1"') == ("Ett annat namn", False)
    stale = plain.put(path, json=asked(town, name="Ett tredje namn"), headers=seen)
    assert said(stale, 412)["code"] == "changed_meanwhile"
    assert said(plain.put(path, json=asked(town, closes=480), headers={**who, "If-Match": now}), 422)["fields"]
    grown = said(plain.post(f"{path}/businesses", json={"business_ids": [str(town.businesses[2])]}, headers=who))
    assert len(grown["items"]) == 3
    back = plain.post(f"{path}/undo", headers={**who, "If-Match": f'"{grown["version"]}"'})
    assert sum(not one["excluded"] for one in said(back)["items"]) == 2
    again = plain.post(f"{path}/undo", headers={**who, "If-Match": f'"{grown["version"]}"'})
    assert said(again, 412)["code"] == "changed_meanwhile"


def test_its_places_are_changed_fixed_moved_compared_and_published(plain: FlaskClient, town: Town) -> None:
    who = caller(town, town.police, planner=True)
    made = said(plain.post(API, json=new(town), headers=who), 201)
    path = f"{API}/{made['id']}"
    first, other = made["items"]
    wanted = {"minutes": 45, "safety_note": "Gå två", "due_on": MONDAY.isoformat()}
    seen = {**who, "If-Match": '"1"'}
    answer = plain.put(f"{path}/items/{first['id']}", json=wanted, headers=seen)
    one, now = said(answer), {**who, "If-Match": answer.headers["ETag"]}
    assert (one["id"], one["minutes"], one["due_on"], one["version"]) == (first["id"], 45, MONDAY.isoformat(), 2)
    late = said(plain.put(f"{path}/items/{first['id']}", json=wanted, headers=seen), 412)
    assert (late["current"]["id"], late["current"]["version"]) == (first["id"], 2)
    assert said(plain.put(f"{path}/items/{other['id']}", json={"minutes": 7}, headers=seen), 422)["fields"]
    plan = planned(town, UUID(made["id"]))
    fixed = said(plain.post(f"{path}/items/{other['id']}/pin", json={"plan_id": str(plan.id)}, headers=seen))
    assert fixed["pinned_at"]
    taken = {one["start"] // 1440 for one in plan.plan["visits"]}
    day = next(n for n in range(4, -1, -1) if n not in taken)
    free = (MONDAY + timedelta(days=day)).isoformat() + "T10:00:00+01:00"
    move = {"plan_id": str(plan.id), "starts_at": free}
    moved = said(plain.post(f"{path}/items/{first['id']}/move", json=move, headers=now))
    newest = said(plain.get(path, headers=who))["plans"][0]
    assert (moved["plan_id"], moved["version"]) == (newest["id"], 3)
    assert (newest["by_hand"], newest["baseline_id"]) == (True, str(plan.id))
    night = {**move, "starts_at": free.replace("T10", "T03")}
    refused = said(plain.post(f"{path}/items/{first['id']}/move", json=night, headers={**who, "If-Match": '"3"'}), 409)
    assert refused["fields"]["starts_at"]
    told = said(plain.get(f"{path}/plans/{newest['id']}/changes", headers=who))
    assert [(line["item_id"], line["change"]) for line in told["changes"]] == [(first["id"], "moved")]
    beside = said(plain.get(f"{path}/plans/{newest['id']}/changes?beside={newest['id']}", headers=who))
    assert beside["changes"] == []
    assert plain.get(f"{path}/plans/{newest['id']}/changes?beside={uuid4()}", headers=who).status_code == 404
    public = said(
        plain.post(f"{path}/plans/{newest['id']}/publish", json={"item_ids": [first["id"]]}, headers=who), 201
    )
    [operation] = public["operation_ids"]
    shown = said(plain.get(path, headers=who))
    assert next(one for one in shown["items"] if one["id"] == first["id"])["operation_id"] == operation
    late = said(plain.put(f"{path}/items/{first['id']}", json=wanted, headers={**who, "If-Match": '"4"'}), 409)
    assert late["code"] == "gate_closed"


def test_who_is_only_asked_changes_nothing(plain: FlaskClient, town: Town) -> None:
    lead, member = caller(town, town.police, planner=True), caller(town, town.tobacco, planner=True)
    made = said(plain.post(API, json=new(town), headers=lead), 201)
    path, seen = f"{API}/{made['id']}", {**member, "If-Match": '"1"'}
    item = f"{path}/items/{made['items'][0]['id']}"
    assert said(plain.put(path, json=asked(town), headers=seen), 403)["code"] == "not_allowed"
    assert said(plain.put(item, json={}, headers=seen), 403)["code"] == "not_allowed"
    assert said(plain.post(f"{item}/pin", json={}, headers=seen), 403)["code"] == "not_allowed"
    assert said(plain.post(f"{path}/undo", headers=seen), 403)["code"] == "not_allowed"
