"""Findings and their pictures as the own authority reads them, with the question as it was when it was answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import may_read
from samsyn.findings.models import CheckPoint, Evidence, Finding
from samsyn.findings.rules import Answer


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One version of a finding. ``question`` and ``law`` are empty for a free observation.

    ``conflict``: its writer had not seen the version before it; both stand in the history.
    """

    finding_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    unit_id: UUID | None
    check_point: str | None
    question: str
    law: str
    answer: Answer
    serious: bool
    text: str
    marking: str | None
    unit_only: bool
    written_by: UUID
    observed_at: datetime
    written_at: datetime
    conflict: bool
    pictures: int


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A picture of a finding; ``size`` in bytes."""

    id: UUID
    finding_id: UUID
    media_type: str
    size: int
    written_by: UUID
    written_at: datetime


def findings_of_visit(uow: UnitOfWork, visit_id: UUID, language: str = "sv") -> list[FindingLine]:
    """Newest version of each finding of the own authority at a visit, by check point, free ones last (audited)."""
    return findings_of_visits(uow, {visit_id}, language)


def findings_of_visits(uow: UnitOfWork, visits: Collection[UUID], language: str = "sv") -> list[FindingLine]:
    """The same of several visits in one statement; one line in the trail for each visit of which something was read."""
    may_read(uow)
    found = newest(uow, Finding.visit_id.in_(visits), language)
    for visit_id in sorted({line.visit_id for line in found}):
        record(uow, "finding.read", visit_id)
    return found


def findings_in_both(uow: UnitOfWork, visit_id: UUID) -> list[tuple[FindingLine, str]]:
    """The same of one visit with each question in Swedish, and beside it the question in English (audited)."""
    found = findings_of_visit(uow, visit_id, "sv")
    english = {line.finding_id: line.question for line in newest(uow, Finding.visit_id == visit_id, "en")}
    return [(line, english.get(line.finding_id, "")) for line in found]


def history_of_finding(uow: UnitOfWork, finding_id: UUID, language: str = "sv") -> list[FindingLine]:
    """Every version, oldest first (audited); ``NotFoundError`` where it is absent or another authority's."""
    may_read(uow)
    rows = lines(language).where(Finding.finding_id == finding_id).order_by(Finding.version)
    found = [FindingLine(*row) for row in uow.session.execute(rows)]
    if not found:
        raise NotFoundError("no such finding")
    record(uow, "finding.read", found[0].visit_id)
    return found


def evidence_of_finding(uow: UnitOfWork, finding_id: UUID) -> list[EvidenceLine]:
    """The pictures of a finding of the own authority, oldest first; what they show is ``read_evidence``."""
    return _pictures(uow, Evidence.finding_id == finding_id)


def evidence_of_part(uow: UnitOfWork, part_id: UUID) -> dict[UUID, list[EvidenceLine]]:
    """The pictures of a part of the own authority by finding, oldest first; one statement."""
    found: dict[UUID, list[EvidenceLine]] = {}
    for line in _pictures(uow, Evidence.part_id == part_id):
        found.setdefault(line.finding_id, []).append(line)
    return found


def evidence_of_visit(uow: UnitOfWork, visit_id: UUID) -> dict[UUID, list[EvidenceLine]]:
    """The pictures of a visit of the own authority by finding, oldest first, without those that were redacted."""
    redacted = select(Evidence.redacts_id).where(Evidence.visit_id == visit_id, Evidence.redacts_id.is_not(None))
    found: dict[UUID, list[EvidenceLine]] = {}
    for line in _pictures(uow, and_(Evidence.visit_id == visit_id, Evidence.id.not_in(redacted))):
        found.setdefault(line.finding_id, []).append(line)
    return found


def versions_of_part(uow: UnitOfWork, part_id: UUID, language: str = "sv") -> dict[UUID, list[FindingLine]]:
    """Every version of every finding of a part of the own authority by finding, oldest first; one statement.

    Writes nothing in the trail: it goes with ``checklist_of_part``, which does.
    """
    may_read(uow)
    found: dict[UUID, list[FindingLine]] = {}
    for row in uow.session.execute(lines(language).where(Finding.part_id == part_id).order_by(Finding.version)):
        line = FindingLine(*row)
        found.setdefault(line.finding_id, []).append(line)
    return found


def newest(uow: UnitOfWork, which: ColumnElement[bool], language: str) -> list[FindingLine]:
    """Newest version of each finding that fulfils a condition, in reading order; writes nothing in the trail."""
    rows = lines(language).ext(distinct_on(Finding.finding_id)).where(which)
    found = uow.session.execute(rows.order_by(Finding.finding_id, Finding.version.desc()))
    return sorted((FindingLine(*row) for row in found), key=reading_order)


def reading_order(line: FindingLine) -> tuple[str, bool, str, datetime, str]:
    """Return what findings are sorted by: visit, check point (free ones last), time, key."""
    return (
        str(line.visit_id),
        line.check_point is None,
        line.check_point or "",
        line.observed_at,
        str(line.finding_id),
    )


def _pictures(uow: UnitOfWork, which: ColumnElement[bool]) -> list[EvidenceLine]:
    may_read(uow)
    e = Evidence
    columns = select(e.id, e.finding_id, e.media_type, e.size, e.written_by, e.written_at)
    rows = columns.where(which).order_by(e.written_at, e.id)
    return [EvidenceLine(*row) for row in uow.session.execute(rows)]


def lines(language: str) -> Select[*tuple[Any, ...]]:
    """Return every version of every finding in the columns of ``FindingLine``."""
    f, p = Finding, CheckPoint
    asked = p.text_en if language == "en" else p.text_sv
    pictures = (
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.finding_id == f.finding_id)
        .correlate(f)
        .scalar_subquery()
    )
    return select(
        f.finding_id,
        f.version,
        f.part_id,
        f.visit_id,
        f.unit_id,
        f.check_point,
        func.coalesce(asked, ""),
        func.coalesce(p.law, ""),
        f.answer,
        f.serious,
        f.text,
        f.marking,
        f.unit_only,
        f.written_by,
        f.observed_at,
        f.written_at,
        f.base_version < f.version - 1,
        pictures,
    ).outerjoin(p, and_(p.checklist_id == f.checklist_id, p.n == f.checklist_n, p.code == f.check_point))
