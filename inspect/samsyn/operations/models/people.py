"""Who goes, and the time that holds them. A person is never booked twice: the database refuses it (exclusion)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import ASSIGNMENT
from samsyn.core.time_kinds import BOOKING
from samsyn.operations.rules import AssignmentState, BookingState


class Booking(Keyed, Base):
    """A person's time. Excludes by person over all authorities; who asked stands in the assignment.

    With ``poll_option_id`` it holds a proposal of a time poll, until the poll ends, and there is no assignment.

    The exclusion constraint is SQL of the migration: ``EXCLUDE USING gist (uuidrange(person_id, person_id, '[]')
    WITH &&, during WITH &&) WHERE (state IN ('asked', 'accepted'))``.
    """

    __tablename__ = "booking"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        UniqueConstraint("id", "person_id", "authority_id"),
        UniqueConstraint("poll_option_id", "person_id", "authority_id"),
        # An empty range collides with nobody, an open one with everybody.
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="bounded"),
        Index("ix_booking_authority_id", "authority_id"),
    )
    kind = BOOKING
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    state: Mapped[BookingState]
    poll_option_id: Mapped[UUID | None] = mapped_column(ForeignKey("poll_option.id"))


class Assignment(Keyed, Base):
    """One person at one operation. ``uid`` is the calendar's, made once, for life."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        ForeignKeyConstraint(
            ["booking_id", "person_id", "authority_id"], ["booking.id", "booking.person_id", "booking.authority_id"]
        ),
        UniqueConstraint("operation_id", "person_id", "authority_id"),
        UniqueConstraint("uid"),
        UniqueConstraint("booking_id"),
        Index(
            "uq_assignment_operation_id_person_id_goes",
            "operation_id",
            "person_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'accepted')"),
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_assignment_person_id", "person_id"),
        Index("ix_assignment_operation_id", "operation_id"),
    )
    kind = ASSIGNMENT
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    role: Mapped[str]
    state: Mapped[AssignmentState]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    uid: Mapped[str]
    replaces_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here
