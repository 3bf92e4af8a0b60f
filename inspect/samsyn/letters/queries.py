"""Read the newest version of a letter; for the authority's records all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, select

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import may_read
from samsyn.findings.queries import demand_keeper
from samsyn.letters.models import NoticeLetter, ResultLetter
from samsyn.letters.rules import Saved


def notice_of(uow: UnitOfWork, visit_id: UUID) -> Saved | None:
    """Return the letter before a visit, to who may read where it goes."""
    t = NoticeLetter
    row = uow.session.execute(
        select(t.version, t.language, t.content, t.sent_on, t.receipt, t.new_time_at, t.written_by, t.written_at)
        .where(t.visit_id == visit_id)
        .order_by(t.version.desc())
        .limit(1)
    ).one_or_none()
    return Saved(*row) if row else None


def result_of(uow: UnitOfWork, part_id: UUID) -> Saved | None:
    """Return the own authority's letter after a visit (audited): it says what was found."""
    may_read(uow)
    t = ResultLetter
    row = uow.session.execute(
        select(t.version, t.language, t.content, t.sent_on, t.receipt, null(), t.written_by, t.written_at)
        .where(t.part_id == part_id)
        .order_by(t.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    record(uow, "letter.read", part_id)
    return Saved(*row)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One version of a letter. ``subject_id``: of the lead's before a visit the visit, of one after it the part."""

    subject_id: UUID
    before: bool
    visit_id: UUID
    operation_id: UUID
    content: Mapping[str, str]
    sent_on: date | None
    receipt: str | None
    written_by: UUID
    written_at: datetime
    version: int
    new_time_at: datetime | None = None
    unit_id: UUID | None = None
    unit_only: bool = False


def letters_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[LetterLine]]:
    """Every version of some visits' letters that the viewer may read, oldest first (R16); logged for each part."""
    demand_keeper(uow)
    n, r = NoticeLetter, ResultLetter
    found: dict[UUID, list[LetterLine]] = {}
    for row in uow.session.scalars(select(n).where(n.visit_id.in_(visits)).order_by(n.visit_id, n.version)):
        notice = LetterLine(subject_id=row.visit_id, before=True, **_of_both(row))
        found.setdefault(row.visit_id, []).append(replace(notice, new_time_at=row.new_time_at))
    results = uow.session.scalars(select(r).where(r.visit_id.in_(visits)).order_by(r.part_id, r.version)).all()
    for result in results:
        said = LetterLine(subject_id=result.part_id, before=False, **_of_both(result))
        said = replace(said, unit_id=result.unit_id, unit_only=result.unit_only)
        found.setdefault(result.part_id, []).append(said)
    for part_id in sorted({result.part_id for result in results}):
        record(uow, "letter.read", part_id)
    return found


def _of_both(row: NoticeLetter | ResultLetter) -> dict[str, Any]:
    """What every letter has."""
    names = ("visit_id", "operation_id", "content", "sent_on", "receipt", "written_by", "written_at", "version")
    return {name: getattr(row, name) for name in names}
