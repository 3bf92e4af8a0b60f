"""Read what belongs to many operations at once: one statement each, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from samsyn.access.queries import staff_names
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Assignment, Operation, Participation, Visit, VisitPart, VisitTarget
from samsyn.operations.queries.operations import OperationCard, ParticipationLine, card
from samsyn.operations.queries.parts import PartCard, cards, question
from samsyn.operations.queries.people import PersonLine
from samsyn.operations.queries.people import line as person_line
from samsyn.operations.queries.visits import TARGET, TargetLine, VisitLine
from samsyn.operations.queries.visits import line as visit_line
from samsyn.operations.rules import ENDED

T = TypeVar("T")
MOST = 20_000
"""Rows of one kind; a page asks for at most a hundred operations of at most two hundred visits."""


def by_operation(rows: Iterable[tuple[UUID, T]]) -> dict[UUID, list[T]]:
    """Return things under the operation that they belong to, in their order."""
    found: dict[UUID, list[T]] = {}
    for operation_id, thing in rows:
        found.setdefault(operation_id, []).append(thing)
    return found


def open_operations(uow: UnitOfWork, limit: int = 200) -> list[OperationCard]:
    """Return the operations of the viewer's authority that are neither closed nor called off, by start.

    Where there are more than ``limit``, the earliest are left out: what comes is never crowded out by what was.
    """
    rows = (
        select(Operation)
        .where(Operation.state.not_in(ENDED))
        .order_by(Operation.starts_at.desc(), Operation.id.desc())
        .limit(limit)
    )
    return [card(row) for row in uow.session.scalars(rows)][::-1]


def visits_of_many(uow: UnitOfWork, ids: set[UUID]) -> Mapping[UUID, Sequence[VisitLine]]:
    """Return the visits of operations in the order of their start."""
    rows = select(Visit).where(Visit.operation_id.in_(ids)).order_by(Visit.starts_at, Visit.id).limit(MOST)
    return by_operation((row.operation_id, visit_line(row)) for row in uow.session.scalars(rows))


def targets_of_many(uow: UnitOfWork, ids: set[UUID]) -> Mapping[UUID, Mapping[UUID, TargetLine]]:
    """Return where the visits of operations go, by visit, as far as the viewer may know."""
    rows = uow.session.execute(TARGET.where(VisitTarget.operation_id.in_(ids)).limit(MOST))
    found = by_operation((row.operation_id, TargetLine(*row)) for row in rows)
    return {key: {target.visit_id: target for target in targets} for key, targets in found.items()}


def parts_of_many(uow: UnitOfWork, ids: set[UUID]) -> Mapping[UUID, Sequence[PartCard]]:
    """Return the parts of operations that are not withdrawn; two statements."""
    wanted = VisitPart.operation_id.in_(ids), VisitPart.withdrawn_at.is_(None)
    order = VisitPart.visit_id, VisitPart.authority_id, VisitPart.id
    rows = uow.session.execute(question().where(*wanted).order_by(*order).limit(MOST)).all()
    return by_operation((part.operation_id, part) for part in cards(uow, rows))


def participations_of_many(uow: UnitOfWork, ids: set[UUID]) -> Mapping[UUID, Sequence[ParticipationLine]]:
    """Return who takes part in operations: all for the lead, the own line for a participant."""
    p = Participation
    rows = select(p).where(p.operation_id.in_(ids)).order_by(p.operation_id, p.authority_id).limit(MOST)
    return by_operation(
        (r.operation_id, ParticipationLine(r.authority_id, r.required, r.minimum, r.withdrawn_at is not None))
        for r in uow.session.scalars(rows)
    )


def people_of_many(
    uow: UnitOfWork, ids: set[UUID], authority_id: UUID | None = None
) -> Mapping[UUID, Sequence[PersonLine]]:
    """Return everybody asked for operations (of one authority), withdrawn ones included; two statements."""
    a = Assignment
    rows = select(a).where(a.operation_id.in_(ids)).order_by(a.authority_id, a.role, a.id).limit(MOST)
    people = list(uow.session.scalars(rows.where(a.authority_id == authority_id) if authority_id else rows))
    names = staff_names(uow, {row.person_id for row in people})
    return by_operation((row.operation_id, person_line(row, names)) for row in people)
