"""The trail: who did what to which object. Ids only; append-only; sealed later by one process."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base
from samsyn.core.house_kinds import AUDIT, SEAL_STATE, SEALED


class Audit(Base):
    """One act. Partitioned by year.

    ``xid`` (the transaction's id) and ``digest`` (``canonical.DIGEST``, computed when it is read) are columns of the
    database's own, for the sealer, and not mapped.
    """

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


class Sealed(Base):
    """One link of the chain: the digest of an act, and the hash over the link before and this one."""

    __tablename__ = "sealed"
    __table_args__ = (UniqueConstraint("n"),)
    kind = SEALED
    audit_id: Mapped[UUID] = mapped_column(primary_key=True)
    audit_at: Mapped[datetime]
    n: Mapped[int] = mapped_column(BigInteger)
    horizon: Mapped[int] = mapped_column(BigInteger)
    """Every transaction below this id had ended when the link was made: nothing older can come any more."""
    digest: Mapped[bytes]
    hash: Mapped[bytes]


class SealHead(Base):
    """The chain's end at a time, signed with a key that is not in the database; also written to a second place."""

    __tablename__ = "seal_head"
    kind = SEALED
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    hash: Mapped[bytes]
    key_name: Mapped[str]
    signature: Mapped[bytes]


class SealState(Base):
    """How the sealer fares: one row, times only."""

    __tablename__ = "seal_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    kind = SEAL_STATE
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    head_at: Mapped[datetime | None]
    copied_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    check_fault: Mapped[str | None]
    """The code of the first fault that the last check found; nothing: it found none."""
