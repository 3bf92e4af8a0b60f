"""Read who goes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from samsyn.access.queries import staff_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, Operation
from samsyn.operations.queries.operations import OperationCard, card, card_columns
from samsyn.operations.rules import BEFORE_ONGOING, ENDED, AssignmentState, OperationState


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person at one operation. ``shown_name`` is empty where the viewer may not see it."""

    assignment_id: UUID
    operation_id: UUID
    lead_id: UUID
    authority_id: UUID
    person_id: UUID
    booking_id: UUID
    role: str
    state: AssignmentState
    starts_at: datetime
    ends_at: datetime
    uid: str
    changed_at: datetime
    version: int
    shown_name: str = ""

    @property
    def goes(self) -> bool:
        """Say whether the person's time is held."""
        return self.state in {AssignmentState.ASKED, AssignmentState.ACCEPTED}


def line(row: Assignment, names: dict[tuple[UUID, UUID], str]) -> PersonLine:
    """Copy a mapped row into the public type."""
    return PersonLine(
        row.id,
        row.operation_id,
        row.lead_id,
        row.authority_id,
        row.person_id,
        row.booking_id,
        row.role,
        row.state,
        row.starts_at,
        row.ends_at,
        row.uid,
        row.changed_at,
        row.version,
        names.get((row.person_id, row.authority_id), ""),
    )


def find_assignment(uow: UnitOfWork, assignment_id: UUID) -> Assignment:
    """Return the mapped row; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Assignment, assignment_id)
    if row is None:
        raise NotFoundError("no such booking")
    return row


def place_columns() -> tuple[InstrumentedAttribute[Any], ...]:
    """Return what a long list asks for: a line is made from such a row without a mapped object between."""
    names = [one.name for one in fields(PersonLine) if one.name not in {"assignment_id", "shown_name"}]
    return (Assignment.id, *(getattr(Assignment, name) for name in names))


def get_assignment(uow: UnitOfWork, assignment_id: UUID) -> PersonLine:
    """Return one person's place in an operation."""
    row = find_assignment(uow, assignment_id)
    return line(row, staff_names(uow, {row.person_id}))


def find_by_uid(uow: UnitOfWork, uid: str) -> PersonLine | None:
    """Return the own authority's place with a calendar UID, or None."""
    row = uow.session.scalar(select(Assignment).where(Assignment.uid == uid, Assignment.authority_id == uow.me))
    return None if row is None else line(row, {})


def people_of(uow: UnitOfWork, operation_id: UUID) -> list[PersonLine]:
    """Everybody asked for an operation, withdrawn ones included, by authority."""
    a = Assignment
    rows = select(a).where(a.operation_id == operation_id).order_by(a.authority_id, a.role, a.id).limit(500)
    people = list(uow.session.scalars(rows))
    names = staff_names(uow, {row.person_id for row in people})
    return [line(row, names) for row in people]


def goes_to(uow: UnitOfWork, operation_id: UUID) -> OperationCard | None:
    """An operation for which the viewer's time is held, until it is closed, cancelled or aborted; else nothing."""
    a = Assignment
    row = uow.session.scalar(
        select(Operation)
        .join(a, a.operation_id == Operation.id)
        .where(
            Operation.id == operation_id,
            Operation.state.not_in(ENDED),
            a.person_id == uow.person,
            a.authority_id == uow.me,
            a.state.in_((AssignmentState.ASKED, AssignmentState.ACCEPTED)),
        )
        .limit(1)
    )
    return None if row is None else card(row)


def is_out(uow: UnitOfWork, operation_id: UUID) -> bool:
    """Say whether the viewer is one who said yes to an operation that goes on."""
    a = Assignment
    place = (
        select(a.id)
        .join(Operation, Operation.id == a.operation_id)
        .where(
            Operation.id == operation_id,
            Operation.state == OperationState.ONGOING,
            a.person_id == uow.person,
            a.authority_id == uow.me,
            a.state == AssignmentState.ACCEPTED,
        )
    )
    return uow.session.scalar(place.limit(1)) is not None


def my_assignments(
    uow: UnitOfWork, after: datetime, before: datetime, limit: int = 2000
) -> list[tuple[PersonLine, OperationCard]]:
    """The viewer's own places in operations that end after one time and begin before another, by start."""
    a, of_place = Assignment, place_columns()
    rows = (
        select(*of_place, *card_columns())
        .join(Operation, Operation.id == a.operation_id)
        .where(a.person_id == uow.person, a.authority_id == uow.me, a.ends_at > after, a.starts_at < before)
        .order_by(a.starts_at, a.id)
        .limit(limit)
    )
    n = len(of_place)
    return [(PersonLine(*row[:n]), OperationCard(*row[n:])) for row in uow.session.execute(rows)]


def coming_places(
    uow: UnitOfWork, person_id: UUID, after: datetime, limit: int = 500
) -> list[tuple[PersonLine, OperationCard]]:
    """A colleague's places whose time is held and begins at a moment or later, by start."""
    return _held_places(uow, person_id, Assignment.starts_at >= after, limit)


def places_during(
    uow: UnitOfWork, person_id: UUID, period: tuple[datetime, datetime], limit: int = 500
) -> list[tuple[PersonLine, OperationCard]]:
    """A colleague's places whose time is held and lies in a period in part, by start."""
    meets = and_(Assignment.starts_at < period[1], Assignment.ends_at > period[0])
    return _held_places(uow, person_id, meets, limit)


def _held_places(
    uow: UnitOfWork, person_id: UUID, when: ColumnElement[bool], limit: int
) -> list[tuple[PersonLine, OperationCard]]:
    """Return what is not over of it, in operations that the viewer sees."""
    a = Assignment
    rows = (
        select(a, Operation)
        .join(Operation, Operation.id == a.operation_id)
        .where(
            a.person_id == person_id,
            a.authority_id == uow.me,
            a.state.in_((AssignmentState.ASKED, AssignmentState.ACCEPTED)),
            when,
            Operation.state.in_(BEFORE_ONGOING | {OperationState.ONGOING}),
        )
        .order_by(a.starts_at, a.id)
        .limit(limit)
    )
    return [(line(place, {}), card(operation)) for place, operation in uow.session.execute(rows)]


def operations_on_site(uow: UnitOfWork, person_id: UUID, after: datetime, limit: int = 500) -> list[OperationCard]:
    """Operations of the own authority's lead that a colleague is to lead on site, and that end after a moment."""
    o = Operation
    rows = select(o).where(
        o.lead_id == uow.me,
        o.lead_person_id == person_id,
        o.ends_at > after,
        o.state.in_(BEFORE_ONGOING | {OperationState.ONGOING}),
    )
    return [card(row) for row in uow.session.scalars(rows.order_by(o.starts_at, o.id).limit(limit))]
