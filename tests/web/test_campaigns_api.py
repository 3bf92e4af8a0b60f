"""Campaigns as JSON: listed, read whole, planned, followed and read line by line; others' people are a number."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask.testing import FlaskClient

from tests.factories import Town
from tests.planning.campaigning import made, planned, step
from tests.web.test_findings_api import caller
from tests.web.test_outcomes_api import plain, said

__all__ = ["plain"]


def test_a_campaign_is_read_planned_and_followed(plain: FlaskClient, town: Town) -> None:
    campaign, who = made(town), caller(town, town.police, planner=True)
    path = f"/api/v1/campaigns/{campaign}"
    [line] = said(plain.get("/api/v1/campaigns", headers=who))["items"]
    assert (line["id"], line["businesses"]) == (str(campaign), 3)
    whole = plain.get(path, headers=who)
    assert whole.headers["ETag"] == '"1"'
    assert {one["authority_id"]: one["people"] for one in said(whole)["members"]} == {
        str(town.police.id): 1,
        str(town.tobacco.id): 2,
    }
    assert said(plain.get(f"{path}/planning", headers=who))["job_id"] is None
    once = {**who, "Idempotency-Key": str(uuid4())}
    asked = plain.post(f"{path}/plans", json={"budget": 1000}, headers=once)
    job = said(asked, 202)["job_id"]
    assert asked.headers["Location"].endswith(f"{path}/planning")
    assert said(plain.post(f"{path}/plans", json={"budget": 1000}, headers=once), 202)["job_id"] == job
    assert said(plain.post(f"{path}/plans", json={"budget": 1000}, headers=who), 409)["code"] == "conflict"
    assert said(plain.post(f"{path}/plans", json={"budget": 7}, headers=who), 422)["fields"].keys() == {"budget"}
    assert step(town, UUID(job))
    assert said(plain.post(f"{path}/planning/take", headers=who))["taken"]
    while step(town, UUID(job)):
        pass
    state = said(plain.get(f"{path}/planning", headers=who))
    assert (state["done"], state["planned"]) == (0, 3)
    plan = said(plain.get(f"{path}/plans/{state['plan_id']}", headers=who))
    assert (plan["visits"], plan["stale"], plan["unscheduled"]) == (3, False, [])
    assert plan["lines"] == sorted(plan["lines"], key=lambda one: (one["starts_at"], one["item_id"]))
    mine = {str(one) for one in town.police.inspectors}
    for one in plan["lines"]:
        sends = {sent["authority_id"]: sent for sent in one["sends"]}
        assert set(sends[str(town.police.id)]["people"]) <= mine
        assert (sends[str(town.tobacco.id)]["number"], sends[str(town.tobacco.id)]["people"]) == (2, [])
    assert [one["id"] for one in said(plain.get(path, headers=who))["plans"]] == [plan["id"]]


def test_a_member_reads_where_it_goes_and_no_plan_and_others_nothing(plain: FlaskClient, town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    path = f"/api/v1/campaigns/{campaign}"
    member, stranger = caller(town, town.tobacco, planner=True), caller(town, town.environment, planner=True)
    shown = said(plain.get(path, headers=member))
    assert (len(shown["items"]), shown["plans"]) == (3, [])
    assert [one["authority_id"] for one in shown["members"]] == [str(town.tobacco.id)]
    assert said(plain.get(f"{path}/planning", headers=member), 403)["code"] == "not_allowed"
    assert said(plain.post(f"{path}/plans", json={}, headers=member), 403)["code"] == "not_allowed"
    assert plain.get(f"{path}/plans/{plan.id}", headers=member).status_code == 404
    assert plain.get(path, headers=stranger).status_code == 404
    assert said(plain.get("/api/v1/campaigns", headers=stranger))["items"] == []
