"""Compute a step of a campaign's plan from what was read for it: nothing here reads, writes or holds a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from pydantic import ValidationError

from samsyn.planning.campaigns.asking import digest_of
from samsyn.planning.campaigns.plans import CampaignPlan
from samsyn.planning.campaigns.problem import Problem, ProblemError
from samsyn.planning.campaigns.steps import begun, finished, improved, instance_of
from samsyn.planning.verifier.verifying import Verdict, verify

IMPOSSIBLE: Final = "plan_impossible"
"""The error of a job for whose problem there is no whole plan: what is pinned cannot be, or what is mandatory has no
place. Of the latter the best there is has been kept.
"""
UNSOUND: Final = "plan_unsound"
"""The error of a job whose plan the verifier refused: a fault of the planner's, and nothing is kept."""
_log = structlog.get_logger(__name__)


class UnsoundError(RuntimeError):
    """A plan that broke a rule: a fault of the planner's, and nothing is kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step is computed from: the problem and the best so far, after ``done`` of ``budget`` iterations.

    The first one has no best: it brings what is ``asked``, ``asked_of`` what campaign, and which operations the
    published visits in it are.
    """

    job_id: UUID
    seed: int
    budget: int
    done: int
    taken: bool
    problem: Mapping[str, Any]
    digest: str
    best: dict[str, Any] | None
    asked: Problem | None = None
    asked_of: Mapping[str, Any] | None = None
    published: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole plan that the verifier accepted."""

    plan: CampaignPlan
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a step: a better plan on the way, or the last one (``kept``), or an error with its visits.

    ``held``: operations that no plan can hold as they are; the step is to be read again with just their people held.
    """

    step: Step
    done: int
    problem: Mapping[str, Any]
    digest: str
    best: dict[str, Any] | None = None
    kept: Kept | None = None
    error: str | None = None
    visits: tuple[str, ...] = ()
    held: frozenset[UUID] = frozenset()


def refused(step: Step, error: str, visits: Sequence[str] = (), kept: Made | None = None) -> Made:
    """Return that a step came to nothing, or to no more than what is kept."""
    of = kept or unchanged(step)
    return Made(step, step.done, of.problem, of.digest, step.best, of.kept, error, tuple(visits))


def unchanged(step: Step) -> Made:
    """Return a step as it was read."""
    return Made(step, step.done, step.problem, step.digest, step.best)


def made_of(step: Step) -> Made:
    """Compute a step. Each plan in what it returns was accepted by the verifier; the same step comes out the same."""
    try:
        if step.asked is not None:
            return first(step, step.asked)
        if step.best is not None and step.done < step.budget and not step.taken:
            return better(step, step.best)
        return last(step, step.best or {})
    except ProblemError as error:
        return refused(step, IMPOSSIBLE, error.faults)
    except (ValidationError, OverflowError):  # what is asked cannot be put
        return refused(step, IMPOSSIBLE)
    except UnsoundError as error:
        _log.error("plan unsound", job=str(step.job_id), rule=str(error))
        return refused(step, UNSOUND)


def first(step: Step, asked: Problem) -> Made:
    """Return the problem with a first plan. Published visits stay in it as they are; operations that were changed by
    hand past what a plan may do are ``held``.
    """
    put = asked.model_dump(mode="json")
    digest = digest_of(put)
    try:
        best = begun(instance_of(asked, digest), step.seed)
    except ProblemError as error:
        held = frozenset(step.published[key] for key in error.faults if key in step.published)
        if not held:
            raise
        return Made(step, 0, put, digest, held=held)
    return Made(step, 0, put, digest, accepted(put, best))


def better(step: Step, best: dict[str, Any]) -> Made:
    """Return the best after the next iterations."""
    at = instance_of(Problem.model_validate(step.problem), step.digest)
    found, done = improved(at, step.seed, best, step.done, step.budget)
    return Made(step, done, step.problem, step.digest, accepted(step.problem, found))


def last(step: Step, best: dict[str, Any]) -> Made:
    """Return the plan with its reasons and bounds; where something mandatory has no place, the best without it."""
    try:
        return whole(step, step.problem, step.digest, best)
    except ProblemError as error:
        missing = error.faults
    visits = [{**one, "mandatory": one["mandatory"] and one["id"] not in missing} for one in step.problem["visits"]]
    problem = {**step.problem, "visits": visits}
    return refused(step, IMPOSSIBLE, missing, whole(step, problem, digest_of(problem), best))


def whole(step: Step, problem: Mapping[str, Any], digest: str, best: dict[str, Any]) -> Made:
    """Return the plan that a problem's best so far is."""
    at = instance_of(Problem.model_validate(problem), digest)
    plan = finished(at, step.seed, best, step.budget, step.done)
    verdict = verify(problem, plan.as_json())
    if not verdict.accepted:
        raise UnsoundError(verdict.violations[0].rule)
    return Made(step, step.done, problem, digest, best, Kept(plan, verdict))


def accepted(problem: Mapping[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan on the way that breaks no rule, but that what is mandatory may still lack its place (H9).

    Raises:
        UnsoundError: it breaks another one.
    """
    broken = [one.rule for one in verify(problem, plan).violations if one.rule != "H9"]
    if broken:
        raise UnsoundError(broken[0])
    return plan
