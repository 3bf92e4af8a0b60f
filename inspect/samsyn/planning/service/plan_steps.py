"""Make a campaign's plan step by step, as the reader's worker: read, compute with no transaction open, write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from samsyn.core.jobs import finish_job, get_job, report_progress
from samsyn.core.uow import UnitOfWork
from samsyn.planning.campaigns.problem import ProblemError
from samsyn.planning.models import PlanJob
from samsyn.planning.queries.asked_plan import read_problem_of
from samsyn.planning.queries.campaigns import CampaignCard, PlanLine, get_campaign
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.service.plan_making import IMPOSSIBLE, Kept, Made, Step, made_of, refused
from samsyn.planning.service.plans import get_plan, write_plan

GIVEN_UP: Final = "plan_given_up"
"""The error of a job whose first or last step came to no end however often it was tried."""
MOST_TRIES: Final = 3
Own = Callable[[UnitOfWork], Mapping[UUID, Deficiencies]]
Opener = Callable[[], AbstractContextManager[UnitOfWork]]


def make_step(opened: Opener, job_id: UUID, own: Own) -> Made | None:
    """Compute the next step of a plan as the reader's worker; nothing for a job that has ended. ``keep_step`` keeps it.

    The first puts the problem with the greedy plan; the others improve it; the last one is the result. No transaction
    is open while it computes. A step that was not kept is done again, and comes out the same.
    """
    held: set[UUID] = set()
    while True:
        with opened() as uow:
            step = read_step(uow, job_id, own, held)
        if not isinstance(step, Step):
            return step
        made = made_of(step)
        if not made.held:
            return made
        held |= made.held


def read_step(uow: UnitOfWork, job_id: UUID, own: Own, held: Collection[UUID] = ()) -> Step | Made | None:
    """Read what the next step is computed from; what cannot be put already came to nothing."""
    row = uow.session.get(PlanJob, job_id)
    if row is None or not get_job(uow, job_id).open:
        return None
    read = Step(job_id, row.seed, row.budget, row.done, row.taken, row.problem, row.problem_hash, row.best)
    if row.best is not None:
        return read
    try:
        return first_step(uow, row, own, held)
    except ProblemError as error:
        return refused(read, IMPOSSIBLE, error.faults)
    except (ValidationError, OverflowError):
        return refused(read, IMPOSSIBLE)


def first_step(uow: UnitOfWork, row: PlanJob, own: Own, held: Collection[UUID]) -> Step:
    """Read what is asked now."""
    campaign = get_campaign(uow, row.campaign_id)
    baseline = baseline_of(campaign, get_plan(uow, campaign.id, row.baseline_id)) if row.baseline_id else ()
    read = read_problem_of(uow, row.campaign_id, own(uow), baseline, held)
    asked_of = {
        "first_on": campaign.first_on.isoformat(),
        "days": campaign.days,
        "meeting_places": [asdict(one) for one in campaign.meeting_places],
    } | ({"too_soon": list(read.too_soon)} if read.too_soon else {})
    return Step(row.id, row.seed, row.budget, 0, row.taken, {}, "", None, read.problem, asked_of, read.published)


def keep_step(uow: UnitOfWork, job_id: UUID, made: Made | None) -> bool:
    """Write what came of a step; say whether there is another.

    Nothing is written for a job that was stopped while the step computed, or whose step another worker has done.
    """
    row = uow.session.get(PlanJob, job_id, with_for_update=True)
    if row is None:
        return False
    if not get_job(uow, job_id).open:  # who asked for it has stopped it: colleagues wait for it no longer
        row.ended_at = row.ended_at or uow.now
        return False
    if made is None or (row.done, row.best is None) != (made.step.done, made.step.best is None):
        return False
    if made.step.asked_of is not None:
        row.asked_of = dict(made.step.asked_of)
    if made.step.asked is not None or made.digest != row.problem_hash:
        row.problem, row.problem_hash = dict(made.problem), made.digest
    if made.kept is not None:
        write_kept(uow, row, made.kept)
    if made.kept is not None or made.error is not None:
        end(uow, row, made.error, made.visits)
        return False
    row.best, row.done = made.best, made.done
    report_progress(uow, row.id, row.done, row.budget)
    return True


def give_up(uow: UnitOfWork, job_id: UUID) -> bool:
    """End a job whose step was tried often enough: it takes too long, or the planner has a fault.

    Where there is a best so far that nobody has taken yet, that is taken first; say whether there is that step to do.
    """
    row = uow.session.get(PlanJob, job_id)
    if row is None or row.ended_at is not None:
        return False
    if row.best is not None and not row.taken and get_job(uow, job_id).open:
        row.taken = True
        return True
    end(uow, row, GIVEN_UP)
    return False


def end(uow: UnitOfWork, row: PlanJob, error: str | None = None, visits: Sequence[str] = ()) -> None:
    """End a job, well or with an error and the visits that it is about, which colleagues read too."""
    finish_job(uow, row.id, error)
    row.ended_at = uow.now
    row.failed = None if error is None else {"error": error, "visits": list(visits)}


def baseline_of(campaign: CampaignCard, plan: PlanLine) -> list[dict[str, Any]]:
    """Return an earlier plan's visits in the minutes of the campaign as it is now: its days may have changed."""
    then = plan.of(campaign).grid.begins_at
    shift = int((then - campaign.grid.begins_at) / timedelta(minutes=1))
    return [{**one, "start": one["start"] + shift} for one in plan.plan["visits"]]


def write_kept(uow: UnitOfWork, row: PlanJob, kept: Kept) -> UUID:
    """Write a plan with its reasons, its parts and its bounds."""
    made = kept.plan
    numbers = {"risk": made.risk, "risk_wanted": made.risk_wanted, "risk_at_most": made.risk_at_most}
    return write_plan(
        uow, row.id, row.campaign_id, row.baseline_id, made.iterations, made.as_json(), kept.verdict, numbers
    )
