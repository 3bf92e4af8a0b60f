"""Which checklists there are, in their newest version; and which operation a finding or a picture belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from samsyn.authorities.rules import Field
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Checklist, ChecklistVersion, CheckPoint, Evidence, Finding


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A checklist, the number of its newest version and how many questions that one has. ``own``: not the house's."""

    id: UUID
    code: str
    field: Field
    own: bool
    title: str
    n: int
    points: int


def list_checklists(uow: UnitOfWork, language: str = "sv") -> list[ChecklistLine]:
    """Return the house's checklists and the own authority's, by field and code; one statement."""
    c, v, p = Checklist, ChecklistVersion, CheckPoint
    newest = select(v.checklist_id, func.max(v.n).label("n")).group_by(v.checklist_id).subquery()
    rows = (
        select(
            c.id,
            c.code,
            c.field,
            c.authority_id.is_not(None),
            c.title_en if language == "en" else c.title_sv,
            newest.c.n,
            func.count(p.code),
        )
        .join(newest, newest.c.checklist_id == c.id)
        .join(p, (p.checklist_id == c.id) & (p.n == newest.c.n))
        .group_by(c.id, newest.c.n)
        .order_by(c.field, c.code, c.id)
        .limit(200)
    )
    return [ChecklistLine(*row) for row in uow.session.execute(rows)]


def operation_of_finding(uow: UnitOfWork, finding_id: UUID) -> UUID:
    """Return which operation an own finding belongs to, and nothing of it; ``NotFoundError`` if hidden or absent."""
    return only(uow.session.scalar(select(Finding.operation_id).where(Finding.finding_id == finding_id).limit(1)))


def operation_of_evidence(uow: UnitOfWork, evidence_id: UUID) -> UUID:
    """Return which operation an own picture belongs to, and nothing of it; ``NotFoundError`` if hidden or absent."""
    return only(uow.session.scalar(select(Evidence.operation_id).where(Evidence.id == evidence_id)))


def only(found: UUID | None) -> UUID:
    """Return an id that was found; ``NotFoundError`` for none."""
    if found is None:
        raise NotFoundError("no such finding")
    return found
