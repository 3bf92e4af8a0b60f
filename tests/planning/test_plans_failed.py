"""A plan that cannot be whole says for which visits, to colleagues too; what there is of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from samsyn.core.errors import InvalidError
from samsyn.core.jobs import get_job
from samsyn.core.uow import unit_of_work
from samsyn.planning.campaigns.instance import Instance
from samsyn.planning.campaigns.problem import Problem
from samsyn.planning.campaigns.steps import LEAST_STEP, STEP, step_of
from samsyn.planning.queries import campaign_people
from samsyn.planning.queries.campaigns import get_campaign, last_job, plans_of
from samsyn.planning.queries.plan_jobs import JobLine
from samsyn.planning.service import plan_making
from samsyn.planning.service.campaign_changes import EditCampaign, edit_campaign
from samsyn.planning.service.campaigns import AskMember, ChangeItem, change_item
from samsyn.planning.service.moving import pin_visit
from samsyn.planning.service.plan_making import IMPOSSIBLE, UNSOUND
from samsyn.planning.service.plan_steps import GIVEN_UP, give_up
from tests.factories import Town
from tests.planning.campaigning import MONDAY, asked, command_of, items, made, planned, step, worker


def last(town: Town, campaign: UUID) -> JobLine:
    with unit_of_work(town.planner(town.police)) as uow:
        found = last_job(uow, campaign)
    assert found is not None
    return found


def edit(town: Town, campaign: UUID, **more: object) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        said = replace(command_of(town), **more)  # type: ignore[arg-type]
        edit_campaign(uow, EditCampaign(campaign, get_campaign(uow, campaign).version, said))


def test_of_two_that_are_mandatory_one_is_planned_and_the_other_named(town: Town) -> None:
    campaign = made(town, days=1, opens=480, closes=600, members=(AskMember(town.police.id, people=2),))
    with unit_of_work(town.planner(town.police)) as uow:
        for one in items(uow, campaign)[:2]:
            change_item(uow, ChangeItem(campaign, one.id, 60, one.version, mandatory=True))
    plan = planned(town, campaign)
    job = last(town, campaign)
    assert job.error == IMPOSSIBLE
    [missing] = job.missing
    assert plan.number == 1
    [left] = [one for one in plan.plan["unscheduled"] if one["id"] == str(missing)]
    assert left["why"] == "crowded_out"


def test_a_fixed_visit_that_wants_other_people_by_now_is_named(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 1, plan)
    edit(town, campaign, members=(AskMember(town.police.id), AskMember(town.tobacco.id, people=1)))
    job = asked(town, campaign)
    while step(town, job):
        pass
    failed = last(town, campaign)
    assert (failed.error, failed.missing) == (IMPOSSIBLE, (item,))


def test_a_visit_that_is_fixed_stays_though_it_begins_within_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    item = UUID(plan.plan["visits"][0]["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 1, plan)
    monkeypatch.setattr("samsyn.planning.queries.asked_plan.LEAST_AHEAD", timedelta(days=60))
    again = planned(town, campaign)
    assert [one["id"] for one in again.plan["visits"]] == [str(item)]


def test_a_plan_that_the_verifier_refuses_and_one_that_is_tried_too_often_end_with_an_error(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = made(town)
    job = asked(town, campaign)
    with unit_of_work(worker(town.police)) as uow:
        assert not give_up(uow, job)
    assert (last(town, campaign).error, last(town, campaign).ended_at is None) == (GIVEN_UP, False)
    job = asked(town, campaign)
    monkeypatch.setattr(plan_making, "begun", lambda *_: {"format": "samsyn-plan/1", "visits": [], "unscheduled": []})
    assert not step(town, job)
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_job(uow, job).error == UNSOUND
        assert plans_of(uow, campaign) == []


def test_of_a_plan_that_is_tried_too_often_the_best_so_far_is_kept(town: Town) -> None:
    campaign = made(town)
    job = asked(town, campaign)
    for _ in range(2):
        step(town, job)
    with unit_of_work(worker(town.police)) as uow:
        assert give_up(uow, job)
    assert not step(town, job)
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.iterations for one in plans_of(uow, campaign)] == [500]
    assert last(town, campaign).error is None
    job = asked(town, campaign)
    step(town, job)
    with unit_of_work(worker(town.police)) as uow:
        assert [give_up(uow, job), give_up(uow, job)] == [True, False], "the last step came to no end either"
    assert last(town, campaign).error == GIVEN_UP


def test_a_visit_of_an_earlier_plan_before_the_first_day_counts_as_moved(town: Town) -> None:
    campaign = made(town, opens=0, closes=90, briefing=0, days=3, members=(AskMember(town.police.id),))
    plan = planned(town, campaign)
    edit(
        town,
        campaign,
        first_on=MONDAY + timedelta(days=7),
        opens=0,
        closes=75,
        briefing=0,
        days=1,
        members=(AskMember(town.police.id),),
    )
    again = planned(town, campaign, baseline=plan.id)
    assert last(town, campaign).error is None
    assert again.parts["moved"] > 0


def test_a_team_that_a_visit_is_for_is_not_emptied(town: Town) -> None:
    campaign = made(town, teams={"A": (town.police.inspectors[0],)})
    with unit_of_work(town.planner(town.police)) as uow:
        one, *_ = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, one.id, 60, one.version, team="A"))
    with pytest.raises(InvalidError) as refused:
        edit(town, campaign)
    assert refused.value.fields == {"teams": ["a visit is for that team"]}


def test_what_is_too_large_for_one_plan_is_refused_with_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = made(town)
    monkeypatch.setattr(campaign_people, "LARGEST", 10)
    with pytest.raises(InvalidError) as refused:
        asked(town, campaign)
    assert refused.value.fields == {"budget": ["too large to plan"]}


def test_a_step_is_as_long_as_its_problem_allows() -> None:
    def steps(people: int, days: int) -> int:
        shifts = [(n * 1440 + 480, n * 1440 + 1020) for n in range(days)]
        value = {
            "format": "samsyn-problem/1",
            "horizon": {"days": days},
            "grid": 15,
            "locations": [{"id": "a"}],
            "travel": [[0]],
            "agencies": [{"id": "x"}],
            "inspectors": [{"id": f"p{n}", "agency": "x", "base": "a", "shifts": shifts} for n in range(people)],
            "visits": [
                {"id": "v", "location": "a", "duration": 60, "windows": shifts, "units": [{"agency": "x"}], "risk": 1}
            ],
        }
        return step_of(Instance(Problem.model_validate(value)))

    assert steps(10, 5) == STEP
    assert LEAST_STEP < steps(60, 28) < STEP / 4
