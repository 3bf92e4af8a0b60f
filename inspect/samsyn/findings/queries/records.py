"""What of findings falls under a request to read the authority's records, for the registrar and who decides (R16)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.models import Evidence, Finding, VisitFact
from samsyn.findings.queries.facts import FactLine
from samsyn.findings.queries.lines import EvidenceLine, FindingLine, lines


def demand_keeper(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for who does not examine the authority's records."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")


def findings_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[FindingLine]]:
    """Every version of each own finding at some visits, by finding, oldest first; a line in the trail per visit."""
    demand_keeper(uow)
    found: dict[UUID, list[FindingLine]] = {}
    rows = lines("sv").where(Finding.visit_id.in_(visits)).order_by(Finding.finding_id, Finding.version)
    for row in uow.session.execute(rows):
        line = FindingLine(*row)
        found.setdefault(line.finding_id, []).append(line)
    for visit_id in sorted({versions[0].visit_id for versions in found.values()}):
        record(uow, "finding.read", visit_id)
    return found


def pictures_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> list[EvidenceLine]:
    """The pictures of the own findings at some visits, oldest first, also those that were redacted since."""
    demand_keeper(uow)
    e = Evidence
    columns = select(e.id, e.finding_id, e.media_type, e.size, e.written_by, e.written_at)
    rows = columns.where(e.visit_id.in_(visits)).order_by(e.written_at, e.id)
    return [EvidenceLine(*row) for row in uow.session.execute(rows)]


def facts_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> dict[UUID, list[FactLine]]:
    """Every answer to the common questions at some visits, by visit, oldest first."""
    demand_keeper(uow)
    f = VisitFact
    columns = select(f.visit_id, f.id, f.authority_id, f.question, f.answer, f.written_by, f.at)
    found: dict[UUID, list[FactLine]] = {}
    for row in uow.session.execute(columns.where(f.visit_id.in_(visits)).order_by(f.at, f.id)):
        found.setdefault(row.visit_id, []).append(FactLine(*row[1:]))
    return found
