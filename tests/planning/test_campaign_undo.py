"""What a campaign's last change can be taken back to: kept where the place is read, and never too much."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from samsyn.core.errors import ChangedMeanwhileError
from samsyn.core.migrate import alembic_config
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember
from samsyn.planning.queries.campaigns import get_campaign, members_asked
from samsyn.planning.service.campaign_changes import EditCampaign, add_businesses, edit_campaign, undo_change
from samsyn.planning.service.campaigns import AskMember, ChangeItem, change_item
from samsyn.planning.service.moving import pin_visit
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.planning.campaigning import asked, command_of, items, made, planned


def test_what_a_place_was_is_not_in_the_campaigns_row(town: Town) -> None:
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one, other, _ = items(uow, campaign)
        said = {"excluded": True, "excluded_why": "Stängt i juli"}
        change_item(uow, ChangeItem(campaign, one.id, 60, 1, safety_note="Hund på gården", **said))  # type: ignore[arg-type]
        change_item(uow, ChangeItem(campaign, one.id, 60, 2, **said))  # type: ignore[arg-type]
    with unit_of_work(town.planner(town.police)) as uow:
        assert row_of(uow, campaign).before == {"item": str(one.id)}
        change_item(uow, ChangeItem(campaign, other.id, 60, 1, **said))  # type: ignore[arg-type]
        add_businesses(uow, campaign, [one.business.id, other.business.id], 60)
    with unit_of_work(Viewer(town.tobacco.id, uuid4(), frozenset())) as uow:
        assert "Stängt" not in str(row_of(uow, campaign).before)
        assert uow.session.get(CampaignItem, one.id) is None


def test_whom_else_the_lead_asked_is_in_no_row_that_a_member_reads(town: Town) -> None:
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        edit_campaign(uow, EditCampaign(campaign, 1, replace(command_of(town), members=(AskMember(town.tobacco.id),))))
    with unit_of_work(Viewer(town.tobacco.id, uuid4(), frozenset())) as uow:
        assert str(town.police.id) not in str(row_of(uow, campaign).before)
        seen = uow.session.scalars(select(CampaignMember).where(CampaignMember.campaign_id == campaign)).all()
        assert [(one.authority_id, one.before and one.before["people"]) for one in seen] == [(town.tobacco.id, 2)]
    with unit_of_work(town.planner(town.police)) as uow:
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
        assert {one.authority_id: one.people for one in members_asked(uow, campaign)} == {
            town.police.id: 1,
            town.tobacco.id: 2,
        }


def row_of(uow: UnitOfWork, campaign: UUID) -> Campaign:
    row = uow.session.get(Campaign, campaign)
    assert row is not None
    return row


def test_a_change_that_was_followed_by_a_fixed_time_is_not_taken_back_with_it(town: Town) -> None:
    campaign = made(town)
    plan = planned(town, campaign)
    first, other = (UUID(one["id"]) for one in plan.plan["visits"][:2])
    with unit_of_work(town.planner(town.police)) as uow:
        change_item(uow, ChangeItem(campaign, first, 60, 1, mandatory=True))
        pin_visit(uow, campaign, other, 1, plan)
        seen = get_campaign(uow, campaign)
        assert seen.undo
    with unit_of_work(town.planner(town.police)) as uow:
        pin_visit(uow, campaign, first, 2, plan)
        assert not get_campaign(uow, campaign).undo
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(ChangedMeanwhileError):
        undo_change(uow, campaign, seen.version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert all(one.pinned_at for one in items(uow, campaign) if one.id in {first, other})


def test_a_save_without_a_change_is_none(town: Town) -> None:
    campaign = made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one, other, _ = items(uow, campaign)
        change_item(uow, ChangeItem(campaign, one.id, 30, 1))
        was = get_campaign(uow, campaign)
        everybody = tuple(reversed(other.authorities))
    with unit_of_work(town.planner(town.police)) as uow:
        change_item(uow, ChangeItem(campaign, other.id, 60, 1, authorities=everybody))
    with unit_of_work(town.planner(town.police)) as uow:
        edit_campaign(uow, EditCampaign(campaign, was.version, command_of(town)))
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_campaign(uow, campaign) == was
        undo_change(uow, campaign, was.version)
    with unit_of_work(town.planner(town.police)) as uow:
        assert {one.minutes for one in items(uow, campaign)} == {60}


def test_a_team_that_is_gone_comes_back_with_no_place(town: Town) -> None:
    team = {"teams": {"A": (town.police.inspectors[0],)}}
    away = {"excluded": True, "excluded_why": "Stängt i juli"}
    campaign, other = made(town, **team), made(town, **team)
    with unit_of_work(town.planner(town.police)) as uow:
        for one in (campaign, other):
            line = items(uow, one)[0]
            change_item(uow, ChangeItem(one, line.id, 60, 1, team="A", **away))  # type: ignore[arg-type]
    with unit_of_work(town.planner(town.police)) as uow:
        for one in (campaign, other):
            edit_campaign(uow, EditCampaign(one, get_campaign(uow, one).version, command_of(town)))
    with unit_of_work(town.planner(town.police)) as uow:
        line = next(one for one in items(uow, campaign) if one.excluded_at)
        change_item(uow, ChangeItem(campaign, line.id, 60, line.version))
    with unit_of_work(town.planner(town.police)) as uow:
        undo_change(uow, campaign, get_campaign(uow, campaign).version)
    with unit_of_work(town.planner(town.police)) as uow:
        line = next(one for one in items(uow, other) if one.excluded_at)
        add_businesses(uow, other, [line.business.id], 60)
    with unit_of_work(town.planner(town.police)) as uow:
        assert [one.excluded_why for one in items(uow, campaign) if one.excluded_at] == ["Stängt i juli"]
        assert {one.team for key in (campaign, other) for one in items(uow, key)} == {None}


def step_of(revision: str) -> Any:
    step = ScriptDirectory.from_config(alembic_config("postgresql://nowhere")).get_revision(revision)
    assert step is not None
    return step.module


def test_what_lay_in_the_campaigns_row_before_the_migration_goes_to_its_place(
    town: Town, cluster: Cluster, database: str
) -> None:
    campaign, grown = made(town), made(town)
    with unit_of_work(town.planner(town.police)) as uow:
        change_item(uow, ChangeItem(campaign, items(uow, campaign)[0].id, 60, 1, safety_note="Hund på gården"))
        line = items(uow, grown)[0]
        change_item(uow, ChangeItem(grown, line.id, 60, 1, excluded=True, excluded_why="Stängt i juli"))
        add_businesses(uow, grown, [line.business.id], 60)
    steps = step_of("0061")
    keep = text("SELECT (SELECT before FROM campaign WHERE id = :c), (SELECT before FROM campaign_item WHERE id = :i)")
    with as_owner(cluster, database) as db:
        first = db.scalar(text("SELECT CAST(before->>'item' AS uuid) FROM campaign WHERE id = :c"), {"c": campaign})
        changed, added = {"c": campaign, "i": first}, {"c": grown, "i": line.id}
        was = [db.execute(keep, one).one() for one in (changed, added)]
        db.execute(text(steps.BACK))
        old = "UPDATE campaign SET before = before || jsonb_build_object('reasons', CAST(:r AS jsonb)) WHERE id = :c"
        db.execute(text(old), {"c": grown, "r": json.dumps({str(line.id): "Stängt i juli"})})
        db.execute(text("UPDATE campaign_item SET before = NULL"))
        for statement in steps.TO_ITEMS:
            db.execute(text(statement))
        now = [db.execute(keep, one).one() for one in (changed, added)]
        now[0][1].pop("id")
        assert now == was
        assert was[1][1] == {"excluded_why": "Stängt i juli"}
        db.rollback()


def test_a_plan_that_was_being_made_at_the_migration_has_not_ended(town: Town, cluster: Cluster, database: str) -> None:
    done, job = planned(town, made(town)).plan_job_id, asked(town, made(town))
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE plan_job SET ended_at = NULL"))
        db.execute(text(step_of("0052").ENDED))
        found = {row.id: row.ended_at for row in db.execute(text("SELECT id, ended_at FROM plan_job"))}
        db.rollback()
    assert found[done] is not None
    assert found[job] is None
