"""What lies fixed: no way back and no move by hand leads past it, in whichever plan somebody looks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.planning.queries.campaigns import get_campaign, get_item
from samsyn.planning.service.campaign_changes import EditCampaign, edit_campaign, undo_change
from samsyn.planning.service.campaigns import ChangeItem, change_item
from samsyn.planning.service.moving import move_visit, pin_visit, problem_now, try_move
from tests.factories import Town
from tests.planning.campaigning import MONDAY, command_of, made, newest, planned

DAY = 1440


def to(town: Town, campaign: UUID, weeks: int) -> None:
    """Move the campaign's days."""
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_campaign(uow, campaign).version
        edit_campaign(uow, EditCampaign(campaign, seen, command_of(town, MONDAY + timedelta(weeks=weeks))))


def test_days_are_not_taken_back_from_under_a_fixed_visit(town: Town) -> None:
    campaign = made(town)
    to(town, campaign, 1)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 1, plan)
        with pytest.raises(ConflictError) as refused:
            undo_change(uow, campaign, get_campaign(uow, campaign).version)
    assert refused.value.fields == {"last_on": ["a fixed visit lies outside"]}
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 2, None)
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_campaign(uow, campaign).first_on == MONDAY


def test_nothing_is_fixed_on_days_that_are_the_campaigns_no_longer(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    to(town, campaign, 1)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(InvalidError) as refused:
        pin_visit(uow, campaign, item, 1, plan)
    assert refused.value.fields == {"starts_at": ["outside the campaign's days"]}
    with unit_of_work(town.planner(town.police)) as uow:
        found = try_move(problem_now(uow, campaign, plan, item), plan.plan, str(item), 4 * DAY + 10 * 60)
        assert [one.rule for one in found.clashes] == ["H2"]


def test_a_move_in_an_older_plan_goes_past_no_visit_that_was_fixed_since(town: Town) -> None:
    campaign = made(town)
    first = planned(town, campaign)
    item, other = (UUID(one["id"]) for one in first.plan["visits"][:2])
    then, free = 3 * DAY + 10 * 60, 4 * DAY + 10 * 60
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
        move_visit(uow, campaign, first.id, item, card.moment(free))
    moved = newest(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, get_item(uow, campaign, item).version, moved)
    with unit_of_work(town.planner(town.police)) as uow:
        now = problem_now(uow, campaign, first, other)
        found = try_move(now, first.plan, str(other), then)
        assert {(one.rule, one.where) for one in found.clashes} == {("H8", str(item))}
        with pytest.raises(ConflictError):
            move_visit(uow, campaign, first.id, other, card.moment(then))
        move_visit(uow, campaign, moved.id, other, card.moment(then))
    again = newest(town, campaign)
    starts = {one["id"]: one["start"] for one in again.plan["visits"]}
    assert (starts[str(item)], starts[str(other)]) == (free, then)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, first.id, (item,)))
    assert refused.value.fields == {"item_ids": ["fixed otherwise since"]}
    with unit_of_work(town.planner(town.police)) as uow:
        publish_plan(uow, PublishPlan(campaign, again.id, (item,)))


def test_nobody_is_asked_from_an_older_plan_at_the_time_of_a_visit_that_was_fixed_since(town: Town) -> None:
    campaign = made(town)
    first = planned(town, campaign)
    by_person = {(one["id"], person): one for one in first.plan["visits"] for person in one["inspectors"]}
    (old, person), entry = next(iter(by_person.items()))
    item = next(key for key, who in by_person if who == person and key != old)
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
        move_visit(uow, campaign, first.id, UUID(old), card.moment(4 * DAY + 10 * 60))
    with unit_of_work(town.planner(town.police)) as uow:
        move_visit(uow, campaign, newest(town, campaign).id, UUID(item), card.moment(entry["start"]))
    now = newest(town, campaign)
    assert person in next(one for one in now.plan["visits"] if one["id"] == item)["inspectors"]
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, UUID(item), get_item(uow, campaign, UUID(item)).version, now)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, first.id, (UUID(old),)))
    assert refused.value.fields == {"item_ids": ["fixed otherwise since"]}
    with unit_of_work(town.planner(town.police)) as uow:
        publish_plan(uow, PublishPlan(campaign, now.id, (UUID(old), UUID(item))))


def test_what_was_fixed_and_is_free_again_is_moved_in_a_plan_that_had_it_fixed(town: Town) -> None:
    campaign = made(town)
    first = planned(town, campaign)
    item = UUID(first.plan["visits"][0]["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 1, first)
    fixed = planned(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        at = get_campaign(uow, campaign).moment(4 * DAY + 10 * 60)
        move_visit(uow, campaign, fixed.id, item, at)
        pin_visit(uow, campaign, item, 2, None)
        move_visit(uow, campaign, fixed.id, item, at)
        left = get_item(uow, campaign, item)
        change_item(uow, ChangeItem(campaign, item, 60, left.version, excluded=True, excluded_why="Stängt"))
        assert get_item(uow, campaign, item).pinned_at is None
