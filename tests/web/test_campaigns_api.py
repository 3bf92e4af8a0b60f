"""Campaigns as JSON: listed, read whole, planned, followed and read line by line; others' people are a number."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask.testing import FlaskClient

from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.operations.service import declare_recusal
from samsyn.planning.queries.campaigns import get_campaign
from samsyn.planning.service.campaigns import AskMember, ChangeItem, change_item
from samsyn.planning.service.moving import move_visit, pin_visit
from tests.factories import Town
from tests.planning.campaigning import items, made, planned, step
from tests.web.reader import open_browser
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


def test_a_member_learns_neither_when_a_visit_is_fixed_nor_who_else_goes_nor_operations_of_others(
    plain: FlaskClient, town: Town
) -> None:
    everybody = (AskMember(town.police.id), AskMember(town.tobacco.id), AskMember(town.environment.id))
    campaign = made(town, members=everybody)
    with unit_of_work(town.planner(town.police)) as uow:
        alone, *others = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, alone.id, 60, 1, authorities=(town.police.id, town.environment.id)))
    plan = planned(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, others[0].id, 1, plan)
        publish_plan(uow, PublishPlan(campaign, plan.id, (alone.id,)))
        publish_plan(uow, PublishPlan(campaign, plan.id, (others[1].id,)))
    path = f"/api/v1/campaigns/{campaign}"
    lead, member = caller(town, town.police, planner=True), caller(town, town.tobacco, planner=True)
    known = {one["id"]: one for one in said(plain.get(path, headers=lead))["items"]}
    shown = {one["id"]: one for one in said(plain.get(path, headers=member))["items"]}
    fixed, closed, open_to = (str(one) for one in (others[0].id, alone.id, others[1].id))
    assert known[fixed]["pinned_at"]
    assert shown[fixed]["pinned_at"] is None
    assert {len(one["authorities"]) for one in known.values()} == {2, 3}
    assert shown[closed]["authorities"] == []
    assert shown[open_to]["authorities"] == shown[fixed]["authorities"] == [str(town.tobacco.id)]
    for name in ("operation_id", "visit_id"):
        assert known[closed][name]
        assert shown[closed][name] is None
        assert shown[open_to][name] == known[open_to][name]


def test_a_planner_with_jav_reads_no_line_of_that_visit(plain: FlaskClient, town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    entry = plan.plan["visits"][0]
    item = UUID(entry["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        free = get_campaign(uow, campaign).moment(4 * 1440 + 10 * 60)
        moved = move_visit(uow, campaign, plan.id, item, free)
        publish_plan(uow, PublishPlan(campaign, moved, (item,)))
    with unit_of_work(town.planner(town.police)) as uow:
        visit = next(one.visit_id for one in items(uow, campaign) if one.id == item)
        assert visit is not None
    path = f"/api/v1/campaigns/{campaign}/plans/{moved}"
    who = caller(town, town.police, planner=True)
    assert str(item) in plain.get(path, headers=who).text
    browser = open_browser(plain.application.test_client(), town.planner(town.police))
    assert "flyttas från" in browser.get(f"/campaigns/{campaign}")
    with unit_of_work(town.planner(town.police)) as uow:
        declare_recusal(uow, visit, "släkt")
    shown = said(plain.get(path, headers=who))
    assert str(item) not in {one["item_id"] for one in shown["lines"]}
    assert len(shown["lines"]) == 2
    assert "flyttas från" not in browser.get(f"/campaigns/{campaign}")
