"""What an outcome rests on, without a finding's words: its point, its answer, when it was seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Finding
from samsyn.findings.rules import Answer


@dataclass(frozen=True, slots=True)
class GroundLine:
    """One version of a finding as a ground: no text, so nothing of it is read (R12)."""

    finding_id: UUID
    version: int
    check_point: str | None
    answer: Answer
    observed_at: datetime


def parts_of_findings(uow: UnitOfWork, operation_id: UUID) -> dict[UUID, UUID]:
    """Return the part of each finding of an operation that the viewer may read, by the finding: keys, no word."""
    rows = select(Finding.finding_id, Finding.part_id).where(Finding.operation_id == operation_id).distinct()
    return {row.finding_id: row.part_id for row in uow.session.execute(rows)}


def grounds_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[tuple[UUID, int], GroundLine]:
    """Return every version of some own findings by key and version; one statement."""
    f = Finding
    rows = select(f.finding_id, f.version, f.check_point, f.answer, f.observed_at).where(f.finding_id.in_(ids))
    found = [GroundLine(*row) for row in uow.session.execute(rows)] if ids else []
    return {(one.finding_id, one.version): one for one in found}
