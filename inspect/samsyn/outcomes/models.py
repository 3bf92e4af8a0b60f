"""Outcomes and follow-ups lie, as versions, in their authority's silo; an outcome names the findings it rests on.

Nothing here has a key to a test purchase, and what an outcome rests on is a key to a finding: a test purchase cannot
be named (LTLP 7:23, LTN 38 §, AlkL 9:15 b).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base
from samsyn.core.keeping_kinds import KEPT_OUTCOME
from samsyn.core.outcome_kinds import FOLLOW_UP, GROUND
from samsyn.outcomes.rules import DecidedBy, FollowUpState, OutcomeState

PART = ["part_id", "visit_id", "operation_id", "authority_id"]
TO_PART = ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"]


class Outcome(Base):
    """One version of what an authority proposes or decided. Never updated: a change is a new version.

    ``operator_id``: whom it is directed at, as the register had it; earlier outcomes are looked up by it.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        UniqueConstraint("outcome_id", "version", "part_id"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            "state <> 'decided' OR (decided_by IS NOT NULL AND decided_on IS NOT NULL AND length(decider) > 0"
            " AND length(delegation) > 0 AND length(case_number) > 0)",
            name="decided_by_whom",
        ),
        CheckConstraint("(state = 'withdrawn') = (length(reason) > 0)", name="withdrawn_with_reason"),
        CheckConstraint("length(text) <= 4000 AND length(reason) <= 4000", name="text_length"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_outcome_part_id", "part_id"),
        Index("ix_outcome_authority_id_operator_id", "authority_id", "operator_id"),
    )
    kind = KEPT_OUTCOME
    outcome_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    tool: Mapped[str]
    state: Mapped[OutcomeState]
    text: Mapped[str]
    amount: Mapped[int | None]
    heard_on: Mapped[date | None]
    until_on: Mapped[date | None]
    decided_by: Mapped[DecidedBy | None]
    decider: Mapped[str]
    delegation: Mapped[str]
    decided_on: Mapped[date | None]
    case_number: Mapped[str]
    reason: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class OutcomeFinding(Base):
    """A finding, in the version that was seen, that one version of an outcome rests on; of the same part alone."""

    __tablename__ = "outcome_finding"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        ForeignKeyConstraint(
            ["outcome_id", "version", "part_id"],
            ["outcome.outcome_id", "outcome.version", "outcome.part_id"],
            ondelete="CASCADE",
        ),
        # What is weeded by an authority's decision takes its names along; the outcome stands.
        ForeignKeyConstraint(
            ["finding_id", "finding_version"], ["finding.finding_id", "finding.version"], ondelete="CASCADE"
        ),
        Index("ix_outcome_finding_finding_id", "finding_id", "finding_version"),
    )
    kind = GROUND
    outcome_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    finding_id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_version: Mapped[int]
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]


class FollowUp(Base):
    """One version of what somebody of the own staff sees to, of a finding or of an outcome. Never updated."""

    __tablename__ = "follow_up"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        ForeignKeyConstraint(["owner_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        # What is weeded by an authority's decision takes what followed it up along.
        ForeignKeyConstraint(
            ["finding_id", "finding_version"], ["finding.finding_id", "finding.version"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["outcome_id", "outcome_version", "part_id"],
            ["outcome.outcome_id", "outcome.version", "outcome.part_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            "num_nonnulls(finding_id, outcome_id) = 1 AND (finding_id IS NULL) = (finding_version IS NULL)"
            " AND (outcome_id IS NULL) = (outcome_version IS NULL)",
            name="of_one",
        ),
        CheckConstraint("state <> 'dropped' OR length(reason) > 0", name="dropped_with_reason"),
        CheckConstraint("length(text) <= 2000 AND length(reason) <= 2000", name="text_length"),
        Index("ix_follow_up_part_id", "part_id"),
        Index("ix_follow_up_authority_id_due_on", "authority_id", "due_on"),
        Index("ix_follow_up_finding_id_finding_version", "finding_id", "finding_version"),
        Index("ix_follow_up_outcome_id_outcome_version", "outcome_id", "outcome_version"),
    )
    kind = FOLLOW_UP
    follow_up_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    finding_id: Mapped[UUID | None]
    finding_version: Mapped[int | None]
    outcome_id: Mapped[UUID | None]
    outcome_version: Mapped[int | None]
    owner_id: Mapped[UUID]
    due_on: Mapped[date]
    state: Mapped[FollowUpState]
    text: Mapped[str]
    reason: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
