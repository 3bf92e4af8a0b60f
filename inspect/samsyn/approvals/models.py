"""Tables of what needs two people; nothing in them is ever changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.approvals.rules import ApprovalKind
from samsyn.core.approval_kinds import APPROVAL, DECISION, USE
from samsyn.core.base import Base, Keyed

OF = ["approval.id", "approval.authority_id"]


class Approval(Keyed, Base):
    """What somebody asks a second person for, with what it was asked for frozen in a digest."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("id", "authority_id"),
        CheckConstraint("length(reason) BETWEEN 1 AND 1000", name="reason_length"),
        CheckConstraint(
            "(matter = 'member') = (collaboration_id IS NOT NULL AND member_id IS NOT NULL)", name="subject"
        ),
        CheckConstraint("(matter = 'return') = (person_id IS NOT NULL)", name="returns"),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_approval_authority_id_asked_at", "authority_id", "asked_at"),
    )
    kind = APPROVAL
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    matter: Mapped[ApprovalKind]
    what: Mapped[str]  # of an export: which list
    address: Mapped[str]  # of an export: where the list is, with its filters
    digest: Mapped[str]  # of list, keys and filters, or of a work address: the yes is good for just that
    rows: Mapped[int]
    collaboration_id: Mapped[UUID | None] = mapped_column(ForeignKey("collaboration.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID | None]  # who left and is to come back
    reason: Mapped[str]
    asked_by_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApprovalDecision(Base):
    """Another person's yes or no; its key makes it one."""

    __tablename__ = "approval_decision"
    __table_args__ = (
        ForeignKeyConstraint(["approval_id", "authority_id"], OF),
        CheckConstraint("length(reason) <= 1000", name="reason_length"),
    )
    kind = DECISION
    approval_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    approved: Mapped[bool]
    reason: Mapped[str | None]
    decided_by_id: Mapped[UUID]
    decided_at: Mapped[datetime]


class ApprovalUse(Base):
    """That the yes was used; its key makes it good once."""

    __tablename__ = "approval_use"
    __table_args__ = (ForeignKeyConstraint(["approval_id", "authority_id"], OF),)
    kind = USE
    approval_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    used_by_id: Mapped[UUID]
    used_at: Mapped[datetime]
