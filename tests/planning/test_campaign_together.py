"""Two planners of one authority and one campaign: one plan at a time, and either takes the best so far of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text, update

from samsyn.core.errors import ConflictError, NotFoundError
from samsyn.core.jobs import cancel_job, get_job
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.planning.models import PlanJob
from samsyn.planning.queries.campaigns import last_job
from samsyn.planning.queries.plan_jobs import LOST_AFTER
from samsyn.planning.service.plans import AskPlan, ask_plan, being_made, take_best
from tests.factories import Town
from tests.planning.campaigning import made, newest, step


def colleague(town: Town) -> Viewer:
    return replace(town.planner(town.police), person_id=town.police.inspectors[0])


def ask(viewer: Viewer, campaign: UUID) -> UUID | None:
    with unit_of_work(viewer) as uow:
        try:
            return ask_plan(uow, AskPlan(campaign, 1000))
        except ConflictError:
            return None


def test_of_two_who_ask_at_the_same_moment_one_is_refused(town: Town) -> None:
    campaign, ready = made(town), Barrier(2)

    def at_once(viewer: Viewer) -> UUID | None:
        ready.wait()
        return ask(viewer, campaign)

    with ThreadPoolExecutor(2) as pool:
        jobs = list(pool.map(at_once, (town.planner(town.police), colleague(town))))
    assert sum(one is not None for one in jobs) == 1


def test_a_colleague_reads_whose_it_is_and_takes_the_best_so_far_with_a_line_of_the_trail(town: Town) -> None:
    campaign = made(town)
    mine, other = town.planner(town.police), colleague(town)
    job = ask(mine, campaign)
    assert job is not None
    assert ask(other, campaign) is None
    with unit_of_work(other) as uow:
        seen = last_job(uow, campaign)
        assert seen is not None
        assert (seen.id, seen.asked_by, being_made(uow, seen)) == (job, mine.person_id, True)
        with pytest.raises(NotFoundError):
            get_job(uow, job)
    step(town, job)
    for _ in range(2):
        with unit_of_work(other) as uow:
            take_best(uow, campaign)
    lines = text("SELECT actor_person_id FROM audit WHERE action = 'campaign.take' AND object_id = :id")
    with unit_of_work(other) as uow:
        assert list(uow.session.scalars(lines, {"id": campaign})) == [other.person_id]
    assert not step(town, job)
    assert newest(town, campaign).plan_job_id == job
    assert ask(other, campaign) is not None


def test_what_its_owner_stopped_or_its_worker_lost_keeps_nobody_waiting(town: Town) -> None:
    campaign = made(town)
    mine, other = town.planner(town.police), colleague(town)
    job = ask(mine, campaign)
    assert job is not None
    with unit_of_work(mine) as uow:
        cancel_job(uow, job)
    assert not step(town, job)
    lost = ask(other, campaign)
    assert lost is not None
    assert ask(mine, campaign) is None
    with unit_of_work(other) as uow:
        long_ago = uow.now - LOST_AFTER - timedelta(minutes=1)
        for one, at in ((job, long_ago - LOST_AFTER), (lost, long_ago)):
            uow.session.execute(update(PlanJob).where(PlanJob.id == one).values(asked_at=at))
    assert ask(other, campaign) is None  # one's own is stopped first
    assert ask(mine, campaign) is not None
