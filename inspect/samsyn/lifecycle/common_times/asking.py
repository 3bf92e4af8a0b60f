"""What is asked of whom, put as a question in quarters: needs of units, named people, places that have to be open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import Final
from uuid import UUID

from samsyn.access.queries import StaffLine
from samsyn.businesses.queries import OpenLine
from samsyn.core.quarters import QUARTER
from samsyn.lifecycle.common_times.wishes import Hours, Wish, assumed
from samsyn.lifecycle.staffing.rules import GOES_OUT, needs_of
from samsyn.operations.queries import OperationCard, PartCard, ParticipationLine, TargetLine, VisitLine
from samsyn.operations.queries.period import GoerLine
from samsyn.operations.rules import AssignmentState, VisitState
from samsyn.planning.red_days import DayKind
from samsyn.planning.slots.grid import Grid, week_of
from samsyn.planning.slots.search import Door, Free, Named, Need, Question
from samsyn.planning.slots.told import Told, free_of, without

MOST: Final = 200
"""People of one need who are looked at; more could only add times, never take one away."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation with all that a common time depends on, as the lead's planner reads it."""

    operation: OperationCard
    briefing_at: datetime | None
    visits: Sequence[VisitLine]
    targets: Mapping[UUID, TargetLine]
    parts: Sequence[PartCard]
    participations: Sequence[ParticipationLine]
    goers: Sequence[GoerLine]
    staff: Sequence[StaffLine]
    open: Mapping[UUID, Sequence[OpenLine]]

    @property
    def planned(self) -> list[VisitLine]:
        """The visits that are still to be."""
        return [visit for visit in self.visits if visit.state is VisitState.PLANNED]

    @property
    def begins_at(self) -> datetime:
        """From when people are wanted: the meeting or the briefing, whichever is first, else the start."""
        op = self.operation
        return min(one for one in (op.starts_at, op.meets_at, self.briefing_at) if one is not None)

    @property
    def last_visit_ends_at(self) -> datetime:
        """When the last visit ends; without visits the operation."""
        return max((visit.ends_at for visit in self.planned), default=self.operation.ends_at)

    def after_start(self, moment: datetime) -> float:
        """Return how many quarters after the start a moment is."""
        return (moment - self.operation.starts_at) / timedelta(seconds=QUARTER)


class Kind(StrEnum):
    """What an asked one is."""

    PEOPLE = "people"
    PERSON = "person"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Asked:
    """One that is asked, by its key. ``wanted``: as the plan says; ``least``: as it is searched for, 0 for not at all.

    ``seen``: people of the unit, or hours of the place, are there to be read; else it is never sure, or stops nothing.
    """

    key: str
    kind: Kind
    wanted: int
    least: int
    seen: bool
    authority_id: UUID | None = None
    unit_id: UUID | None = None
    competence: str | None = None
    person_id: UUID | None = None
    visit_id: UUID | None = None
    people: tuple[UUID, ...] = ()


def asked_of(plan: Plan, wish: Wish) -> list[Asked]:
    """Return all that is asked, in the order in which it is shown."""
    left_out = wish.without
    people = [
        Asked(
            str(one.assignment_id),
            Kind.PERSON,
            1,
            int(str(one.assignment_id) not in left_out),
            seen=True,
            authority_id=one.authority_id,
            person_id=one.person_id,
            people=(one.person_id,),
        )
        for one in plan.goers
    ]
    places = [
        Asked(
            str(visit.id),
            Kind.PLACE,
            1,
            int(str(visit.id) not in left_out),
            seen=bool(plan.open.get(target.business_id)),
            visit_id=visit.id,
        )
        for visit in plan.planned
        if (target := plan.targets.get(visit.id)) is not None
    ]
    return [*needs_asked(plan, wish), *people, *places]


def needs_asked(plan: Plan, wish: Wish) -> Iterator[Asked]:
    """Yield how many people are wanted of each authority, by unit and competence, as its staffing has it."""
    used: dict[str, int] = {}
    for line in plan.participations:
        if line.withdrawn:
            continue
        parts = [part for part in plan.parts if part.authority_id == line.authority_id]
        for need in needs_of(parts, line.minimum if line.required else 0):
            base = str(need.unit_id or line.authority_id)
            used[base] = used.get(base, 0) + 1
            key = base if used[base] == 1 else f"{base}.{used[base]}"
            mine = [
                one
                for one in plan.staff
                if one.authority_id == line.authority_id and need.unit_id in {None, one.unit_id}
            ]
            yield Asked(
                key,
                Kind.PEOPLE,
                need.wanted,
                wish.least.get(key, need.wanted),
                seen=bool(mine),
                authority_id=line.authority_id,
                unit_id=need.unit_id,
                competence=need.competence,
                people=tuple(one.person_id for one in able(mine, need.competence))[:MOST],
            )


