"""The trail as the log reviewer of an authority reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from samsyn.audit.models import Audit, SealState
from samsyn.audit.rules import GROUPS
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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the trail is looked for; ``action`` is a group of ``rules.GROUPS`` or one action; ``until`` is not in."""

    person_id: UUID | None = None
    object_id: UUID | None = None
    action: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what it asks of an act."""
        patterns = GROUPS.get(self.action, (escaped(self.action),))
        asked = {
            "person": Audit.actor_person_id == self.person_id if self.person_id else None,
            "object": Audit.object_id == self.object_id if self.object_id else None,
            "action": or_(*(Audit.action.like(p, escape="\\") for p in patterns)) if self.action else None,
            "reason": Audit.reason.ilike(f"%{escaped(self.reason)}%", escape="\\") if self.reason else None,
            "since": Audit.at >= self.since if self.since else None,
            "until": Audit.at < self.until if self.until else None,
        }
        return [condition for condition in asked.values() if condition is not None]


def escaped(said: str) -> str:
    """Return a text that LIKE takes as it is."""
    return said.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


@dataclass(frozen=True, slots=True)
class SealCard:
    """How the sealer fares: when it last chained, since when something waits, when all was checked, what was found."""

    sealed_at: datetime | None
    waiting_since: datetime | None
    head_at: datetime | None
    copied_at: datetime | None
    checked_at: datetime | None
    check_fault: str | None


def seal_card(uow: UnitOfWork) -> SealCard:
    """The sealer's state; the same for everybody, and nothing of what was done."""
    s = SealState
    row = uow.session.execute(
        select(s.sealed_at, s.waiting_since, s.head_at, s.copied_at, s.checked_at, s.check_fault)
    ).one_or_none()
    return SealCard(*row) if row else SealCard(None, None, None, None, None, None)


def list_audit(uow: UnitOfWork, seek: Seek, wanted: AuditFilter | None = None) -> Page[AuditLine]:
    """Newest first; empty for anyone but a log reviewer (the policy says so)."""
    rows = select(
        Audit.id, Audit.at, Audit.actor_authority_id, Audit.actor_person_id, Audit.action, Audit.object_id, Audit.reason
    ).order_by(Audit.at.desc(), Audit.id.desc())
    rows = rows.where(*(wanted.conditions() if wanted else ()))
    if seek.after:
        try:
            at, last = datetime.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((Audit.at < at) | ((Audit.at == at) & (Audit.id < last)))
    lines = [AuditLine(*row) for row in uow.session.execute(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda line: (line.at.isoformat(), str(line.id)))
