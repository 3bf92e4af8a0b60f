"""Counts that a silo hands in; a number, never a row of what was counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base
from samsyn.core.house_kinds import TALLY


class Tally(Base):
    """How many of a measure an authority did in a quarter ("2026-Q4"), in a dimension ("" is all)."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)
    kind = TALLY
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    frozen_at: Mapped[datetime | None]
