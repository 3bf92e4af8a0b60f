"""Read all the operations of a period at once: one statement for each kind of row, whatever their number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from samsyn.core.database import one_of
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import (
    Assignment,
    Booking,
    Operation,
    OperationOrder,
    PartAnswer,
    Participation,
    Visit,
    VisitPart,
    VisitTarget,
)
from samsyn.operations.queries.operations import OperationCard, card_columns
from samsyn.operations.rules import AssignmentState, BookingState, OperationState

MOST: Final = 1000
"""Operations of a period; more than anybody can look at."""
HOLDS: Final = (BookingState.ASKED, BookingState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A visit and, where the viewer may know it, where it goes."""

    operation_id: UUID
    starts_at: datetime
    ends_at: datetime
    business_id: UUID | None
    name: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What is asked of an authority (or one of its units) in an operation, all its visits together.

    ``people`` is the most that one visit wants where the answer is not no. ``silent``: some visit has no answer yet;
    ``said_no``: some answer is no; ``refused``: every answer is.
    """

    operation_id: UUID
    authority_id: UUID
    unit_id: UUID | None
    people: int
    competences: frozenset[str]
    silent: bool
    said_no: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class GoerLine:
    """A person who is asked or goes."""

    assignment_id: UUID
    operation_id: UUID
    authority_id: UUID
    person_id: UUID
    state: AssignmentState
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class BookedLine:
    """A person's time that is held, for whatever it is; ``polled``: for a proposal of a time poll."""

    person_id: UUID
    authority_id: UUID
    starts_at: datetime
    ends_at: datetime
    polled: bool = False


def operations_between(uow: UnitOfWork, starts_at: datetime, ends_at: datetime) -> list[OperationCard]:
    """Operations that overlap a period and are not called off, by start."""
    rows = (
        select(*card_columns())
        .where(Operation.starts_at < ends_at, Operation.ends_at > starts_at)
        .where(Operation.state != OperationState.CANCELLED)
        .order_by(Operation.starts_at, Operation.id)
        .limit(MOST)
    )
    return [OperationCard(*row) for row in uow.session.execute(rows)]


def titles_of(uow: UnitOfWork, operations: Collection[UUID]) -> dict[UUID, str]:
    """Titles of the operations whose order the viewer may read; a title may name a trade and a place."""
    o = OperationOrder
    rows = select(o.operation_id, o.title).where(one_of(o.operation_id, operations), o.title.is_not(None))
    return {operation_id: title for operation_id, title in uow.session.execute(rows) if title}


def places_of(uow: UnitOfWork, operations: Collection[UUID]) -> list[PlaceLine]:
    """The visits of some operations by start, each with its target where the target's own rule lets the viewer know."""
    v, t = Visit, VisitTarget
    rows = (
        select(v.operation_id, v.starts_at, v.ends_at, t.business_id, t.name, t.address)
        .outerjoin(t, t.visit_id == v.id)
        .where(one_of(v.operation_id, operations))
        .order_by(v.starts_at, v.id)
    )
    return [PlaceLine(*row) for row in uow.session.execute(rows)]


def asked_of(uow: UnitOfWork, operations: Collection[UUID]) -> list[AskedLine]:
    """What is asked of each authority in some operations and its answers; withdrawn questions left out."""
    p, a = VisitPart, PartAnswer
    rows = (
        select(
            p.operation_id,
            p.authority_id,
            p.unit_id,
            func.coalesce(func.max(p.people).filter(a.accepted.is_not(False)), 0),
            func.array_agg(p.competence.distinct()).filter(p.competence.is_not(None)),
            func.bool_or(a.accepted.is_(None)),
            func.bool_or(a.accepted.is_(False)),
            func.bool_and(a.accepted.is_(False)),
        )
        .outerjoin(a, a.part_id == p.id)
        .where(one_of(p.operation_id, operations), p.withdrawn_at.is_(None))
        .group_by(p.operation_id, p.authority_id, p.unit_id)
        .order_by(p.operation_id, p.authority_id, p.unit_id)
    )
    return [
        AskedLine(
            operation, authority, unit, people, frozenset(filter(None, competences or ())), silent, said_no, refused
        )
        for operation, authority, unit, people, competences, silent, said_no, refused in uow.session.execute(rows)
    ]


def goers_of(uow: UnitOfWork, operations: Collection[UUID]) -> list[GoerLine]:
    """Everybody who is asked or goes in some operations; who said no or was let go is left out."""
    a = Assignment
    rows = (
        select(
            a.id,
            a.operation_id,
            a.authority_id,
            a.person_id,
            a.state,
            a.starts_at,
            a.ends_at,
            a.changed_at,
        )
        .where(one_of(a.operation_id, operations), a.state.in_((AssignmentState.ASKED, AssignmentState.ACCEPTED)))
        .order_by(a.starts_at, a.id)
    )
    return [GoerLine(*row) for row in uow.session.execute(rows)]


def partakers_of(uow: UnitOfWork, operations: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The authorities that take part in each operation, as far as the viewer may know."""
    p = Participation
    rows = (
        select(p.operation_id, func.array_agg(p.authority_id))
        .where(one_of(p.operation_id, operations), p.withdrawn_at.is_(None))
        .group_by(p.operation_id)
    )
    return {operation_id: frozenset(found) for operation_id, found in uow.session.execute(rows)}


def bookings_between(
    uow: UnitOfWork, people: Collection[UUID], starts_at: datetime, ends_at: datetime
) -> list[BookedLine]:
    """The held times of some people that overlap a period, as far as the viewer may see them, by start."""
    b = Booking
    rows = (
        select(b.person_id, b.authority_id, func.lower(b.during), func.upper(b.during), b.poll_option_id.is_not(None))
        .where(one_of(b.person_id, people), b.state.in_(HOLDS), b.during.overlaps(Range(starts_at, ends_at)))
        .order_by(func.lower(b.during), b.id)
    )
    return [BookedLine(*row) for row in uow.session.execute(rows)]
