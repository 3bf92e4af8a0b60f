"""Ask for plans of a campaign and take the best so far; a worker makes them (``plan_steps``).

Nothing here loads the planner itself: its kernel may be compiled, and no web process runs that.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.jobs import get_job, start_job
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import PlanJob, PlanResult
from samsyn.planning.queries.campaign_people import size_of
from samsyn.planning.queries.campaigns import (
    PlanLine,
    get_campaign,
    items_of,
    last_job,
    members_asked,
    plans_of,
)
from samsyn.planning.queries.plan_jobs import JobLine
from samsyn.planning.rules import PLAN_CAMPAIGN
from samsyn.planning.service.campaigns import led_campaign
from samsyn.planning.verifier.verifying import Verdict

SEEDS: Final = 2**31
BUDGETS: Final = (1_000, 5_000, 20_000)
USUAL_BUDGET: Final = 5_000


@dataclass(frozen=True, slots=True)
class AskPlan:
    """Ask for a plan; with ``baseline_id`` one that differs little from an earlier one."""

    campaign_id: UUID
    budget: int = USUAL_BUDGET
    baseline_id: UUID | None = None


def ask_plan(uow: UnitOfWork, command: AskPlan) -> UUID:
    """Ask for a plan of a campaign; return the job to follow. The seed is drawn here: no plan can be guessed.

    ``InvalidError`` for more than can be planned at once. ``ConflictError`` while another one of the campaign is being
    made, also for a colleague: ``last_job`` says for whom and since when, and anybody of the lead may take the best so
    far. Two who ask at the same moment come one by one.
    """
    uow.session.refresh(led_campaign(uow, command.campaign_id), with_for_update=True)
    if command.budget not in BUDGETS:
        raise InvalidError("no such budget", fields={"budget": ["unknown"]})
    if command.baseline_id is not None:
        get_plan(uow, command.campaign_id, command.baseline_id)
    campaign = get_campaign(uow, command.campaign_id)
    if size_of(uow, campaign, items_of(uow, campaign.id), members_asked(uow, campaign.id)).too_large:
        raise InvalidError("too large", fields={"budget": ["too large to plan"]})
    if being_made(uow, last_job(uow, command.campaign_id)):
        raise ConflictError("a plan is being made", fields={"budget": ["a plan is being made"]})
    job_id = start_job(uow, PLAN_CAMPAIGN)
    values = {"reader_id": uow.me, "campaign_id": command.campaign_id, "baseline_id": command.baseline_id}
    how = {"seed": secrets.randbelow(SEEDS), "budget": command.budget, "done": 0, "taken": False, "asked_at": uow.now}
    how["asked_by"] = uow.person
    uow.session.execute(insert(PlanJob).values(id=job_id, problem={}, problem_hash="", **values, **how))
    record(uow, "campaign.plan", command.campaign_id)
    return job_id


def being_made(uow: UnitOfWork, newest: JobLine | None) -> bool:
    """Say whether the newest plan of a campaign is being made: one's own by its job, a colleague's by what it tells."""
    if newest is None:
        return False
    try:
        return get_job(uow, newest.id).open
    except NotFoundError:
        return newest.open(uow.now)


def take_best(uow: UnitOfWork, campaign_id: UUID) -> None:
    """Take the best so far of the plan that is being made: the worker's next step ends it with that."""
    led_campaign(uow, campaign_id)
    newest = select(PlanJob).where(PlanJob.campaign_id == campaign_id).order_by(PlanJob.asked_at.desc()).limit(1)
    row = uow.session.scalar(newest)
    if row is None or row.best is None:
        raise NotFoundError("nothing is planned yet")
    if not row.taken:
        row.taken = True
        uow.session.flush()
        record(uow, "campaign.take", campaign_id)


def write_plan(
    uow: UnitOfWork,
    job_id: UUID,
    campaign_id: UUID,
    baseline_id: UUID | None,
    iterations: int,
    plan: dict[str, Any],
    verdict: Verdict,
    numbers: Mapping[str, int],
) -> UUID:
    """Write a plan that the verifier accepted; return its key."""
    result_id = uuid4()
    values = {"reader_id": uow.me, "campaign_id": campaign_id, "plan_job_id": job_id, "baseline_id": baseline_id}
    made = {"made_by": uow.viewer.person_id, "made_at": uow.now, "iterations": iterations, "plan": plan}
    said = {"parts": dict(verdict.parts), "objective": verdict.objective or 0, **numbers}
    uow.session.execute(insert(PlanResult).values(id=result_id, **values, **made, **said))
    record(uow, "campaign.planned", campaign_id)
    return result_id


def get_plan(uow: UnitOfWork, campaign_id: UUID, plan_id: UUID) -> PlanLine:
    """Return a plan of a campaign; ``NotFoundError`` where it is hidden or absent."""
    for one in plans_of(uow, campaign_id, plan_id):
        return one
    raise NotFoundError("no such plan")
