"""When people can, as their own authority keeps it; ``unavailable`` is what others may learn of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import OWN, TEMPLATE, UNAVAILABLE
from samsyn.planning.rules import LeaveKind, TemplateKind, Unavailability

STAFF = ["staff.person_id", "staff.authority_id"]
BOUNDED = "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)"


class Shift(Keyed, Base):
    """Working time of a person, in one authority; taken back by ``withdrawn_at``."""

    __tablename__ = "shift"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_shift_authority_id_person_id", "authority_id", "person_id"),
    )
    kind = OWN
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    withdrawn_at: Mapped[datetime | None]


class Leave(Keyed, Base):
    """Time away; ``leave_kind`` is read by the own authority alone."""

    __tablename__ = "leave"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_leave_authority_id_person_id", "authority_id", "person_id"),
    )
    kind = OWN
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    leave_kind: Mapped[LeaveKind]
    withdrawn_at: Mapped[datetime | None]


class BusyTime(Keyed, Base):
    """Time taken in a person's own calendar: start, end and when it was read; never a title. Rewritten whole."""

    __tablename__ = "busy_time"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_busy_time_authority_id_person_id", "authority_id", "person_id"),
    )
    kind = OWN
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    fetched_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Unavailable(Keyed, Base):
    """That a person cannot, or that nobody knows, as of when; derived, so it may be thrown away and made again."""

    __tablename__ = "unavailable"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_unavailable_authority_id_person_id", "authority_id", "person_id"),
    )
    kind = UNAVAILABLE
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    state: Mapped[Unavailability]
    as_of: Mapped[datetime]


class Template(Keyed, Base):
    """What an authority begins its plans or its answers from; a change is a new version of the same name."""

    __tablename__ = "template"
    __table_args__ = (
        Index(
            "uq_template_authority_id_kind_name_version",
            "authority_id",
            "template_kind",
            "name",
            "version",
            unique=True,
        ),
    )
    kind = TEMPLATE
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    template_kind: Mapped[TemplateKind]
    name: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
