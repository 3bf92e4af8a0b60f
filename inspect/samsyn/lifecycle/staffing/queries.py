"""Read the own authority's places, as many statements for a page of operations as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import StaffLine, list_staff
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.staffing.rules import Slot, Span, candidates, fill, needs_of
from samsyn.operations.queries import (
    HeldTime,
    OperationCard,
    PartCard,
    ParticipationLine,
    PersonLine,
    held_times,
    participations_of_many,
    parts_of_many,
    people_of_many,
)
from samsyn.operations.rules import AssignmentState
from samsyn.planning.queries import AwayTime, times_away

COLLEAGUES: Final = 10_000
"""More than any authority has; the list is not for reading, it is matched with the places."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """The own authority's places in one operation; ``declined``: who said no and could be replaced."""

    operation: OperationCard
    slots: tuple[Slot, ...]
    declined: tuple[PersonLine, ...]

    @property
    def span(self) -> Span:
        """When the people are wanted."""
        return Span(self.operation.begins_at, self.operation.ends_at)

    @property
    def open(self) -> int:
        """How many places nobody holds."""
        return sum(slot.open for slot in self.slots)

    @property
    def unanswered(self) -> tuple[PersonLine, ...]:
        """Who is asked and has not answered."""
        return tuple(p for slot in self.slots for p in slot.people if p.state is AssignmentState.ASKED)


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to the own authority in some operations."""

    parts: Mapping[UUID, Sequence[PartCard]]
    lines: Mapping[UUID, Sequence[ParticipationLine]]
    people: Mapping[UUID, Sequence[PersonLine]]
    staff: Sequence[StaffLine]


def staffing_of(uow: UnitOfWork, operations: Sequence[OperationCard]) -> list[Staffing]:
    """Return the own places in operations, without suggestions; those that want nobody are left out."""
    ids = {one.id for one in operations}
    own = Own(
        parts_of_many(uow, ids),
        participations_of_many(uow, ids),
        people_of_many(uow, ids, uow.me),
        list_staff(uow, uow.me, COLLEAGUES),
    )
    return places(uow.me, operations, own)


def places(me: UUID, operations: Sequence[OperationCard], own: Own) -> list[Staffing]:
    """Match needs and people of one authority; operations that want nobody of it are left out."""
    able = {one.person_id: frozenset(one.competences) for one in own.staff}
    units = {one.person_id: one.unit_id for one in own.staff}
    found = []
    for operation in operations:
        line = next((p for p in own.lines.get(operation.id, ()) if p.authority_id == me), None)
        if line is None or line.withdrawn:
            continue
        parts = [part for part in own.parts.get(operation.id, ()) if part.authority_id == me]
        people = [person for person in own.people.get(operation.id, ()) if person.authority_id == me]
        slots = fill(needs_of(parts, line.minimum if line.required else 0), people, able, units)
        declined = tuple(person for person in people if person.state is AssignmentState.DECLINED)
        if slots or declined:
            found.append(Staffing(operation, tuple(slots), declined))
    return found


def with_candidates(uow: UnitOfWork, rows: Sequence[Staffing]) -> list[Staffing]:
    """Add who could take each place: the own people with the competence whose time is free; three statements."""
    if not rows:
        return []
    staff = list_staff(uow, uow.me, COLLEAGUES)
    between = (
        min(row.span.starts_at for row in rows) - timedelta(days=1),
        max(row.span.ends_at for row in rows) + timedelta(days=1),
    )
    people = {one.person_id for one in staff}
    held, away = held_times(uow, people, between), times_away(uow, people, between)
    return [offered(row, staff, held, away) for row in rows]


def offered(row: Staffing, staff: Sequence[StaffLine], held: Sequence[HeldTime], away: Sequence[AwayTime]) -> Staffing:
    """Return an operation's places with who could take each; who goes already is neither free nor taken."""
    here = {person.person_id for slot in row.slots for person in slot.people}
    others = [one for one in staff if one.person_id not in here]
    slots = []
    for slot in row.slots:
        free, taken = candidates(slot.need, row.span, others, held, away)
        slots.append(replace(slot, free=free, taken=taken))
    return replace(row, slots=tuple(slots))
