"""A campaign is made, planned step by step, changed by hand and published; who reads what of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, SamsynError
from samsyn.core.jobs import get_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.operations.queries import parts_of, people_of, visits_of
from samsyn.operations.rules import AssignmentState
from samsyn.planning.campaigns.differences import Change, differences
from samsyn.planning.models import PlanJob
from samsyn.planning.queries.campaigns import (
    MeetingPlace,
    PlanLine,
    get_campaign,
    get_item,
    last_job,
    list_campaigns,
    members_asked,
    plans_of,
    problem_of_plan,
)
from samsyn.planning.service.campaigns import AskMember, ChangeItem, change_item, make_campaign
from samsyn.planning.service.moving import move_visit, pin_visit, try_move
from samsyn.planning.service.plan_making import IMPOSSIBLE
from samsyn.planning.service.plans import AskPlan, ask_plan, take_best
from samsyn.planning.verifier.verifying import verify
from tests.factories import Town
from tests.planning.campaigning import MONDAY, asked, command_of, computed, items, made, newest, planned, step, worker


def test_a_campaign_is_planned_and_the_verifier_has_accepted_what_is_kept(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    assert (plan.number, plan.plan["unscheduled"], plan.iterations) == (3, [], 1_000)
    assert plan.risk == plan.risk_wanted == plan.risk_at_most
    with unit_of_work(town.planner(town.police)) as uow:
        problem = problem_of_plan(uow, plan)
        verdict = verify(problem, plan.plan)
        assert (verdict.violations, verdict.objective, dict(verdict.parts)) == ((), plan.objective, plan.parts)
        people = {one["id"] for one in problem["inspectors"]}
        assert people == {str(one) for office in (town.police, town.tobacco) for one in office.inspectors}
        assert sorted(len(one["inspectors"]) for one in plan.plan["visits"]) == [3, 3, 3]


def test_a_plan_is_kept_at_once_and_a_step_that_is_lost_is_done_again_to_the_same_end(town: Town) -> None:
    campaign = made(town)
    job = asked(town, campaign)
    assert step(town, job)
    with unit_of_work(town.planner(town.police)) as uow:
        line = last_job(uow, campaign)
        assert line is not None
        assert (line.done, line.planned, get_job(uow, job).total) == (0, 3, 1_000)
    bests = [made_then.best for _ in range(2) if (made_then := computed(town, job))]
    assert bests[0] == bests[1], "the worker dies after its step and before the commit; the next one does it again"
    assert step(town, job)
    with unit_of_work(town.planner(town.police)) as uow:
        row = uow.session.get(PlanJob, job)
        assert row is not None
        assert row.best == bests[0]
        problem = row.problem_hash
    while step(town, job):
        pass
    assert len(problem) == 64
    assert newest(town, campaign).iterations == 1_000


def test_the_same_problem_seed_and_budget_give_the_same_plan(town: Town) -> None:
    campaign = made(town)
    first = planned(town, campaign)
    job = asked(town, campaign)
    with unit_of_work(worker(town.police)) as uow:
        uow.session.execute(update(PlanJob).where(PlanJob.id == first.plan_job_id).values(problem_hash="another"))
        uow.session.execute(update(PlanJob).where(PlanJob.id == job).values(seed=first.seed))
    while step(town, job):
        pass
    assert newest(town, campaign).plan == first.plan


def test_the_best_so_far_is_taken_and_a_plan_that_cannot_be_says_so(town: Town) -> None:
    campaign = made(town)
    job = asked(town, campaign, 20_000)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(NotFoundError):
        take_best(uow, campaign)
    step(town, job)
    step(town, job)
    with pytest.raises(ConflictError):
        asked(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        take_best(uow, campaign)
    assert not step(town, job)
    assert newest(town, campaign).iterations == 500
    closed = made(town, opens=8 * 60, closes=8 * 60 + 30)
    with unit_of_work(town.planner(town.police)) as uow:
        one = items(uow, closed)[0]
        change_item(uow, ChangeItem(closed, one.id, 60, one.version, mandatory=True))
    job = asked(town, closed)
    while step(town, job):
        pass
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_job(uow, job).error == IMPOSSIBLE


def test_what_has_no_room_is_left_out_with_its_reason(town: Town) -> None:
    plan = planned(town, made(town, days=1, closes=8 * 60 + 120))
    assert plan.number + len(plan.plan["unscheduled"]) == 3
    assert [one["why"] for one in plan.plan["unscheduled"]] == ["crowded_out"] * len(plan.plan["unscheduled"])
    plan = planned(town, made(town, closes=8 * 60 + 30))
    assert {one["why"] for one in plan.plan["unscheduled"]} == {"impossible_alone"}
    assert plan.risk_at_most == 0


def test_a_visit_is_moved_by_hand_with_clashes_shown_then_pinned_and_stays(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    planner = town.planner(town.police)
    moved_item, other = (UUID(one["id"]) for one in plan.plan["visits"][:2])
    with unit_of_work(planner) as uow:
        card = get_campaign(uow, campaign)
        night = card.moment(23 * 60)
        found = try_move(problem_of_plan(uow, plan), plan.plan, str(moved_item), 23 * 60)
        assert "H2" in {one.rule for one in found.clashes}
        with pytest.raises(ConflictError):
            move_visit(uow, campaign, plan.id, moved_item, night)
    free = 4 * 1440 + 10 * 60
    with unit_of_work(planner) as uow:
        plan_id = move_visit(uow, campaign, plan.id, moved_item, card.moment(free))
        again = newest_of(uow, campaign)
        assert (again.id, again.baseline_id, again.made_by) == (plan_id, plan.id, town.police.planner)
        [change] = differences(plan.plan, again.plan)
        assert (change.visit, change.change, change.after) == (str(moved_item), Change.MOVED, free)
        pin_visit(uow, campaign, moved_item, get_item(uow, campaign, moved_item).version, again)
        left_out = get_item(uow, campaign, other)
        change_item(uow, ChangeItem(campaign, other, 60, left_out.version, excluded=True, excluded_why="Stängt"))
    last = planned(town, campaign, baseline=again.id)
    starts = {one["id"]: one["start"] for one in last.plan["visits"]}
    assert starts[str(moved_item)] == free
    assert str(other) not in starts
    changes = [one.change for one in differences(again.plan, last.plan)]
    assert Change.DROPPED in changes
    assert Change.MOVED not in changes


def newest_of(uow: UnitOfWork, campaign: UUID) -> PlanLine:
    return plans_of(uow, campaign)[0]


def test_a_plan_is_published_as_operations_whose_people_are_asked(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    planner = town.planner(town.police)
    chosen = tuple(UUID(one["id"]) for one in plan.plan["visits"][:2])
    with unit_of_work(planner) as uow:
        operations = publish_plan(uow, PublishPlan(campaign, plan.id, chosen))
    with unit_of_work(planner) as uow:
        visits = [visit for one in operations for visit in visits_of(uow, one)]
        card = get_campaign(uow, campaign)
        starts = {card.moment(one["start"]) for one in plan.plan["visits"][:2]}
        assert {one.starts_at for one in visits} == starts
        states = [one.state for operation in operations for one in people_of(uow, operation)]
        assert set(states) == {AssignmentState.ASKED}
        people = {(one.authority_id, one.people) for operation in operations for one in parts_of(uow, operation)}
        assert people == {(town.police.id, 1), (town.tobacco.id, 2)}
        done = {one.id for one in items(uow, campaign) if one.operation_id}
        assert done == set(chosen)
        with pytest.raises(ConflictError):
            publish_plan(uow, PublishPlan(campaign, plan.id, chosen))
    later = planned(town, campaign)
    assert [one for one in later.plan["visits"] if UUID(one["id"]) in chosen] == plan.plan["visits"][:2]
    with unit_of_work(planner) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, later.id, chosen))
    assert refused.value.fields == {"item_ids": ["published already"]}
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert {one.state for operation in operations for one in people_of(uow, operation)} == {AssignmentState.ASKED}


def test_who_reads_what_of_a_campaign(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert get_campaign(uow, campaign).name == "Höstens kiosker"
        assert [one.authority_id for one in members_asked(uow, campaign)] == [town.tobacco.id]
        assert len(items(uow, campaign)) == 3
        assert uow.session.scalar(text("SELECT count(*) FROM plan_result")) == 0
        with pytest.raises(NotFoundError):
            move_visit(uow, campaign, plan.id, items(uow, campaign)[0].id, uow.now)
        with pytest.raises(NotAllowedError):
            ask_plan(uow, AskPlan(campaign))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert items(uow, campaign) == []
        with pytest.raises(NotAllowedError):
            list_campaigns(uow)
    for office in (town.environment, town.outsider):
        with unit_of_work(town.planner(office)) as uow, pytest.raises(NotFoundError):
            get_campaign(uow, campaign)
    with unit_of_work(town.inspector(town.police)) as uow:
        assert uow.session.scalars(select(PlanJob.id)).all() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 57}, "last_on"),
        ({"first_on": MONDAY - timedelta(days=60)}, "first_on"),
        ({"opens": 1000, "closes": 900}, "closes"),
        ({"business_ids": ()}, "business_ids"),
        ({"members": ()}, "members"),
        ({"name": "19121212-1212"}, "name"),
        ({"meeting_places": ()}, "meeting_places"),
        ({"meeting_places": (MeetingPlace("utanför Nygatan 101"),)}, "meeting_places"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(town: Town, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as error:
        made(town, **change)
    assert list(error.value.fields) == [field]


def test_nobody_from_outside_is_asked_and_nothing_from_elsewhere_visited(town: Town) -> None:
    for change in ({"members": (AskMember(town.outsider.id),)}, {"business_ids": (uuid4(),)}):
        with pytest.raises(SamsynError):
            made(town, **change)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        make_campaign(uow, command_of(town))
