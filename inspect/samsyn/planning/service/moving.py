"""Move a visit of a plan by hand, with what stands against it; fix it, let it go. What lies fixed today holds in all.

Nothing here loads the planner itself: its kernel may be compiled, and no web process runs that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    ItemLine,
    PlanLine,
    get_campaign,
    items_of,
    problem_of_plan,
)
from samsyn.planning.service.campaigns import led_item
from samsyn.planning.service.item_state import forget
from samsyn.planning.service.plans import get_plan, write_plan
from samsyn.planning.verifier.verifying import verify
from samsyn.planning.verifier.words import Violation

MOST_TRIED: Final = 60
OUTSIDE: Final = "outside the campaign's days"


@dataclass(frozen=True, slots=True)
class Tried:
    """A visit of a plan at another time: with whom, and what stands against it."""

    plan: dict[str, Any]
    people: tuple[str, ...]
    clashes: tuple[Violation, ...]


def minute_of(campaign: CampaignCard, at: datetime) -> int:
    """Return the minute at which a moment is in the plans of a campaign as it was then (``PlanLine.of``)."""
    return int((at - campaign.grid.begins_at) / timedelta(minutes=1))


def problem_now(uow: UnitOfWork, campaign_id: UUID, plan: PlanLine, moving: UUID) -> dict[str, Any]:
    """Return the problem that a plan answers, with what lies fixed today instead of what did when it was asked.

    ``moving`` lies nowhere fixed, who moves it fixes it anew: on a day that the campaign has today.
    """
    problem, campaign = problem_of_plan(uow, plan), get_campaign(uow, campaign_id)
    then = plan.of(campaign)
    days = (minute_of(then, campaign.grid.begins_at), minute_of(then, campaign.grid.ends_at))
    open_items = {str(one.id): one for one in items_of(uow, campaign_id) if one.visit_id is None}
    visits = []
    for visit in problem["visits"]:
        item = open_items.get(visit["id"])
        fixed = visit["pinned"] if item is None else fixed_of(then, item)
        if visit["id"] == str(moving):
            windows = [[max(a, days[0]), min(b, days[1])] for a, b in visit["windows"]]
            visits.append({**visit, "pinned": None, "windows": [one for one in windows if one[0] < one[1]]})
        else:
            visits.append({**visit, "pinned": fixed})
    return {**problem, "visits": visits}


def fixed_of(campaign: CampaignCard, item: ItemLine) -> dict[str, Any] | None:
    """Return how a visit has to stay, in the minutes of a campaign as it was then."""
    if item.pinned_at is None:
        return None
    return {"start": minute_of(campaign, item.pinned_at), "inspectors": [str(one) for one in item.pinned_people]}


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


def behind(problem: Mapping[str, Any], plan: Mapping[str, Any], visit: str, other: str) -> int:
    """Return the first minute at which a visit can begin for people who come from another one of the plan.

    From its end they drive to the meeting place, are briefed and drive on; the next start of the problem's grid.
    ``NotFoundError`` where the plan has no such visits.
    """
    known = {one["id"]: one for one in problem["visits"]}
    before = next((one for one in plan["visits"] if one["id"] == other), None)
    if before is None or visit not in known:
        raise NotFoundError("no such visit in the plan")
    ends, grid = int(before["start"]) + int(known[other]["duration"]), int(problem["grid"])
    way = way_to(problem, order_of(problem), known[other]["location"], known[visit])
    return -(-(ends + way) // grid) * grid


def order_of(problem: Mapping[str, Any]) -> dict[str, int]:
    """Return the row of each place in a problem's table of ways."""
    return {one["id"]: n for n, one in enumerate(problem["locations"])}


def way_to(problem: Mapping[str, Any], order: Mapping[str, int], place: str, visit: Mapping[str, Any]) -> int:
    """Return the minutes from a place to a visit's start, by where it is briefed and with that."""
    briefing = visit["briefing"]
    places = [place, *([briefing["location"]] if briefing else []), visit["location"]]
    way = sum(int(problem["travel"][order[a]][order[b]]) for a, b in pairwise(places))
    return way + (int(briefing["minutes"]) if briefing else 0)


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
    problem = problem_now(uow, campaign_id, plan, item_id)
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

    ``InvalidError`` where that plan's day is the campaign's no longer. A change of it before that can no longer be
    taken back: it would take this with it.
    """
    row = led_item(uow, campaign_id, item_id, seen)
    row.pinned_at, row.pinned_people = None, []
    if plan is not None:
        entry = next((one for one in plan.plan["visits"] if one["id"] == str(item_id)), None)
        if entry is None:
            raise NotFoundError("the plan leaves it out")
        campaign = get_campaign(uow, campaign_id)
        fixed = plan.of(campaign).moment(entry["start"])
        if not campaign.grid.holds(fixed):
            raise InvalidError("not then", fields={"starts_at": [OUTSIDE]})
        row.pinned_at = fixed
        row.pinned_people = [UUID(one) for one in entry["inspectors"]]
        row.excluded_at = row.excluded_why = None
    forget(uow, row)
    uow.session.flush()
    record(uow, "campaign.change", row.id)
