"""Read the newest version of a letter."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import null, select

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import may_read
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
