"""Read what waits for a second person: the own questions, and those that the viewer may decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from samsyn.approvals.models import Approval, ApprovalDecision, ApprovalUse
from samsyn.approvals.rules import DECIDERS, USABLE, ApprovalKind, State
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A question, how it was decided, and whether the yes was used."""

    id: UUID
    kind: ApprovalKind
    what: str
    address: str
    digest: str
    rows: int
    collaboration_id: UUID | None
    member_id: UUID | None
    person_id: UUID | None
    reason: str
    asked_by_id: UUID
    asked_at: datetime
    expires_at: datetime
    approved: bool | None
    answer: str | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    used_at: datetime | None

    def state(self, now: datetime) -> State:
        """Say how it stands at a moment."""
        if self.decided_at is None:
            return State.WAITING if now < self.expires_at else State.EXPIRED
        if not self.approved:
            return State.REFUSED
        if self.used_at is not None:
            return State.USED
        return State.APPROVED if now < self.decided_at + USABLE else State.LAPSED


def questions() -> Select[*tuple[Any, ...]]:
    """Return the statement of lines, in the order of the type's fields."""
    a, d, u = Approval, ApprovalDecision, ApprovalUse
    columns = (
        *(a.id, a.matter, a.what, a.address, a.digest, a.rows, a.collaboration_id, a.member_id, a.person_id),
        *(a.reason, a.asked_by_id, a.asked_at, a.expires_at),
        *(d.approved, d.reason, d.decided_by_id, d.decided_at, u.used_at),
    )
    joined = select(*columns).outerjoin(d, d.approval_id == a.id).outerjoin(u, u.approval_id == a.id)
    return joined.order_by(a.asked_at.desc(), a.id)


def get_approval(uow: UnitOfWork, approval_id: UUID) -> ApprovalLine:
    """Return one; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.execute(questions().where(Approval.id == approval_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such question")
    return ApprovalLine(*row)


def my_questions(uow: UnitOfWork, limit: int = 50) -> list[ApprovalLine]:
    """What the viewer asked for, the newest first."""
    rows = questions().where(Approval.authority_id == uow.me, Approval.asked_by_id == uow.person).limit(limit)
    return [ApprovalLine(*row) for row in uow.session.execute(rows)]


def to_decide(uow: UnitOfWork, limit: int = 100) -> list[ApprovalLine]:
    """What waits for the viewer's decision: asked for by others, not decided, not over."""
    if not uow.viewer.roles & DECIDERS:
        return []
    rows = questions().where(
        Approval.authority_id == uow.me,
        Approval.asked_by_id != uow.person,
        Approval.expires_at > func.now(),
        ApprovalDecision.approval_id.is_(None),
    )
    return [ApprovalLine(*row) for row in uow.session.execute(rows.limit(limit))]
