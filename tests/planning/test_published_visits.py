"""What was published stays in later plans: the ways from it, the visits of its people's day, its vehicles."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.core.errors import GateClosedError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.lifecycle.service import MoveOperation, move_operation
from samsyn.operations.queries import get_operation, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AddVisit, add_visit
from samsyn.planning.queries.campaigns import MeetingPlace, PlanLine, get_campaign, get_item, problem_of_plan
from samsyn.planning.service.again import plan_again
from samsyn.planning.service.campaigns import AskMember
from samsyn.planning.service.moving import move_visit
from samsyn.planning.verifier.verifying import verify
from tests.factories import Town
from tests.planning.campaigning import made, newest, planned


def put(town: Town, n: int, latitude: float, longitude: float) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        where = {"a": latitude, "b": longitude, "i": town.premises[n]}
        uow.session.execute(text("UPDATE premises SET latitude = :a, longitude = :b WHERE id = :i"), where)


def publish(town: Town, campaign: UUID, plan: PlanLine, *keys: str) -> list[UUID]:
    with unit_of_work(town.planner(town.police)) as uow:
        return publish_plan(uow, PublishPlan(campaign, plan.id, tuple(UUID(one) for one in keys)))


def sound(town: Town, plan: PlanLine) -> bool:
    with unit_of_work(town.planner(town.police)) as uow:
        return verify(problem_of_plan(uow, plan), plan.plan).accepted


def test_the_way_from_a_published_visit_counts(town: Town) -> None:
    """The second one lies half an hour's way off: its people's meeting cannot begin when the published one ends."""
    for n in (0, 1):
        put(town, n, 59.55, 15.838)
    campaign = made(
        town,
        days=1,
        opens=480,
        closes=720,
        business_ids=tuple(town.businesses[:2]),
        members=(AskMember(town.police.id, people=2),),
        meeting_places=(MeetingPlace("Järntorget", 59.394, 15.838),),
    )
    plan = planned(town, campaign)
    [first, *_] = plan.plan["visits"]
    with unit_of_work(town.planner(town.police)) as uow:
        move_visit(uow, campaign, plan.id, UUID(first["id"]), get_campaign(uow, campaign).moment(8 * 60 + 45))
    plan = newest(town, campaign)
    publish(town, campaign, plan, first["id"])
    again = planned(town, campaign)
    assert sound(town, again)
    assert [(one["id"], one["start"]) for one in again.plan["visits"]] == [(first["id"], 525)]
    assert [one["why"] for one in again.plan["unscheduled"]] == ["crowded_out"]
    assert again.plan["unscheduled"][0]["crowded_by"] == [first["id"]]


def test_a_published_visit_is_one_of_its_peoples_day(town: Town) -> None:
    campaign = made(town, days=1, per_shift=1, members=(AskMember(town.police.id, people=2),))
    plan = planned(town, campaign)
    assert plan.number == 1
    publish(town, campaign, plan, plan.plan["visits"][0]["id"])
    again = planned(town, campaign)
    assert again.plan["visits"] == plan.plan["visits"]
    assert again.risk == plan.risk


def test_a_published_visit_takes_its_vehicle(town: Town) -> None:
    campaign = made(town, days=1, opens=480, closes=600, members=(AskMember(town.police.id, people=1, vehicles=1),))
    plan = planned(town, campaign)
    publish(town, campaign, plan, plan.plan["visits"][0]["id"])
    again = planned(town, campaign)
    assert again.plan["visits"] == plan.plan["visits"]


def test_an_operation_that_was_changed_past_a_plan_holds_its_people_and_one_called_off_nobody(town: Town) -> None:
    campaign = made(town, days=1, opens=480, closes=600, members=(AskMember(town.police.id, people=2),))
    plan = planned(town, campaign)
    [first] = plan.plan["visits"]
    [operation] = publish(town, campaign, plan, first["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        [visit] = visits_of(uow, operation)
        left = next(one["id"] for one in plan.plan["unscheduled"])
        other = UUID(str(uow.session.scalar(text("SELECT business_id FROM campaign_item WHERE id = :i"), {"i": left})))
        add_visit(uow, AddVisit(operation, other, visit.starts_at, visit.ends_at))
    held = planned(town, campaign)
    assert held.number == 0
    item = UUID(first["id"])
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(GateClosedError):
        plan_again(uow, campaign, item, get_item(uow, campaign, item).version)
    with unit_of_work(town.planner(town.police)) as uow:
        move_operation(uow, MoveOperation(operation, OperationState.CANCELLED, get_operation(uow, operation).version))
    free = planned(town, campaign)
    assert len(free.plan["visits"]) == 1
    assert free.plan["visits"][0]["id"] != first["id"]
    with unit_of_work(town.planner(town.police)) as uow:
        plan_again(uow, campaign, item, get_item(uow, campaign, item).version)
        assert get_item(uow, campaign, item).operation_id is None
        assert free.stale(get_campaign(uow, campaign))
    again = planned(town, campaign)
    assert first["id"] in {one["id"] for one in (*again.plan["visits"], *again.plan["unscheduled"])}


def test_where_fewer_visits_are_allowed_by_now_what_was_published_only_holds_its_people(town: Town) -> None:
    """A rule that came later ends no plan: the published ones break it, and stay all the same."""
    campaign = made(town, days=1, members=(AskMember(town.police.id, people=2),))
    plan = planned(town, campaign)
    publish(town, campaign, plan, *[one["id"] for one in plan.plan["visits"][:2]])
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE campaign SET per_shift = 1 WHERE id = :i"), {"i": campaign})
    assert sound(town, planned(town, campaign))
