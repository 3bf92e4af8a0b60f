"""Make a campaign's plan step by step, as the reader's worker; held against the rules before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from pydantic import ValidationError

from samsyn.core.jobs import finish_job, get_job, report_progress
from samsyn.core.uow import UnitOfWork
from samsyn.planning.campaigns.asking import digest_of
from samsyn.planning.campaigns.plans import CampaignPlan
from samsyn.planning.campaigns.problem import Problem, ProblemError
from samsyn.planning.campaigns.steps import begun, finished, improved, instance_of
from samsyn.planning.models import PlanJob
from samsyn.planning.queries.asked_plan import read_problem_of
from samsyn.planning.queries.campaigns import CampaignCard, PlanLine, get_campaign
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.service.plans import get_plan, write_plan
from samsyn.planning.verifier.verifying import verify

IMPOSSIBLE: Final = "plan_impossible"
"""The error of a job for whose problem there is no whole plan: what is pinned cannot be, or what is mandatory has no
place. Of the latter the best there is has been kept.
"""
UNSOUND: Final = "plan_unsound"
"""The error of a job whose plan the verifier refused: a fault of the planner's, and nothing is kept."""
GIVEN_UP: Final = "plan_given_up"
"""The error of a job whose step came to no end however often it was tried."""
MOST_TRIES: Final = 3
_log = structlog.get_logger(__name__)
Own = Callable[[], Mapping[UUID, Deficiencies]]


class UnsoundError(RuntimeError):
    """A plan that broke a rule: a fault of the planner's, and nothing is kept."""


def plan_step(uow: UnitOfWork, job_id: UUID, own: Own) -> bool:
    """Do the next step of a plan as the reader's worker; say whether there is another.

    The first puts the problem and keeps the greedy plan at once; the others improve it; the last one writes the result.
    Each plan that is kept was accepted by the verifier. A step that was not committed is done again, and comes out the
    same.
    """
    job = get_job(uow, job_id)
    row = uow.session.get(PlanJob, job_id)
    if row is None:
        return False
    if not job.open:  # who asked for it has stopped it: colleagues wait for it no longer
        row.ended_at = row.ended_at or uow.now
        return False
    try:
        return _step(uow, row, own)
    except ProblemError as error:
        end(uow, row, IMPOSSIBLE, error.faults)
    except (ValidationError, OverflowError):  # what is asked cannot be put
        end(uow, row, IMPOSSIBLE)
    except UnsoundError as error:
        _log.error("plan unsound", job=str(job_id), rule=str(error))
        end(uow, row, UNSOUND)
    return False


def give_up(uow: UnitOfWork, job_id: UUID) -> None:
    """End a job whose step was tried often enough: it takes too long, or the planner has a fault."""
    row = uow.session.get(PlanJob, job_id)
    if row is not None and row.ended_at is None:
        end(uow, row, GIVEN_UP)


def end(uow: UnitOfWork, row: PlanJob, error: str | None = None, visits: Sequence[str] = ()) -> None:
    """End a job, well or with an error and the visits that it is about, which colleagues read too."""
    finish_job(uow, row.id, error)
    row.ended_at = uow.now
    row.failed = None if error is None else {"error": error, "visits": list(visits)}


def _step(uow: UnitOfWork, row: PlanJob, own: Own) -> bool:
    if row.best is None:
        return _begin(uow, row, own)
    at = instance_of(Problem.model_validate(row.problem), row.problem_hash)
    if row.done < row.budget and not row.taken:
        best, row.done = improved(at, row.seed, row.best, row.done, row.budget)
        row.best = accepted(row.problem, best)
        report_progress(uow, row.id, row.done, row.budget)
        return True
    try:
        keep(uow, row, finished(at, row.seed, row.best, row.budget, row.done))
    except ProblemError as error:
        keep_less(uow, row, row.best, error.faults)
        raise
    end(uow, row)
    return False


def keep_less(uow: UnitOfWork, row: PlanJob, best: dict[str, Any], missing: Sequence[str]) -> None:
    """Write the best plan there is without some mandatory visits, with the reason why each of them has no place."""
    visits = [{**one, "mandatory": one["mandatory"] and one["id"] not in missing} for one in row.problem["visits"]]
    row.problem = {**row.problem, "visits": visits}
    row.problem_hash = digest_of(row.problem)
    at = instance_of(Problem.model_validate(row.problem), row.problem_hash)
    keep(uow, row, finished(at, row.seed, best, row.budget, row.done))


def _begin(uow: UnitOfWork, row: PlanJob, own: Own) -> bool:
    campaign = get_campaign(uow, row.campaign_id)
    baseline = baseline_of(campaign, get_plan(uow, campaign.id, row.baseline_id)) if row.baseline_id else ()
    row.asked_of = {
        "first_on": campaign.first_on.isoformat(),
        "days": campaign.days,
        "meeting_places": [asdict(one) for one in campaign.meeting_places],
    }
    row.problem, best = _first(uow, row, own(), baseline)
    row.problem_hash = digest_of(row.problem)
    row.best = accepted(row.problem, best)
    report_progress(uow, row.id, 0, row.budget)
    return True


def _first(
    uow: UnitOfWork, row: PlanJob, own: Mapping[UUID, Deficiencies], baseline: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the problem with a first plan. Published visits stay in it as they are; operations that were changed by
    hand past what a plan may do only hold their people.
    """
    held: set[UUID] = set()
    while True:
        problem, published = read_problem_of(uow, row.campaign_id, own, baseline, held)
        try:
            at = instance_of(problem, digest_of(put := problem.model_dump(mode="json")))
            return put, begun(at, row.seed)
        except ProblemError as error:
            broken = {published[key] for key in error.faults if key in published}
            if not broken:
                raise
            held |= broken


def baseline_of(campaign: CampaignCard, plan: PlanLine) -> list[dict[str, Any]]:
    """Return an earlier plan's visits in the minutes of the campaign as it is now: its days may have changed."""
    then = plan.of(campaign).grid.begins_at
    shift = int((then - campaign.grid.begins_at) / timedelta(minutes=1))
    return [{**one, "start": one["start"] + shift} for one in plan.plan["visits"]]


def accepted(problem: Mapping[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan on the way that breaks no rule, but that what is mandatory may still lack its place (H9).

    Raises:
        UnsoundError: it breaks another one.
    """
    broken = [one.rule for one in verify(problem, plan).violations if one.rule != "H9"]
    if broken:
        raise UnsoundError(broken[0])
    return plan


def keep(uow: UnitOfWork, row: PlanJob, made: CampaignPlan) -> UUID:
    """Write a plan with its reasons, its parts and its bounds."""
    plan = made.as_json()
    verdict = verify(row.problem, plan)
    if not verdict.accepted:
        raise UnsoundError(verdict.violations[0].rule)
    numbers = {"risk": made.risk, "risk_wanted": made.risk_wanted, "risk_at_most": made.risk_at_most}
    return write_plan(uow, row.id, row.campaign_id, row.baseline_id, made.iterations, plan, verdict, numbers)
