"""Read all that a campaign's plan depends on, as far as its reader may: own people's time, and of others' busy or not.

Of other authorities' people a planner of a shared collaboration learns when they can, never why (POLICIES, time); that
is all that is read here of anybody, the own ones too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.access.queries import StaffLine, staff_of
from samsyn.businesses.queries import OpenLine, opening_hours_of
from samsyn.core.home import HOME
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import earlier_starts
from samsyn.operations.queries.period import bookings_between
from samsyn.planning.campaigns.asking import Asked, Goer, Pinned, Place, Sender, problem_of
from samsyn.planning.campaigns.asking import Wanted as WantedVisit
from samsyn.planning.campaigns.problem import MOST_MINUTES, Problem, ProblemError
from samsyn.planning.iso_week import is_workday
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    ItemLine,
    MemberLine,
    get_campaign,
    items_of,
    members_asked,
)
from samsyn.planning.queries.candidates import Wanted, list_candidates
from samsyn.planning.queries.told import told_of
from samsyn.planning.reasons import Deficiencies
from samsyn.planning.red_days import DayKind, kind_of
from samsyn.planning.slots.bits import run, runs_of
from samsyn.planning.slots.grid import Grid, between, week_of
from samsyn.planning.slots.told import Told, free_of

STAFF: Final = 2_000
INSPECTOR: Final = "inspector"
WEEK: Final = 7 * 24 * 60
LEAST_AHEAD: Final = timedelta(hours=24)
"""Nobody is asked for a visit that begins sooner."""


def read_problem_of(
    uow: UnitOfWork, campaign_id: UUID, own: Mapping[UUID, Deficiencies], baseline: Sequence[Mapping[str, Any]] = ()
) -> Problem:
    """Return what is asked; the number of statements does not depend on how much of it there is.

    Left out: what is excluded, and what was published already, whose people's time is held and so taken.
    """
    campaign = get_campaign(uow, campaign_id)
    members = members_asked(uow, campaign_id)
    items = [one for one in items_of(uow, campaign_id) if one.excluded_at is None and one.operation_id is None]
    grid, hours = campaign.grid, campaign_hours(campaign)
    coming = run(grid.touched((uow.now, uow.now + LEAST_AHEAD))[1], grid.count)
    places = {one.business.premises_id: one.business for one in items}
    people = goers(uow, campaign, members, hours)
    demand_pinned(items, people)
    asked = Asked(
        begins_at=grid.begins_at.astimezone(HOME),
        days=campaign.days,
        briefing=campaign.briefing,
        per_shift=campaign.per_shift,
        meeting=[Place(one.name, point(one.latitude, one.longitude)) for one in campaign.meeting_places],
        places=[Place(str(key), point(one.latitude, one.longitude)) for key, one in sorted(places.items())],
        senders=senders(members, items),
        goers=people,
        visits=visits(uow, campaign, items, members, hours & coming, own),
        baseline=baseline,
    )
    return problem_of(asked)


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


def who_goes(uow: UnitOfWork, members: Sequence[MemberLine]) -> list[StaffLine]:
    """Return who may be asked: the inspectors of each member, or of its units; everybody where it has none.

    A person once.
    """
    units = {one.authority_id: frozenset(one.unit_ids) for one in members}
    staff = [
        one
        for one in staff_of(uow, set(units), STAFF)
        if not units[one.authority_id] or one.unit_id in units[one.authority_id]
    ]
    with_inspectors = {one.authority_id for one in staff if INSPECTOR in one.roles}
    found = [one for one in staff if INSPECTOR in one.roles or one.authority_id not in with_inspectors]
    return list({one.person_id: one for one in sorted(found, key=lambda one: str(one.authority_id))}.values())


def goers(uow: UnitOfWork, campaign: CampaignCard, members: Sequence[MemberLine], hours: int) -> list[Goer]:
    """Return people with when they may be free: known shifts, and the campaign's hours where nobody knows of any."""
    grid = campaign.grid
    staff = sorted(who_goes(uow, members), key=lambda one: str(one.person_id))
    told = told_of(uow, {one.person_id for one in staff}, grid, UUID(int=0))
    carried = carried_by(uow, campaign, {one.person_id for one in staff})
    wanted = {one.competence for one in members if one.competence}
    found = []
    for one in staff:
        free = free_of(told.get(one.person_id, Told()), hours).maybe & hours
        if one.until_on is not None:
            free &= grid.of_days(day for day, _, _ in grid.each_day() if day <= one.until_on)
        teams = {team_skill(name) for name, people in campaign.teams.items() if str(one.person_id) in people}
        able = tuple(sorted(teams | (wanted & set(one.competences))))
        load = carried.get(one.person_id, 0)
        found.append(Goer(str(one.person_id), str(one.authority_id), list(runs_of(free)), load, able))
    return found


def carried_by(uow: UnitOfWork, campaign: CampaignCard, people: set[UUID]) -> dict[UUID, int]:
    """Return how many minutes people were held for visits in the days before the campaign that count."""
    found: dict[UUID, int] = {}
    if campaign.load_days:
        ends_at = campaign.grid.begins_at
        for one in bookings_between(uow, people, ends_at - timedelta(days=campaign.load_days), ends_at):
            minutes = int((one.ends_at - one.starts_at) / timedelta(minutes=1))
            found[one.person_id] = found.get(one.person_id, 0) + minutes
    return found


def team_skill(team: str) -> str:
    """Return what the people of a team have and others have not."""
    return f"team-{team}"


def visits(
    uow: UnitOfWork,
    campaign: CampaignCard,
    items: Sequence[ItemLine],
    members: Sequence[MemberLine],
    hours: int,
    own: Mapping[UUID, Deficiencies],
) -> list[WantedVisit]:
    """Return the visits that are wanted, each with its opening hours, whom it needs and how much speaks for it."""
    ids = {one.business.id for one in items}
    open_hours, before = opening_hours_of(uow, ids), earlier_starts(uow, ids)
    known = {one.facts.id: one for one in list_candidates(uow, Wanted(), Seek(1), own, sorted(ids)).chosen}
    grid = campaign.grid
    found = []
    for one in sorted(items, key=lambda item: str(item.id)):
        candidate = known.get(one.business.id)
        risk = candidate.score.total if candidate else 1
        minutes = [int((at - grid.begins_at) / timedelta(minutes=1)) % WEEK for at in before.get(one.business.id, ())]
        there = {m.authority_id: m.people for m in members}
        asked = {str(key): there[key] for key in one.authorities if key in there}
        found.append(
            WantedVisit(
                key=str(one.id),
                place=str(one.business.premises_id),
                minutes=one.minutes,
                open=list(runs_of(open_of(grid, open_hours.get(one.business.id, ())) & hours)),
                asked=asked or {str(key): 1 for key in one.authorities},
                risk=risk,
                mandatory=one.mandatory,
                before=tuple(sorted(minutes)),
                pinned=pinned(grid, one),
                able=able_at(campaign, members, one),
                due=due_at(grid, one),
            )
        )
    return found


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
