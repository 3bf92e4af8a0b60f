"""Read all that a campaign's plan depends on, as far as its reader may: own people's time, and of others' busy or not.

Of other authorities' people a planner of a shared collaboration learns when they can, never why (POLICIES, time); that
is all that is read here of anybody, the own ones too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.businesses.queries import OpenLine, opening_hours_of
from samsyn.core.home import HOME
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import earlier_starts
from samsyn.planning.campaigns.asking import Asked, Goer, Pinned, Place, Sender, problem_of
from samsyn.planning.campaigns.asking import Wanted as WantedVisit
from samsyn.planning.campaigns.problem import MOST_MINUTES, Problem, ProblemError
from samsyn.planning.iso_week import is_workday
from samsyn.planning.queries.campaign_people import goers, team_skill
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    ItemLine,
    MemberLine,
    get_campaign,
    items_of,
    members_asked,
)
from samsyn.planning.queries.candidates import Wanted, list_candidates
from samsyn.planning.queries.published import Published, published_of
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.red_days import DayKind, kind_of
from samsyn.planning.slots.bits import lasting, run, runs_of
from samsyn.planning.slots.grid import Grid, between, week_of

WEEK: Final = 7 * 24 * 60
MINUTES: Final = 15
LEAST_AHEAD: Final = timedelta(hours=24)
"""Nobody is asked for a visit that begins sooner."""


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """What is asked, the operations of the published visits in it, and the visits that only ``LEAST_AHEAD`` rules out.

    Both by the visit's id.
    """

    problem: Problem
    published: Mapping[str, UUID]
    too_soon: tuple[str, ...]


def read_problem_of(
    uow: UnitOfWork,
    campaign_id: UUID,
    own: Mapping[UUID, Deficiencies],
    baseline: Sequence[Mapping[str, Any]] = (),
    held: Collection[UUID] = (),
) -> ReadProblem:
    """Return what is asked; the number of statements does not depend on how much of it there is.

    Left out is what is excluded. What was published stays as its operation has it; of an operation that no plan can
    hold, or that is among ``held``, its people's time is taken.
    """
    campaign = get_campaign(uow, campaign_id)
    members = members_asked(uow, campaign_id)
    every = items_of(uow, campaign_id)
    items = [one for one in every if one.excluded_at is None and one.operation_id is None]
    grid, hours = campaign.grid, campaign_hours(campaign)
    people, done = goers(uow, campaign, members, hours, published_of(uow, grid, every, held))
    coming = run(grid.touched((uow.now, uow.now + LEAST_AHEAD))[1], grid.count)
    risk = risks(uow, {one.business.id for one in (*items, *(one.item for one in done))}, own)
    places = {one.business.premises_id: one.business for one in (*items, *(one.item for one in done))}
    demand_pinned(items, people)
    there = hours_there(uow, grid, hours, items)
    asked = Asked(
        begins_at=grid.begins_at.astimezone(HOME),
        days=campaign.days,
        briefing=campaign.briefing,
        per_shift=campaign.per_shift,
        meeting=[Place(one.name, point(one.latitude, one.longitude)) for one in campaign.meeting_places],
        places=[Place(str(key), point(one.latitude, one.longitude)) for key, one in sorted(places.items())],
        senders=senders(members, items),
        goers=people,
        visits=sorted(
            [
                *visits(uow, campaign, items, members, (there, coming), risk),
                *(as_published(grid, one, people, risk) for one in done),
            ],
            key=lambda one: one.key,
        ),
        baseline=baseline,
    )
    return ReadProblem(
        problem_of(asked),
        {str(one.item.id): one.operation_id for one in done},
        tuple(str(one.id) for one in items if too_soon(one, there[one.id], coming)),
    )


def senders(members: Sequence[MemberLine], items: Sequence[ItemLine]) -> list[Sender]:
    """Return who sends people, and without anybody to send those alone wanted somewhere and no longer asked.

    A visit that is wanted of such ones only has no place, and that is the reason which stands there.
    """
    there = {one.authority_id for one in members}
    gone = {key for one in items if there.isdisjoint(one.authorities) for key in one.authorities}
    return [
        *(Sender(str(one.authority_id), one.vehicles) for one in members),
        *(Sender(str(key), None) for key in sorted(gone)),
    ]


def demand_pinned(items: Sequence[ItemLine], people: Sequence[Goer]) -> None:
    """Raise ``ProblemError`` for visits that are fixed with people who may no longer be asked."""
    able = {one.key for one in people}
    if broken := [str(one.id) for one in items if not {str(person) for person in one.pinned_people} <= able]:
        raise ProblemError(broken)


def point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return where something lies, where that is known."""
    return None if latitude is None or longitude is None else (latitude, longitude)


