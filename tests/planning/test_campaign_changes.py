"""A campaign is changed before and after it is planned: plans stay as they were, so does what is fixed; and undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text, update

from samsyn.core.errors import (
    ChangedMeanwhileError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from samsyn.core.jobs import get_job
from samsyn.core.migrate import alembic_config
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.publishing import PublishPlan, publish_plan
from samsyn.operations.queries import parts_of
from samsyn.planning.models import CampaignItem, CampaignMember
from samsyn.planning.queries.campaigns import MeetingPlace, get_campaign, members_asked, problem_of_plan
from samsyn.planning.service.campaign_changes import EditCampaign, add_businesses, edit_campaign, undo_change
from samsyn.planning.service.campaigns import AskMember, ChangeItem, MakeCampaign, change_item
from samsyn.planning.service.moving import pin_visit
from samsyn.planning.service.plan_making import IMPOSSIBLE
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.planning.campaigning import MONDAY, asked, command_of, items, made, newest, planned, step


def edit(town: Town, campaign: UUID, seen: int = 1, **more: object) -> None:
    said: MakeCampaign = replace(command_of(town), **more)  # type: ignore[arg-type]
    with unit_of_work(town.planner(town.police)) as uow:
        edit_campaign(uow, EditCampaign(campaign, seen, said))


def test_a_plan_stays_what_it_was_and_says_that_it_is_stale_and_the_next_keeps_what_is_fixed(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    first, *_ = plan.plan["visits"]
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
        assert not plan.stale(card)
        was = card.moment(first["start"])
        pin_visit(uow, campaign, UUID(first["id"]), 1, plan)
    assert not newest(town, campaign).stale(card)
    edit(town, campaign, first_on=MONDAY - timedelta(days=3), days=9, meeting_places=(MeetingPlace("Stora torget"),))
    plan = newest(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_campaign(uow, campaign)
    assert plan.stale(card)
    assert plan.of(card).moment(first["start"]) == was
    assert [one.name for one in plan.of(card).meeting_places] == ["Järntorget"]
    again = planned(town, campaign, baseline=plan.id)
    assert not again.stale(card)
    kept = next(one for one in again.plan["visits"] if one["id"] == first["id"])
    assert again.of(card).moment(kept["start"]) == was
    assert kept["inspectors"] == first["inspectors"]
    assert (again.parts["moved"], again.parts["staff_changed"]) == (0, 0)
    said = replace(command_of(town), first_on=MONDAY + timedelta(days=8))
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(InvalidError) as refused:
        edit_campaign(uow, EditCampaign(campaign, card.version, said))
    assert refused.value.fields == {"last_on": ["a fixed visit lies outside"]}


def test_units_competences_vehicles_teams_load_and_due_days_reach_the_problem_and_the_operation(town: Town) -> None:
    campaign = made(town)
    police, tobacco = town.police, town.tobacco
    members = (
        AskMember(police.id),
        AskMember(tobacco.id, people=2, vehicles=1, unit_ids=(tobacco.unit,), competence="tobacco"),
    )
    edit(town, campaign, members=members, teams={"A": (police.inspectors[1],)}, load_days=30)
    with unit_of_work(town.planner(police)) as uow:
        one, *_ = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, one.id, 60, one.version, due_on=MONDAY, team="A"))
    plan = planned(town, campaign)
    with unit_of_work(town.planner(police)) as uow:
        problem = problem_of_plan(uow, plan)
    assert {one["id"]: one["vehicles"] for one in problem["agencies"]}[str(tobacco.id)] == 1
    visit = next(v for v in problem["visits"] if v["id"] == str(one.id))
    assert visit["due"] == 1440
    assert {unit["agency"]: unit["skills"] for unit in visit["units"]} == {
        str(police.id): ["team-A"],
        str(tobacco.id): ["tobacco"],
    }
    entry = next(v for v in plan.plan["visits"] if v["id"] == str(one.id))
    assert str(police.inspectors[1]) in entry["inspectors"]
    with unit_of_work(town.planner(police)) as uow:
        operation, *_ = publish_plan(uow, PublishPlan(campaign, plan.id, (one.id,)))
        parts = {part.authority_id: (part.unit_id, part.competence) for part in parts_of(uow, operation)}
    assert parts == {police.id: (police.unit, None), tobacco.id: (tobacco.unit, "tobacco")}


def test_a_change_is_taken_back_and_brought_again(town: Town) -> None:
    campaign = made(town, business_ids=tuple(town.businesses[:2]))
    edit(town, campaign, name="Ett annat namn", members=(AskMember(town.police.id, people=2),))
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.people for one in members_asked(uow, campaign)] == [2]
        assert add_businesses(uow, campaign, [town.businesses[2], town.businesses[0]], 45) == 1
    with unit_of_work(town.planner(town.police)) as uow:
        assert sorted(one.minutes for one in items(uow, campaign)) == [45, 60, 60]
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert sum(one.excluded_at is None for one in items(uow, campaign)) == 2
        card = get_campaign(uow, campaign)
        assert (card.name, card.undo) == ("Ett annat namn", True)
        undo_change(uow, campaign, card.version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert all(one.excluded_at is None for one in items(uow, campaign))
    edit(town, campaign, seen=get_version(town, campaign))
    with unit_of_work(town.planner(town.police)) as uow:
        assert len(members_asked(uow, campaign)) == 2
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.people for one in members_asked(uow, campaign)] == [2]
        assert get_campaign(uow, campaign).name == "Ett annat namn"


def test_a_change_of_one_place_is_taken_back_and_brought_again_unless_somebody_changed_more(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    entry = plan.plan["visits"][0]
    item = UUID(entry["id"])
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, item, 1, plan)
        change_item(uow, ChangeItem(campaign, item, 30, 2, excluded=True, excluded_why="Stängt", due_on=MONDAY))
    with unit_of_work(town.planner(town.police)) as uow:
        with pytest.raises(ChangedMeanwhileError):
            undo_change(uow, campaign, 1)
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        [one] = [one for one in items(uow, campaign) if one.id == item]
        assert (one.minutes, one.excluded_at, one.excluded_why, one.due_on) == (60, None, None, None)
        assert one.pinned_at == get_campaign(uow, campaign).moment(entry["start"])
        assert [str(who) for who in one.pinned_people] == entry["inspectors"]
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        [one] = [one for one in items(uow, campaign) if one.id == item]
        assert (one.minutes, one.excluded_why, one.due_on, one.pinned_at) == (30, "Stängt", MONDAY, None)
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
        publish_plan(uow, PublishPlan(campaign, plan.id, (item,)))
        assert not get_campaign(uow, campaign).undo
        with pytest.raises(NotFoundError):
            undo_change(uow, campaign, get_campaign(uow, campaign).version)


def get_version(town: Town, campaign: UUID) -> int:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_campaign(uow, campaign).version


def test_who_changes_it_as_it_was_read_and_a_place_is_left_out_with_its_reason(town: Town) -> None:
    campaign = made(town)
    said = command_of(town)
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        edit_campaign(uow, EditCampaign(campaign, 1, said))
    with unit_of_work(town.planner(town.environment)) as uow, pytest.raises(NotFoundError):
        add_businesses(uow, campaign, town.businesses, 60)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ChangedMeanwhileError):
        edit_campaign(uow, EditCampaign(campaign, 2, said))
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(NotFoundError):
        undo_change(uow, campaign, 1)
    foreign = replace(said, members=(AskMember(town.police.id, unit_ids=(town.tobacco.unit,)),))
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(InvalidError) as unit:
        edit_campaign(uow, EditCampaign(campaign, 1, foreign))
    assert unit.value.fields == {"members": ["not in the collaboration"]}
    with unit_of_work(town.planner(town.police)) as uow:
        one, *_ = items(uow, campaign)
        with pytest.raises(InvalidError) as refused:
            change_item(uow, ChangeItem(campaign, one.id, 60, one.version, excluded=True))
        assert refused.value.fields == {"excluded_why": ["required"]}
        change_item(uow, ChangeItem(campaign, one.id, 60, one.version, excluded=True, excluded_why="Stängt i juli"))
    plan = planned(town, campaign)
    assert plan.number == 2
    with unit_of_work(town.planner(town.police)) as uow:
        assert next(n.excluded_why for n in items(uow, campaign) if n.id == one.id) == "Stängt i juli"


def test_what_was_left_out_or_whose_authority_was_let_go_after_the_plan_is_not_published(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    first, *_, last = (UUID(one["id"]) for one in plan.plan["visits"])
    with unit_of_work(town.planner(town.police)) as uow:
        change_item(uow, ChangeItem(campaign, first, 60, 1, excluded=True, excluded_why="Stängt i juli"))
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, plan.id, (first, last)))
    assert refused.value.fields == {"item_ids": ["left out since"]}
    edit(town, campaign, get_version(town, campaign), members=(AskMember(town.police.id),))
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ConflictError) as refused:
        publish_plan(uow, PublishPlan(campaign, plan.id, (last,)))
    assert refused.value.fields == {"item_ids": ["no longer asked"]}
    with unit_of_work(town.planner(town.police)) as uow:
        assert not [one for one in items(uow, campaign) if one.operation_id]


def test_days_far_away_are_refused_and_what_cannot_be_put_is_the_plans_told_failure(town: Town) -> None:
    for day in (date.max, date.min, MONDAY + timedelta(days=800)):
        with pytest.raises(InvalidError) as refused:
            made(town, first_on=day)
        assert refused.value.fields == {"first_on": ["at most two years from today"]}
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one, other, _ = items(uow, campaign)
        for day in (date.max, date.min):
            with pytest.raises(InvalidError) as refused:
                change_item(uow, ChangeItem(campaign, one.id, 60, 1, due_on=day))
            assert refused.value.fields == {"due_on": ["at most two years from today"]}
        change_item(uow, ChangeItem(campaign, one.id, 60, 1, due_on=MONDAY + timedelta(days=650)))
    plan = planned(town, campaign)
    assert plan.number == 3
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, other.id, 1, plan)
        said = replace(command_of(town), first_on=date.max)
        with pytest.raises(InvalidError) as refused:
            edit_campaign(uow, EditCampaign(campaign, get_campaign(uow, campaign).version, said))
        assert refused.value.fields == {"first_on": ["at most two years from today"]}
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(update(CampaignItem).where(CampaignItem.id == one.id).values(due_on=date.max))
    job = asked(town, campaign)
    assert not step(town, job)
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_job(uow, job).error == IMPOSSIBLE


def test_what_only_an_authority_was_wanted_for_that_was_let_go_is_left_out_with_the_reason(town: Town) -> None:
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one, *_ = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, one.id, 60, 1, authorities=(town.tobacco.id,)))
    edit(town, campaign, get_version(town, campaign), members=(AskMember(town.police.id),))
    plan = planned(town, campaign)
    [left] = plan.plan["unscheduled"]
    assert (plan.number, left["id"], left["why"]) == (2, str(one.id), "impossible_alone")
    assert [(who["agency"], who["starts"]) for who in left["agencies"]] == [(str(town.tobacco.id), 0)]
    assert left["starts"] > 0


def test_a_plan_of_before_the_migration_gets_the_days_that_the_campaign_had(
    town: Town, cluster: Cluster, database: str
) -> None:
    plan = planned(town, made(town))
    step_47 = ScriptDirectory.from_config(alembic_config("postgresql://nowhere")).get_revision("0047")
    assert step_47 is not None
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE plan_job SET asked_of = NULL WHERE id = :id"), {"id": plan.plan_job_id})
        db.execute(text(step_47.module.OF_THEN))
        found = db.scalar(text("SELECT asked_of FROM plan_job WHERE id = :id"), {"id": plan.plan_job_id})
        db.rollback()
    assert found == plan.asked_of


def test_who_comes_back_is_wanted_where_it_was_and_a_reason_stays(town: Town) -> None:
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one, other, _ = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, one.id, 60, 1, authorities=(town.police.id,)))
        change_item(uow, ChangeItem(campaign, other.id, 60, 1, excluded=True, excluded_why="Stängt i juli"))
    edit(town, campaign, get_version(town, campaign), members=(AskMember(town.police.id),))
    both = {town.police.id, town.tobacco.id}
    for members in (both, {town.police.id}, both):
        with unit_of_work(town.planner(town.police)) as uow:
            undo_change(uow, campaign, get_campaign(uow, campaign).version)
        with unit_of_work(town.planner(town.police)) as uow:
            assert {member.authority_id for member in members_asked(uow, campaign)} == members
            wanted = {line.id: set(line.authorities) for line in items(uow, campaign)}
            assert (wanted[one.id], wanted[other.id]) == ({town.police.id}, both)
    with unit_of_work(town.planner(town.police)) as uow:
        add_businesses(uow, campaign, [other.business.id], 60)
    for why in ("Stängt i juli", None, "Stängt i juli"):
        with unit_of_work(town.planner(town.police)) as uow:
            undo_change(uow, campaign, get_campaign(uow, campaign).version)
        with unit_of_work(town.planner(town.police)) as uow:
            assert next(line.excluded_why for line in items(uow, campaign) if line.id == other.id) == why


def test_undo_asks_no_unit_that_has_left_the_collaboration(town: Town) -> None:
    campaign = made(town)
    edit(town, campaign, members=(AskMember(town.police.id),))
    with unit_of_work(town.planner(town.police)) as uow:
        row = uow.session.get(CampaignMember, (campaign, town.tobacco.id))
        assert row is not None
        assert row.before is not None
        row.before = {**row.before, "unit_ids": [str(uuid4())]}
        uow.session.flush()
        with pytest.raises(ConflictError) as refused:
            undo_change(uow, campaign, get_campaign(uow, campaign).version)
    assert refused.value.fields == {"members": ["somebody has left"]}
