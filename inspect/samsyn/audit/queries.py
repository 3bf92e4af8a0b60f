"""The trail as the log reviewer of an authority reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.models import Audit
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act on an object of the viewer's authority."""

    id: UUID
    at: datetime
    actor_authority_id: UUID
    actor_person_id: UUID | None
    action: str
    object_id: UUID
    reason: str | None


def list_audit(uow: UnitOfWork, seek: Seek) -> Page[AuditLine]:
    """Newest first; empty for anyone but a log reviewer (the policy says so)."""
    rows = select(
        Audit.id, Audit.at, Audit.actor_authority_id, Audit.actor_person_id, Audit.action, Audit.object_id, Audit.reason
    ).order_by(Audit.at.desc(), Audit.id.desc())
    if seek.after:
        try:
            at, last = datetime.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((Audit.at < at) | ((Audit.at == at) & (Audit.id < last)))
    lines = [AuditLine(*row) for row in uow.session.execute(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.at.isoformat(), str(line.id)))