def campaign_hours(campaign: CampaignCard) -> int:
    """Return the quarters of a campaign's days and hours; red days and weekends only where those are wanted."""
    opens, closes = (time(n // 60 % 24, n % 60) for n in (campaign.opens, campaign.closes))
    daily = between(opens, closes)
    days = [day for day, _, _ in campaign.grid.each_day()]
    ordinary = [campaign.weekends or (is_workday(day) and kind_of(day) is not DayKind.RED) for day in days]
    return campaign.grid.on_clock(daily if one else 0 for one in ordinary)


def visits(
    uow: UnitOfWork,
    campaign: CampaignCard,
    items: Sequence[ItemLine],
    members: Sequence[MemberLine],
    hours: tuple[Mapping[UUID, int], int],
    risk: Mapping[UUID, int],
) -> list[WantedVisit]:
    """Return the visits that are wanted, each with its opening hours, whom it needs and how much speaks for it.

    ``hours``: those of each place, and those that nobody is asked too late for; what is fixed was said already.
    """
    before = earlier_starts(uow, {one.business.id for one in items})
    grid, (there, coming) = campaign.grid, hours
    found = []
    for one in sorted(items, key=lambda item: str(item.id)):
        minutes = [int((at - grid.begins_at) / timedelta(minutes=1)) % WEEK for at in before.get(one.business.id, ())]
        found.append(
            WantedVisit(
                key=str(one.id),
                place=str(one.business.premises_id),
                minutes=one.minutes,
                open=list(runs_of(there[one.id] if one.pinned_at else there[one.id] & coming)),
                asked=asked_at(members, one),
                risk=risk.get(one.business.id, 1),
                mandatory=one.mandatory,
                before=tuple(sorted(minutes)),
                pinned=pinned(grid, one),
                able=able_at(campaign, members, one),
                due=due_at(grid, one),
            )
        )
    return found


def hours_there(uow: UnitOfWork, grid: Grid, hours: int, items: Sequence[ItemLine]) -> dict[UUID, int]:
    """Return when each place can be visited in the campaign's hours."""
    known = opening_hours_of(uow, {one.business.id for one in items})
    return {one.id: hours & open_of(grid, known.get(one.business.id, ())) for one in items}


def too_soon(item: ItemLine, there: int, coming: int) -> bool:
    """Say whether a visit could begin in the hours of its place, but only before anybody may be asked for it."""
    quarters = -(-item.minutes // MINUTES)
    return item.pinned_at is None and bool(lasting(there, quarters)) and not lasting(there & coming, quarters)


def as_published(grid: Grid, one: Published, people: Sequence[Goer], risk: Mapping[UUID, int]) -> WantedVisit:
    """Return a visit that stays as it was published, whatever is asked by now."""
    going = [who for who in people if UUID(who.key) in one.people]
    minute = timedelta(minutes=1)
    return WantedVisit(
        key=str(one.item.id),
        place=str(one.item.business.premises_id),
        minutes=int((one.ends_at - one.starts_at) / minute),
        open=[grid.touched((one.starts_at, one.ends_at))],
        asked=Counter(who.sender for who in going),
        risk=risk.get(one.item.business.id, 1),
        pinned=Pinned(int((one.starts_at - grid.begins_at) / minute), tuple(who.key for who in going)),
        ahead=int((one.starts_at - one.held_from) / minute),
    )


def risks(uow: UnitOfWork, businesses: set[UUID], own: Mapping[UUID, Deficiencies]) -> dict[UUID, int]:
    """Return how much speaks for a visit at each of some businesses that may be visited."""
    chosen = list_candidates(uow, Wanted(), Seek(1), own, sorted(businesses)).chosen
    return {one.facts.id: one.score.total for one in chosen}


def asked_at(members: Sequence[MemberLine], item: ItemLine) -> dict[str, int]:
    """Return how many people of each authority are wanted at a visit; of those let go one, who has no place."""
    there = {one.authority_id: one.people for one in members}
    found = {str(key): there[key] for key in item.authorities if key in there}
    return found or {str(key): 1 for key in item.authorities}


def able_at(campaign: CampaignCard, members: Sequence[MemberLine], item: ItemLine) -> dict[str, tuple[str, ...]]:
    """Return what each authority's people have to have at a visit: a competence, and of the lead's the team."""
    found: dict[str, tuple[str, ...]] = {str(one.authority_id): (one.competence,) for one in members if one.competence}
    if item.team in campaign.teams:
        lead = str(campaign.lead_id)
        found[lead] = (*found.get(lead, ()), team_skill(str(item.team)))
    return found


def due_at(grid: Grid, item: ItemLine) -> int | None:
    """Return the minute after the last day on which a visit is in time."""
    if item.due_on is None:
        return None
    midnight = Grid(item.due_on + timedelta(days=1), 1).begins_at
    minutes = int((midnight - grid.begins_at) / timedelta(minutes=1))
    return max(-MOST_MINUTES, min(minutes, MOST_MINUTES))


def open_of(grid: Grid, lines: Sequence[OpenLine]) -> int:
    """Return when a business is open; at any time where its hours are not on record."""
    return grid.weekly(week_of(lines)) if lines else grid.whole


def pinned(grid: Grid, item: ItemLine) -> Pinned | None:
    """Return how a visit has to stay."""
    if item.pinned_at is None:
        return None
    start = int((item.pinned_at - grid.begins_at) / timedelta(minutes=1))
    return Pinned(start, tuple(str(one) for one in item.pinned_people))
