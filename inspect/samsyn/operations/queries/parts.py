"""Read what is asked of each authority and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import MUST_GIVE_REASON_FOR_NO_NOTICE, Field
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, PartAnswer, VisitPart
from samsyn.operations.rules import OperationState, PoliceRole, Summary


@dataclass(frozen=True, slots=True)
class PartCard:
    """A question and its answer. ``fields``: what the asked unit (or all units of the authority) supervises."""

    id: UUID
    visit_id: UUID
    operation_id: UUID
    authority_id: UUID
    unit_id: UUID | None
    people: int
    competence: str | None
    withdrawn: bool
    operation_state: OperationState
    accepted: bool | None
    legal_basis: str | None
    police_role: PoliceRole | None
    announced: bool | None
    no_notice_reason: str | None
    handed_in: bool
    nothing_to_report: bool
    summary: Summary
    written_by_id: UUID | None
    version: int
    fields: frozenset[Field]
    handed_in_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def field(self) -> Field | None:
        """The one field, where there is just one."""
        return next(iter(self.fields)) if len(self.fields) == 1 else None

    @property
    def of_police(self) -> bool:
        """Say whether officers act, who need a role each."""
        return Field.POLICE in self.fields

    @property
    def needs_reason(self) -> bool:
        """Say whether coming unannounced must be justified (MB 28:1; JO 2545-2015)."""
        return bool(self.fields & MUST_GIVE_REASON_FOR_NO_NOTICE)


def question() -> Select[VisitPart, PartAnswer, OperationState]:
    """Return the part, its answer (perhaps none) and the operation's state."""
    return (
        select(VisitPart, PartAnswer, Operation.state)
        .join(Operation, Operation.id == VisitPart.operation_id)
        .outerjoin(PartAnswer, PartAnswer.part_id == VisitPart.id)
    )


def cards(uow: UnitOfWork, rows: Sequence[Any]) -> list[PartCard]:
    """Copy rows of ``question`` into the public type; one more statement for the units."""
    units = units_of(uow, {p.authority_id for p, _, _ in rows})
    by_unit = {u.id: frozenset({u.field}) for u in units}
    by_authority: dict[UUID, frozenset[Field]] = {}
    for u in units:
        by_authority[u.authority_id] = by_authority.get(u.authority_id, frozenset()) | {u.field}
    return [
        PartCard(
            p.id,
            p.visit_id,
            p.operation_id,
            p.authority_id,
            p.unit_id,
            p.people,
            p.competence,
            p.withdrawn_at is not None,
            state,
            a.accepted if a else None,
            a.legal_basis if a else None,
            a.police_role if a else None,
            a.announced if a else None,
            a.no_notice_reason if a else None,
            bool(a and a.handed_in_at),
            bool(a and a.nothing_to_report),
            a.summary if a else Summary.PENDING,
            a.written_by_id if a else None,
            a.version if a else 0,
            by_unit.get(p.unit_id) or by_authority.get(p.authority_id, frozenset()),
            a.handed_in_at if a else None,
            a.answered_at if a else None,
        )
        for p, a, state in rows
    ]


def get_part(uow: UnitOfWork, part_id: UUID) -> PartCard:
    """Return one part; ``NotFoundError`` where it is hidden or absent."""
    rows = uow.session.execute(question().where(VisitPart.id == part_id)).all()
    if not rows:
        raise NotFoundError("no such part")
    return cards(uow, rows)[0]


def parts_of(uow: UnitOfWork, operation_id: UUID) -> list[PartCard]:
    """Every part of an operation, by visit and authority."""
    rows = uow.session.execute(
        question()
        .where(VisitPart.operation_id == operation_id)
        .order_by(VisitPart.visit_id, VisitPart.authority_id, VisitPart.id)
        .limit(500)
    ).all()
    return cards(uow, rows)


def worked_with(uow: UnitOfWork, limit: int = 200) -> set[UUID]:
    """The authorities that were asked to a visit which the viewer may see, its own among them."""
    return set(uow.session.scalars(select(VisitPart.authority_id).distinct().limit(limit)))


def answers_given(uow: UnitOfWork, operation_id: UUID) -> list[PartCard]:
    """The parts of an operation that are not withdrawn."""
    return [part for part in parts_of(uow, operation_id) if not part.withdrawn]
