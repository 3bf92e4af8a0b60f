"""The plan: what the lead writes. ``lead_id`` is copied down and bound, so that no policy has to look it up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import OPERATION, PARTICIPATION, PLAN, TARGET, VISIT, VISIT_PART
from samsyn.core.record_kinds import REACHED
from samsyn.operations.rules import OperationState, VisitState

__all__ = ["PLAN", "Operation", "Participation", "StateReached", "Visit", "VisitPart", "VisitTarget"]


class Operation(Keyed, Base):
    """One occasion with a lead authority, a period, a meeting place; known outside by a random code word."""

    __tablename__ = "operation"
    __table_args__ = (
        UniqueConstraint("id", "lead_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("meets_at <= starts_at", name="meets_before"),
        Index(
            "uq_operation_code_word_live",
            "code_word",
            unique=True,
            postgresql_where=text("state NOT IN ('closed', 'cancelled', 'aborted')"),
        ),
        Index("ix_operation_starts_at", "starts_at", "id"),
    )
    kind = OPERATION
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    code_word: Mapped[str]
    state: Mapped[OperationState]
    ad_hoc: Mapped[bool]
    in_danger: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    meets_at: Mapped[datetime | None]
    meeting_place: Mapped[str | None]
    lead_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class StateReached(Base):
    """When an operation came to a state, the last time if more than once."""

    __tablename__ = "state_reached"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
    )
    kind = REACHED
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[OperationState] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    reached_at: Mapped[datetime]


class Participation(Base):
    """An authority takes part; ``minimum`` people are its quorum where it is ``required``."""

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        CheckConstraint("minimum BETWEEN 0 AND 50", name="minimum"),
        Index("ix_participation_authority_id", "authority_id"),
    )
    kind = PARTICIPATION
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    lead_id: Mapped[UUID]
    required: Mapped[bool]
    minimum: Mapped[int]
    withdrawn_at: Mapped[datetime | None]


class Visit(Keyed, Base):
    """One time range at one business with several authorities; where it is stands in ``visit_target``."""

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        UniqueConstraint("id", "operation_id", "lead_id"),
        UniqueConstraint("id", "operation_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(state = 'planned') = (ended_at IS NULL)", name="ended"),
        Index("ix_visit_operation_id", "operation_id"),
        Index("ix_visit_starts_at", "starts_at"),
    )
    kind = VISIT
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[VisitState]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class VisitTarget(Base):
    """Where a visit goes, with its own rule of who needs to know and from when (OSL 17:1)."""

    __tablename__ = "visit_target"
    __table_args__ = (
        ForeignKeyConstraint(
            ["visit_id", "operation_id", "lead_id"],
            ["visit.id", "visit.operation_id", "visit.lead_id"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(["business_id", "premises_id"], ["business.id", "business.premises_id"]),
        Index("ix_visit_target_business_id", "business_id"),
        Index("ix_visit_target_operation_id", "operation_id"),
    )
    kind = TARGET
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    business_id: Mapped[UUID]
    premises_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str]
    announced: Mapped[bool]
    open_at: Mapped[datetime]
    safety_note: Mapped[str | None]


class VisitPart(Keyed, Base):
    """The question: what the lead asks of an authority (and one of its units) at a visit."""

    __tablename__ = "visit_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["visit_id", "operation_id", "lead_id"],
            ["visit.id", "visit.operation_id", "visit.lead_id"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        ForeignKeyConstraint(["unit_id", "authority_id"], ["unit.id", "unit.authority_id"]),
        UniqueConstraint("visit_id", "authority_id", "unit_id", postgresql_nulls_not_distinct=True),
        UniqueConstraint("id", "visit_id", "operation_id", "authority_id"),
        CheckConstraint("people BETWEEN 1 AND 50", name="people"),
        Index("ix_visit_part_operation_id", "operation_id"),
    )
    kind = VISIT_PART
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    people: Mapped[int]
    competence: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
