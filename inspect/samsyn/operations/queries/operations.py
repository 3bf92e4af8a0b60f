"""Read operations and who takes part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, OperationOrder, Participation, StateReached, Visit, VisitTarget
from samsyn.operations.rules import OperationState


@dataclass(frozen=True, slots=True)
class OperationCard:
    """An operation as every participant may see it: nothing that tells where it goes."""

    id: UUID
    lead_id: UUID
    collaboration_id: UUID
    code_word: str
    state: OperationState
    ad_hoc: bool
    in_danger: bool
    starts_at: datetime
    ends_at: datetime
    meets_at: datetime | None
    meeting_place: str | None
    lead_person_id: UUID | None
    changed_at: datetime
    version: int

    @property
    def begins_at(self) -> datetime:
        """When the people are wanted: the meeting, or the start where none is set."""
        return self.meets_at or self.starts_at


@dataclass(frozen=True, slots=True)
class ParticipationLine:
    """An authority that takes part; the lead sees all, the others their own."""

    authority_id: UUID
    required: bool
    minimum: int
    withdrawn: bool


def card(row: Operation) -> OperationCard:
    """Copy a mapped row into the public type."""
    return OperationCard(
        row.id,
        row.lead_id,
        row.collaboration_id,
        row.code_word,
        row.state,
        row.ad_hoc,
        row.in_danger,
        row.starts_at,
        row.ends_at,
        row.meets_at,
        row.meeting_place,
        row.lead_person_id,
        row.changed_at,
        row.version,
    )


def card_columns() -> tuple[InstrumentedAttribute[Any], ...]:
    """Return what a list asks for: a card is made from such a row without a mapped object between."""
    return tuple(getattr(Operation, one.name) for one in fields(OperationCard))


def find_operation(uow: UnitOfWork, operation_id: UUID) -> Operation:
    """Return the mapped row; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Operation, operation_id)
    if row is None:
        raise NotFoundError("no such operation")
    return row


def get_operation(uow: UnitOfWork, operation_id: UUID) -> OperationCard:
    """Return one operation; ``NotFoundError`` where it is hidden or absent."""
    return card(find_operation(uow, operation_id))


def list_operations(
    uow: UnitOfWork,
    seek: Seek,
    *,
    between: tuple[datetime, datetime] | None = None,
    states: frozenset[OperationState] = frozenset(),
    led_by_me: bool | None = None,
    text: str = "",
) -> Page[OperationCard]:
    """Operations that the viewer's authority takes part in, by start; ``between`` keeps those that overlap it.

    ``text`` keeps those whose code word holds it, or whose order's title does where the viewer may read the order.
    """
    rows = select(Operation).order_by(Operation.starts_at, Operation.id)
    if between is not None:
        rows = rows.where(Operation.starts_at < between[1], Operation.ends_at > between[0])
    if states:
        rows = rows.where(Operation.state.in_(states))
    if led_by_me is not None:
        rows = rows.where((Operation.lead_id == uow.me) == led_by_me)
    if text:
        o = OperationOrder
        titled = select(o.operation_id).where(o.operation_id == Operation.id, o.title.icontains(text, autoescape=True))
        rows = rows.where(or_(Operation.code_word.icontains(text, autoescape=True), titled.exists()))
    if seek.after:
        try:
            after = (datetime.fromisoformat(seek.after[0]), UUID(seek.after[1]))
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where(tuple_(Operation.starts_at, Operation.id) > after)
    cards = [card(row) for row in uow.session.scalars(rows.limit(seek.limit + 1))]
    return cut(cards, seek, lambda c: (c.starts_at.isoformat(), str(c.id)))


def operations_seen(operation_id: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition that another table's row belongs to an operation that the viewer may read."""
    return exists().where(Operation.id == operation_id)


def participations(uow: UnitOfWork, operation_id: UUID) -> list[ParticipationLine]:
    """All that take part, for the lead; the own line for a participant."""
    p = Participation
    rows = select(p).where(p.operation_id == operation_id).order_by(p.authority_id)
    return [
        ParticipationLine(r.authority_id, r.required, r.minimum, r.withdrawn_at is not None)
        for r in uow.session.scalars(rows)
    ]


def operations_of_visits(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, OperationCard]:
    """The operations of some visits that the viewer may see, by visit; one statement."""
    rows = select(Visit.id, Operation).join(Operation, Operation.id == Visit.operation_id).where(Visit.id.in_(visits))
    return {row[0]: card(row[1]) for row in uow.session.execute(rows)}


def operation_ids_of_business(uow: UnitOfWork, business_id: UUID) -> list[UUID]:
    """The operations that go, or went, to a business, as far as the viewer may know."""
    rows = select(VisitTarget.operation_id).where(VisitTarget.business_id == business_id).distinct().limit(200)
    return list(uow.session.scalars(rows))


def states_reached(uow: UnitOfWork, operation_id: UUID) -> dict[OperationState, datetime]:
    """When an operation came to each state that it has been in, the last time; older ones may know only some."""
    rows = select(StateReached.state, StateReached.reached_at).where(StateReached.operation_id == operation_id)
    return {row.state: row.reached_at for row in uow.session.execute(rows.order_by(StateReached.reached_at))}
