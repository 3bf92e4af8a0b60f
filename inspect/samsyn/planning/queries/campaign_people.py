"""Whom a campaign may send: the members' inspectors, when each may be free, and how much is asked with so many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import StaffLine, staff_of
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries.period import bookings_between
from samsyn.planning.campaigns.asking import Goer
from samsyn.planning.queries.campaigns import CampaignCard, ItemLine, MemberLine
from samsyn.planning.queries.published import Published
from samsyn.planning.queries.told import told_of
from samsyn.planning.slots.bits import united
from samsyn.planning.slots.shifts import days_of
from samsyn.planning.slots.told import Told, free_of

STAFF: Final = 2_000
INSPECTOR: Final = "inspector"
LARGEST: Final = 600_000
"""Visits times people times days whose first plan plain Python makes in about ten seconds, of sixty that it has."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a plan would be: its visits, the people who may be asked, and the days."""

    visits: int
    people: int
    days: int

    @property
    def number(self) -> int:
        """What it takes to make it grows with this."""
        return self.visits * self.people * self.days

    @property
    def too_large(self) -> bool:
        """Say whether it is more than can be planned at once."""
        return self.number > LARGEST


def size_of(uow: UnitOfWork, campaign: CampaignCard, items: Sequence[ItemLine], members: Sequence[MemberLine]) -> Size:
    """Return how large the next plan of a campaign is."""
    wanted = [one for one in items if one.excluded_at is None and one.operation_id is None]
    return Size(len(wanted), len(who_goes(uow, members)), campaign.days)


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


def goers(
    uow: UnitOfWork,
    campaign: CampaignCard,
    members: Sequence[MemberLine],
    hours: int,
    published: Sequence[Published],
) -> tuple[list[Goer], list[Published]]:
    """Return people with when they may be free, and the published visits that are done by such people alone.

    Free: in known shifts, and in the campaign's hours where nobody knows of any; also while they are held for one of
    those visits, whatever their own calendar says of that.
    """
    grid = campaign.grid
    staff = sorted(who_goes(uow, members), key=lambda one: str(one.person_id))
    known = {one.person_id for one in staff}
    done = [one for one in published if one.people <= known]
    told = told_of(uow, known, grid, {one.operation_id for one in done})
    carried = carried_by(uow, campaign, {one.person_id for one in staff})
    wanted = {one.competence for one in members if one.competence}
    found = []
    for one in staff:
        free = free_of(told.get(one.person_id, Told()), hours).maybe & hours
        if one.until_on is not None:
            free &= grid.of_days(day for day, _, _ in grid.each_day() if day <= one.until_on)
        free |= united(grid.touched(visit.held) for visit in done if one.person_id in visit.people)
        teams = {team_skill(name) for name, people in campaign.teams.items() if str(one.person_id) in people}
        able = tuple(sorted(teams | (wanted & set(one.competences))))
        load = carried.get(one.person_id, 0)
        found.append(Goer(str(one.person_id), str(one.authority_id), *days_of(grid, free), load, able))
    return found, done


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
