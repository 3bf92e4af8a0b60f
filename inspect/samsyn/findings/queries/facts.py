"""Common facts of a visit, as every authority of the operation reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import VisitFact
from samsyn.findings.rules import Question


@dataclass(frozen=True, slots=True)
class FactLine:
    """One authority's answer to a common question; answers that differ stand beside each other."""

    id: UUID
    authority_id: UUID
    question: Question
    answer: str
    written_by: UUID
    at: datetime


def facts_of_visit(uow: UnitOfWork, visit_id: UUID) -> list[FactLine]:
    """Every answer of every authority at a visit, by question, the latest first; empty for an outsider."""
    f = VisitFact
    rows = (
        select(f.id, f.authority_id, f.question, f.answer, f.written_by, f.at)
        .where(f.visit_id == visit_id)
        .order_by(f.question, f.at.desc(), f.id)
        .limit(500)
    )
    return [FactLine(*row) for row in uow.session.execute(rows)]