def able(mine: Sequence[StaffLine], competence: str | None) -> Sequence[StaffLine]:
    """Return who of some people can take a place: with the competence; where none is asked for, who goes out."""
    if competence is not None:
        return [one for one in mine if competence in one.competences]
    return [one for one in mine if GOES_OUT & set(one.roles)] or mine


@dataclass
class Everybody:
    """The people of a question by their number, with when each can; who cannot be seen has usual hours, never sure."""

    usual: int
    free: list[Free] = field(default_factory=list)
    number: dict[UUID, int] = field(default_factory=dict)

    def add(self, person_id: UUID, free: Free) -> None:
        """Take a person in."""
        self.number[person_id] = len(self.free)
        self.free.append(free)

    def of(self, asked: Asked) -> tuple[int, ...]:
        """Return the numbers of who could take a need's places."""
        if asked.seen:
            return tuple(self.number[one] for one in asked.people)
        begins = len(self.free)
        self.free += [Free(0, self.usual)] * asked.least
        return tuple(range(begins, len(self.free)))


def question_of(
    plan: Plan,
    wish: Wish,
    asked: Sequence[Asked],
    told: Mapping[UUID, Told],
    days: Mapping[date, DayKind],
    now: datetime,
) -> Question:
    """Return the question; what is asked 0 times is not in it."""
    grid = wish.grid
    everybody = Everybody(assumed(grid, wish.hours, days))
    going = {one.person_id: grid.touched((one.starts_at, one.ends_at)) for one in plan.goers if accepted(one)}
    until = {one.person_id: one.until_on for one in plan.staff}
    for person_id in dict.fromkeys(person for one in asked for person in one.people):
        said = told.get(person_id, Told())
        free = free_of(without(said, going[person_id]) if person_id in going else said, everybody.usual)
        everybody.add(person_id, there(free, grid, until.get(person_id)))
    real = [one for one in asked if one.least]
    needs = tuple(Need(one.key, everybody.of(one), one.least) for one in real if one.kind is Kind.PEOPLE)
    named = tuple(Named(one.key, everybody.of(one)[0]) for one in real if one.kind is Kind.PERSON)
    return Question(
        window=window(grid, wish.hours, everybody),
        before=-floor(plan.after_start(plan.begins_at)),
        lasts=length(plan, wish),
        people=everybody.free,
        needs=needs,
        named=named,
        doors=tuple(doors(plan, grid, {one.visit_id for one in real if one.kind is Kind.PLACE and one.seen})),
        earliest=grid.touched((now, now))[1],
    )


def accepted(goer: GoerLine) -> bool:
    """Say whether somebody said yes, so that the person's own calendar may hold it too."""
    return goer.state is AssignmentState.ACCEPTED


def there(free: Free, grid: Grid, until_on: date | None) -> Free:
    """Return when a person can who leaves after a day."""
    if until_on is None or until_on >= grid.first + timedelta(days=grid.days):
        return free
    days = grid.of_days(grid.first + timedelta(days=n) for n in range((until_on - grid.first).days + 1))
    return Free(free.sure & days, free.maybe & days)


def length(plan: Plan, wish: Wish) -> int:
    """Return how many quarters after the start people are wanted."""
    ends_at = plan.last_visit_ends_at if wish.shorter else plan.operation.ends_at
    return max(1, ceil(plan.after_start(ends_at)))


def slack(plan: Plan) -> int:
    """Return by how many quarters the operation could be shorter, its visits as they are."""
    return max(0, ceil(plan.after_start(plan.operation.ends_at)) - ceil(plan.after_start(plan.last_visit_ends_at)))


def window(grid: Grid, hours: Hours, everybody: Everybody) -> int:
    """Return the hours in which all of it has to lie: shifts that are known are working hours too."""
    if hours is not Hours.WORKING:
        return grid.whole if hours is Hours.ANY else everybody.usual
    found = everybody.usual
    for one in everybody.free:
        found |= one.sure
    return found


def doors(plan: Plan, grid: Grid, asked: Iterable[UUID | None]) -> Iterator[Door]:
    """Yield the places that have to be open while their visits last, where the hours are on record."""
    wanted = set(asked)
    for visit in plan.planned:
        if visit.id in wanted:
            hours = grid.weekly(week_of(plan.open[plan.targets[visit.id].business_id]))
            first, last = plan.after_start(visit.starts_at), plan.after_start(visit.ends_at)
            yield Door(str(visit.id), hours, floor(first), ceil(last))
