"""What an authority decided to keep and to remove, what stops it, and what was removed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.keeping_kinds import HOLD, RETENTION_RULE, RUN
from samsyn.retention.rules import DataClass


class RetentionRule(Keyed, Base):
    """A version of an authority's rule for a class; the newest holds. Insert only."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("authority_id", "data_class", "version"),
        CheckConstraint("years BETWEEN 0 AND 100", name="years"),
        CheckConstraint("preserve OR decision_ref <> ''", name="decided"),
    )
    kind = RETENTION_RULE
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    data_class: Mapped[DataClass]
    version: Mapped[int]
    preserve: Mapped[bool]
    years: Mapped[int]
    decision_ref: Mapped[str]
    decided_on: Mapped[date | None]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


class RecordsHold(Keyed, Base):
    """What must not be removed, and why: a business, an operation, or (with neither) everything."""

    __tablename__ = "records_hold"
    __table_args__ = (
        CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason_length"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
        Index("ix_records_hold_authority_id", "authority_id"),
    )
    kind = HOLD
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    business_id: Mapped[UUID | None]
    operation_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None]
    reason: Mapped[str]
    placed_by: Mapped[UUID]
    placed_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str]


class RetentionRun(Keyed, Base):
    """The protocol of one removal: by which decision, who ordered it, which ids. Closed for ever once finished.

    ``files``: what is still to be taken off the disk.
    """

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_authority_id_ordered_at", "authority_id", "ordered_at"),)
    kind = RUN
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    data_class: Mapped[DataClass]
    rule_version: Mapped[int]
    decision_ref: Mapped[str]
    last_year: Mapped[int]
    ordered_by: Mapped[UUID]
    ordered_at: Mapped[datetime]
    removed: Mapped[int]
    objects: Mapped[list[str]] = mapped_column(JSONB)
    files: Mapped[list[str]] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None]
