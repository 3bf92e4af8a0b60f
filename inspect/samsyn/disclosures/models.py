"""Decisions, frozen copies, and what others have asked for. No key to a finding: its id stands in the giver's trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.handover_kinds import ASKED_FOR, GIVERS_WORDS, HANDED_OVER, HANDOVER, RECEIPT
from samsyn.disclosures.rules import Decision

VISIT = ["visit_id", "operation_id"]
TO_VISIT = ["visit.id", "visit.operation_id"]
TO_UNIT = ["to_unit_id", "to_id"]
UNIT = ["unit.id", "unit.authority_id"]
ACT = ["disclosure_id", "from_id"]
TO_ACT = ["disclosure.id", "disclosure.from_id"]


class InformationRequest(Keyed, Base):
    """What one authority asks another for of one visit; answered by a disclosure or a refusal."""

    __tablename__ = "information_request"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="another"),
        CheckConstraint("length(question) BETWEEN 1 AND 4000", name="question_length"),
        Index("ix_information_request_to_id", "to_id"),
        Index("ix_information_request_from_id", "from_id"),
    )
    kind = ASKED_FOR
    from_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    law: Mapped[str]
    question: Mapped[str]
    reference: Mapped[str]
    asked_by: Mapped[UUID]
    asked_name: Mapped[str]
    at: Mapped[datetime]


class Disclosure(Keyed, Base):
    """One decision: granted (with copies) or refused (with a reason). ``to_id`` null: everybody, basis PUBLIC.

    Read by who gave it and, until it is withdrawn, by who received it. ``unit_id`` and ``unit_only`` bind the giver's
    own readers, ``to_unit_id`` those of a receiver that has many units (R1).
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        ForeignKeyConstraint(VISIT, TO_VISIT),
        ForeignKeyConstraint(TO_UNIT, UNIT),
        UniqueConstraint("id", "from_id"),
        CheckConstraint("from_id IS DISTINCT FROM to_id", name="another"),
        CheckConstraint("decision <> 'granted' OR (to_id IS NULL) = (legal_basis = 'PUBLIC')", name="public"),
        CheckConstraint("decision <> 'refused' OR (to_id IS NOT NULL AND reason <> '')", name="refused"),
        Index("ix_disclosure_from_id_at", "from_id", "at"),
        Index("ix_disclosure_to_id_at", "to_id", "at"),
        Index("ix_disclosure_business_id", "business_id"),
    )
    kind = HANDOVER
    from_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    to_unit_id: Mapped[UUID | None]
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    operation_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("information_request.id"))
    decision: Mapped[Decision]
    legal_basis: Mapped[str]
    reason: Mapped[str]
    digest: Mapped[str]
    decider_id: Mapped[UUID]
    decider: Mapped[str]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DisclosedItem(Keyed, Base):
    """A frozen copy of one finding; who reads the decision reads it."""

    __tablename__ = "disclosed_item"
    __table_args__ = (
        ForeignKeyConstraint(ACT, TO_ACT),
        UniqueConstraint("disclosure_id", "position"),
        Index("ix_disclosed_item_business_id", "business_id"),
    )
    kind = HANDED_OVER
    disclosure_id: Mapped[UUID]
    from_id: Mapped[UUID]
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    visit_id: Mapped[UUID]
    position: Mapped[int]
    copy: Mapped[dict[str, Any]]
    digest: Mapped[str]


class DisclosedPicture(Keyed, Base):
    """A picture of a copy: a file of its own, encrypted and addressed for this one decision."""

    __tablename__ = "disclosed_picture"
    __table_args__ = (
        ForeignKeyConstraint(ACT, TO_ACT),
        Index("ix_disclosed_picture_disclosure_id", "disclosure_id"),
    )
    kind = HANDED_OVER
    disclosure_id: Mapped[UUID]
    from_id: Mapped[UUID]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("disclosed_item.id"))
    visit_id: Mapped[UUID]
    position: Mapped[int]
    content_hmac: Mapped[str]
    digest: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    key_name: Mapped[str]


class DisclosureGround(Base):
    """The giver's own words: the balancing, and why it was withdrawn. What was left out may stand in them."""

    __tablename__ = "disclosure_ground"
    __table_args__ = (ForeignKeyConstraint(ACT, TO_ACT),)
    kind = GIVERS_WORDS
    disclosure_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    balancing: Mapped[str]
    withdrawal_reason: Mapped[str]


class DisclosureReceipt(Base):
    """That something was decided between two authorities, and whether it was withdrawn: all that a receiver keeps."""

    __tablename__ = "disclosure_receipt"
    __table_args__ = (
        ForeignKeyConstraint(ACT, TO_ACT),
        ForeignKeyConstraint(TO_UNIT, UNIT),
        Index("ix_disclosure_receipt_to_id_at", "to_id", "at"),
        Index("ix_disclosure_receipt_request_id", "request_id"),
    )
    kind = RECEIPT
    disclosure_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_unit_id: Mapped[UUID | None]
    visit_id: Mapped[UUID]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("information_request.id"))
    decision: Mapped[Decision]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
