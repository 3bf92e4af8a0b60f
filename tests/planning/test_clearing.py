"""What a campaign held of people's free time, and its safety notes, go some time after its last day; the plan stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from samsyn.access.service.tidying import TIDY
from samsyn.core.errors import NotAllowedError
from samsyn.core.home import local_day
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.planning.queries.campaigns import get_campaign, last_job, plans_of, problem_of_plan
from samsyn.planning.service.campaign_changes import EditCampaign, edit_campaign
from samsyn.planning.service.campaigns import ChangeItem, change_item
from samsyn.planning.service.clearing import AFTER, clear_ended
from samsyn_workers import tidying
from tests.factories import Office, Town
from tests.planning.campaigning import command_of, items, made, planned, worker

NOTE = "Hund på gården"


def planned_with_notes(town: Town) -> UUID:
    """Make a campaign with a plan, a changed safety note (the way back holds the first) and a changed day."""
    campaign = made(town)
    planned(town, campaign)
    for note in (NOTE, f"{NOTE}, kopplad"):
        with unit_of_work(town.planner(town.police)) as uow:
            one = items(uow, campaign)[0]
            change_item(uow, ChangeItem(campaign, one.id, 60, one.version, safety_note=note))
    return campaign


def over_since(town: Town, campaign: UUID, days: int) -> None:
    """Let it have ended so many days ago."""
    with unit_of_work(town.planner(town.police)) as uow:
        then = local_day(datetime.now(UTC)) - timedelta(days=days)
        uow.session.execute(
            text("UPDATE campaign SET first_on = :on, days = 1 WHERE id = :id"), {"on": then, "id": campaign}
        )


def free_times(uow: UnitOfWork, campaign: UUID) -> list[Any]:
    problem = problem_of_plan(uow, plans_of(uow, campaign)[0])
    return [(*one["shifts"], *one["busy"]) for one in problem["inspectors"] if one["shifts"] or one["busy"]]


def told(uow: UnitOfWork) -> str:
    """All that is written of places, campaigns and jobs, as text."""
    tables = ("campaign_item", "campaign", "plan_job", "campaign_member")
    return "\n".join(
        str(row) for name in tables for row in uow.session.scalars(text(f"SELECT to_jsonb(t)::text FROM {name} t"))
    )


def clear(office: Office) -> dict[str, int]:
    with unit_of_work(worker(office)) as uow:
        return clear_ended(uow)


def test_after_its_time_nobodys_free_time_and_no_safety_note_is_left(town: Town) -> None:
    campaign = planned_with_notes(town)
    over_since(town, campaign, AFTER.days)
    assert not any(clear(town.police).values())
    over_since(town, campaign, AFTER.days + 1)
    assert not any(clear(town.tobacco).values())
    with unit_of_work(town.planner(town.police)) as uow:
        assert free_times(uow, campaign)
        assert NOTE in told(uow)
    gone = clear(town.police)
    assert gone == {"problems": 1, "notes": 1, "campaigns": 1, "members": 0}
    with unit_of_work(town.planner(town.police)) as uow:
        assert free_times(uow, campaign) == []
        assert NOTE not in told(uow)
        job = last_job(uow, campaign)
        assert job is not None
        assert job.planned == 0
        plan, card = plans_of(uow, campaign)[0], get_campaign(uow, campaign)
        assert plan.number == 3
        assert not card.undo
    assert not any(clear(town.police).values())


def test_what_a_change_could_be_taken_back_to_goes_too_and_the_plan_is_shown_as_before(town: Town) -> None:
    campaign = made(town)
    planned(town, campaign)
    with unit_of_work(town.planner(town.police)) as uow:
        said = command_of(town, get_campaign(uow, campaign).first_on + timedelta(days=1))
        edit_campaign(uow, EditCampaign(campaign, 1, said))
    over_since(town, campaign, AFTER.days + 1)
    assert clear(town.police) == {"problems": 1, "notes": 0, "campaigns": 1, "members": 2}
    with unit_of_work(town.planner(town.police)) as uow:
        [plan] = plans_of(uow, campaign)
        people = {who for one in plan.plan["visits"] for who in one["inspectors"]}
        assert people <= {one["id"] for one in problem_of_plan(uow, plan)["inspectors"]}


def test_a_plan_that_is_being_made_keeps_what_it_needs(town: Town) -> None:
    campaign = planned_with_notes(town)
    over_since(town, campaign, AFTER.days + 1)
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE plan_job SET ended_at = NULL"))
    assert clear(town.police)["problems"] == 0


def test_the_tidying_does_it_and_nobody_else(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "load_settings", lambda: SimpleNamespace(data_dir=tmp_path))
    campaign = planned_with_notes(town)
    over_since(town, campaign, AFTER.days + 1)
    with unit_of_work(town.planner(town.police)) as uow, pytest.raises(NotAllowedError):
        clear_ended(uow)
    with unit_of_work(town.planner(town.police)) as uow:
        emit(uow, TIDY, uow.me, acts_for=uow.me)
    tidying.clear(acts_for=str(town.police.id))
    with unit_of_work(town.planner(town.police)) as uow:
        assert NOTE not in told(uow)
        assert free_times(uow, campaign) == []
