"""The trail: who did what to which object. Ids only; append-only; sealed later by one process."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base
from samsyn.core.house_kinds import AUDIT


class Audit(Base):
    """One act. Partitioned by year; the transaction id (``xid``) that the sealer reads is the database's own column."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_object_authority_id_at", "object_authority_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )
    kind = AUDIT
    at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_authority_id: Mapped[UUID]
    actor_person_id: Mapped[UUID | None]
    action: Mapped[str]
    object_authority_id: Mapped[UUID]
    object_id: Mapped[UUID]
    reason: Mapped[str | None]
