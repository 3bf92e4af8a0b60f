"""A test purchase lies in its writer's silo. It has no key to a finding or an outcome, on purpose (LTLP 7:23)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from samsyn.core.base import Base, Keyed
from samsyn.core.keeping_kinds import KEPT_PURCHASE

PART = ["part_id", "visit_id", "operation_id", "authority_id"]
TO_PART = ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"]


class TestPurchase(Keyed, Base):
    """One purchase at a part: what was asked for, whether the age was asked about, when the trader was told."""

    __test__ = False  # no class of tests
    __tablename__ = "test_purchase"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        CheckConstraint("length(asked_for) BETWEEN 1 AND 500", name="asked_for_length"),
        CheckConstraint("told_trader_on >= on_date", name="told_after"),
        Index("ix_test_purchase_part_id", "part_id"),
        Index("ix_test_purchase_authority_id_told_trader_on", "authority_id", "told_trader_on"),
    )
    kind = KEPT_PURCHASE
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    on_date: Mapped[date]
    asked_for: Mapped[str]
    age_asked: Mapped[bool]
    told_trader_on: Mapped[date | None]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
