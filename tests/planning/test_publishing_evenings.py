"""Which visits of a plan become one operation when it is published, and what is refused with which words."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest

from samsyn.core.errors import ConflictError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.operations.queries import get_operation
from samsyn.operations.service import AskPerson, ProposeOperation, ask_person, propose_operation
from samsyn.planning.queries.campaigns import MeetingPlace, PlanLine, get_campaign, get_item
from samsyn.planning.service.campaigns import AskMember, ChangeItem, change_item
from samsyn.planning.service.moving import move_visit
from tests.factories import Town
from tests.planning.campaigning import made, newest, planned
from tests.planning.test_published_visits import put


def publish(town: Town, plan: PlanLine, campaign: UUID, *keys: UUID) -> list[tuple[str, str]]:
    """Publish and return the local hours of the operations."""
    with unit_of_work(town.planner(town.police)) as uow:
        operations = publish_plan(uow, PublishPlan(campaign, plan.id, keys))
    with unit_of_work(town.planner(town.police)) as uow:
        begins = get_campaign(uow, campaign).grid.begins_at
        found = [get_operation(uow, one) for one in operations]
    return [(str(one.begins_at - begins), str(one.ends_at - begins)) for one in found]


def at(town: Town, campaign: UUID, **starts: tuple[UUID, int]) -> PlanLine:
    """Move visits to their times; return the plan then. Drawn by chance, one may stand where another is to go."""
    wanted = list(starts.values())
    for item, minute in (*reversed(wanted), *((wanted[0][0], 60 * hour) for hour in (3, 7, 11, 12, 16, 20)), wanted[1]):
        with suppress(ConflictError):
            move(town, campaign, item, minute)
    for item, minute in wanted:
        move(town, campaign, item, minute)
    return newest(town, campaign)


def move(town: Town, campaign: UUID, item: UUID, minute: int) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        moment = get_campaign(uow, campaign).moment(minute)
        move_visit(uow, campaign, newest_id(town, campaign), item, moment)


def newest_id(town: Town, campaign: UUID) -> UUID:
    return newest(town, campaign).id


def hold(town: Town, campaign: UUID, first: int, last: int) -> None:
    """Ask the police's first two inspectors for something else."""
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
        begins, ends = card.moment(first), card.moment(last)
        other = propose_operation(uow, ProposeOperation(town.collaboration, begins, ends, begins, "Torget"))
        for person in town.police.inspectors[:2]:
            ask_person(uow, AskPerson(other, town.police.id, person))


def two(town: Town, **more: object) -> tuple[UUID, UUID, UUID]:
    """Return a campaign that is planned, and two of its visits."""
    only: dict[str, object] = {"business_ids": tuple(town.businesses[:2]), **more}
    campaign = made(town, members=(AskMember(town.police.id, people=2),), **only)
    plan = planned(town, campaign)
    one, other = (UUID(entry["id"]) for entry in plan.plan["visits"][:2])
    return campaign, one, other


def test_visits_right_after_one_another_are_one_evening_and_those_hours_apart_are_two(town: Town) -> None:
    campaign, one, other = two(town, days=1)
    plan = at(town, campaign, a=(other, 15 * 60), b=(one, 9 * 60))
    assert len(publish(town, plan, campaign, one, other)) == 2
    campaign, one, other = two(town, first_on=get_first(town, campaign) + timedelta(days=7), days=1)
    plan = at(town, campaign, a=(other, 15 * 60), b=(one, 13 * 60 + 30))
    assert len(publish(town, plan, campaign, one, other)) == 1


def get_first(town: Town, campaign: UUID) -> date:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_campaign(uow, campaign).first_on


def test_a_night_lies_between_two_evenings(town: Town) -> None:
    campaign, one, other = two(town, days=2, opens=0, closes=1440)
    plan = at(town, campaign, a=(one, 22 * 60 + 45), b=(other, 1440 + 30))
    assert len(publish(town, plan, campaign, one, other)) == 2


def test_what_is_held_between_two_visits_parts_them(town: Town) -> None:
    campaign, one, other = two(town, days=1)
    plan = at(town, campaign, a=(other, 15 * 60), b=(one, 13 * 60 + 15))
    hold(town, campaign, 14 * 60 + 20, 14 * 60 + 30)
    assert len(publish(town, plan, campaign, one, other)) == 2


def test_a_time_that_is_taken_by_now_is_refused_with_the_visit_and_its_day(town: Town) -> None:
    campaign, one, other = two(town, days=1)
    plan = at(town, campaign, a=(other, 15 * 60), b=(one, 9 * 60))
    hold(town, campaign, 15 * 60 + 15, 15 * 60 + 30)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, plan.id, (one, other)))
    with unit_of_work(town.planner(town.police)) as uow:
        name, day = get_item(uow, campaign, other).business.name, get_campaign(uow, campaign).first_on
    assert refused.value.fields == {"item_ids": ["held then", f"{name}, {day} 15:00"]}


def test_a_visit_that_is_wanted_otherwise_since_is_not_published(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    for change in (
        ChangeItem(campaign, item, 60, 1, authorities=(town.police.id,)),
        ChangeItem(campaign, item, 30, 2, authorities=(town.police.id, town.tobacco.id)),
    ):
        with unit_of_work(town.planner(town.police)) as uow:
            change_item(uow, change)
        with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
            publish_plan(uow, PublishPlan(campaign, plan.id, (item,)))
        assert refused.value.fields["item_ids"][0] == "changed since"


def test_without_a_briefing_people_meet_as_long_before_as_the_way_takes(town: Town) -> None:
    put(town, 0, 59.55, 15.838)
    campaign = made(
        town,
        briefing=0,
        business_ids=tuple(town.businesses[:1]),
        meeting_places=(MeetingPlace("Järntorget", 59.394, 15.838),),
    )
    plan = planned(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        [operation] = publish_plan(uow, PublishPlan(campaign, plan.id, (UUID(plan.plan["visits"][0]["id"]),)))
        found = get_operation(uow, operation)
    assert found.meets_at is not None
    assert found.starts_at - found.meets_at >= timedelta(minutes=20)
    assert found.meeting_place == "Järntorget"
