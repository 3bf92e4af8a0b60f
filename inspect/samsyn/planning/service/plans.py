"""Ask for plans of a campaign, take the best so far, move a visit by hand; a worker makes them (``plan_steps``).

Nothing here loads the planner itself: its kernel may be compiled, and no web process runs that.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.jobs import get_job, start_job
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import PlanJob, PlanResult
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    JobLine,
    PlanLine,
    get_campaign,
    last_job,
    plans_of,
    problem_of_plan,
)
from samsyn.planning.rules import PLAN_CAMPAIGN
from samsyn.planning.service.campaigns import led_campaign, led_item
from samsyn.planning.service.item_state import forget
from samsyn.planning.verifier.verifying import Verdict, verify
from samsyn.planning.verifier.words import Violation

SEEDS: Final = 2**31
BUDGETS: Final = (1_000, 5_000, 20_000)
USUAL_BUDGET: Final = 5_000
MOST_TRIED: Final = 60


@dataclass(frozen=True, slots=True)
class AskPlan:
    """Ask for a plan; with ``baseline_id`` one that differs little from an earlier one."""

    campaign_id: UUID
    budget: int = USUAL_BUDGET
    baseline_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A visit of a plan at another time: with whom, and what stands against it."""

    plan: dict[str, Any]
    people: tuple[str, ...]
    clashes: tuple[Violation, ...]


def ask_plan(uow: UnitOfWork, command: AskPlan) -> UUID:
    """Ask for a plan of a campaign; return the job to follow. The seed is drawn here: no plan can be guessed.

    ``ConflictError`` while another one of the campaign is being made, also for a colleague: ``last_job`` says for whom
    and since when, and anybody of the lead may take the best so far. Two who ask at the same moment come one by one.
    """
    uow.session.refresh(led_campaign(uow, command.campaign_id), with_for_update=True)
    if command.budget not in BUDGETS:
        raise InvalidError("no such budget", fields={"budget": ["unknown"]})
    if command.baseline_id is not None:
        get_plan(uow, command.campaign_id, command.baseline_id)
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


def minute_of(campaign: CampaignCard, at: datetime) -> int:
    """Return the minute at which a moment is in the plans of a campaign as it was then (``PlanLine.of``)."""
    return int((at - campaign.grid.begins_at) / timedelta(minutes=1))


def try_move(problem: Mapping[str, Any], plan: Mapping[str, Any], visit: str, start: int) -> Tried:
    """Return a plan with a visit at another time: with the same people, or colleagues where those cannot.

    What stands against it is what the verifier says; nothing is kept. Colleagues, at most ``MOST_TRIED``, are tried
    beside what lies in their shifts of then (``near``): the whole plan is held against the rules twice at most.
    """
    entry = next((one for one in plan["visits"] if one["id"] == visit), None)
    wanted = next((one for one in problem["visits"] if one["id"] == visit), None)
    if wanted is None:
        raise NotFoundError("no such visit in the plan")
    agency = {one["id"]: one["agency"] for one in problem["inspectors"]}
    people = list(entry["inspectors"]) if entry else _first_people(wanted, agency)
    whole = tried(problem, plan, visit, start, people)
    if not whole.clashes:
        return whole
    close = near(problem, plan, wanted, start)
    best = tried(*close, visit, start, people)
    left = MOST_TRIED
    for n, person in enumerate(people):
        for other in [one for one in agency if agency[one] == agency[person] and one not in people]:
            if not best.clashes or left == 0:
                break
            left -= 1
            found = tried(*close, visit, start, [*best.people[:n], other, *best.people[n + 1 :]])
            best = found if len(found.clashes) < len(best.clashes) else best
    return whole if list(best.people) == people else tried(problem, plan, visit, start, list(best.people))


def near(
    problem: Mapping[str, Any], plan: Mapping[str, Any], wanted: Mapping[str, Any], start: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the problem and the plan without what cannot touch a visit at a time, whoever of its agencies goes.

    Kept is what overlaps the visit itself (vehicles), or a shift that its people could have then (their way there).
    """
    agencies = {unit["agency"] for unit in wanted["units"]}
    spans = [span for one in problem["inspectors"] if one["agency"] in agencies for span in one["shifts"]]
    around = [span for span in spans if span[0] <= start <= span[1]]
    first, last = min([start, *(a for a, _ in around)]), max([start + wanted["duration"], *(b for _, b in around)])
    lasts = {one["id"]: one["duration"] for one in problem["visits"]}
    visits = [one for one in plan["visits"] if one["start"] < last and one["start"] + lasts[one["id"]] > first]
    kept = {wanted["id"], *(one["id"] for one in visits)}
    asked = {**problem, "visits": [one for one in problem["visits"] if one["id"] in kept]}
    return asked, {"visits": visits, "unscheduled": []}


def _first_people(wanted: Mapping[str, Any], agency: Mapping[str, str]) -> list[str]:
    """Somebody for each place of a visit that was left out."""
    found = []
    for unit in wanted["units"]:
        found += [one for one, of in agency.items() if of == unit["agency"]][: unit["count"]]
    return found


def tried(problem: Mapping[str, Any], plan: Mapping[str, Any], visit: str, start: int, people: list[str]) -> Tried:
    """Return a plan with one visit at a time with some people, and what stands against it."""
    others = [one for one in plan["visits"] if one["id"] != visit]
    left = [one for one in plan["unscheduled"] if one["id"] != visit]
    visits = sorted([*others, {"id": visit, "start": start, "inspectors": people}], key=lambda one: one["start"])
    moved = {"format": "samsyn-plan/1", "visits": visits, "unscheduled": left}
    return Tried(moved, tuple(people), verify(problem, moved).violations)


def move_visit(uow: UnitOfWork, campaign_id: UUID, plan_id: UUID, item_id: UUID, at: datetime) -> UUID:
    """Keep a new plan with one visit moved by hand, and pin it there; return the plan.

    ``ConflictError`` where something stands against it.
    """
    plan = get_plan(uow, campaign_id, plan_id)
    problem = problem_of_plan(uow, plan)
    then = plan.of(get_campaign(uow, campaign_id))
    found = try_move(problem, plan.plan, str(item_id), minute_of(then, at))
    verdict = verify(problem, found.plan)
    if not verdict.accepted:
        raise ConflictError("something stands against it", fields={"starts_at": ["something stands against it"]})
    risk_of = {one["id"]: one["risk"] for one in problem["visits"]}
    risk = sum(risk_of[one["id"]] for one in found.plan["visits"])
    numbers = {"risk": risk, "risk_wanted": plan.risk_wanted, "risk_at_most": plan.risk_at_most}
    return write_plan(uow, plan.plan_job_id, campaign_id, plan.id, 0, found.plan, verdict, numbers)


def pin_visit(uow: UnitOfWork, campaign_id: UUID, item_id: UUID, seen: int, plan: PlanLine | None) -> None:
    """Keep a visit as a plan has it in every later plan; without a plan it is free again.

    A change of it before that can no longer be taken back: it would take this with it.
    """
    row = led_item(uow, campaign_id, item_id, seen)
    row.pinned_at, row.pinned_people = None, []
    if plan is not None:
        entry = next((one for one in plan.plan["visits"] if one["id"] == str(item_id)), None)
        if entry is None:
            raise NotFoundError("the plan leaves it out")
        row.pinned_at = plan.of(get_campaign(uow, campaign_id)).moment(entry["start"])
        row.pinned_people = [UUID(one) for one in entry["inspectors"]]
        row.excluded_at = row.excluded_why = None
    forget(uow, row)
    uow.session.flush()
    record(uow, "campaign.change", row.id)
