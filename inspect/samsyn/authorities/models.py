"""Tables of authorities, units, collaborations; all of it is readable by every signed-in viewer."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.authorities.rules import MOST_GAP_DAYS, USUAL_GAP_DAYS, AuthorityKind, Field
from samsyn.core.approval_kinds import INVITED_MEMBER
from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import (
    AUTHORITY,
    COLLABORATION,
    COLLABORATION_MEMBER,
    REFERENCE,
    STEWARDSHIP,
)


class Authority(Keyed, Base):
    """The secrecy boundary (OSL 8:1). ``spanning``: members of a unit see their unit's silo rows alone.

    ``visit_gap_days``: its planners are warned of another visit to the same place within so many days; 0 for never.
    """

    __tablename__ = "authority"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint(f"visit_gap_days BETWEEN 0 AND {MOST_GAP_DAYS}", name="visit_gap"),
    )
    kind = AUTHORITY
    name: Mapped[str]
    authority_kind: Mapped[AuthorityKind]
    spanning: Mapped[bool] = mapped_column(default=False)
    visit_gap_days: Mapped[int] = mapped_column(server_default=str(USUAL_GAP_DAYS))


class Unit(Keyed, Base):
    """Part of an authority with a field."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("id", "authority_id"), UniqueConstraint("authority_id", "name"))
    kind = REFERENCE
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    field: Mapped[Field]
    name: Mapped[str]


class Collaboration(Keyed, Base):
    """The authorities that signed one cooperation agreement (lag 2023:196, 9 §)."""

    __tablename__ = "collaboration"
    __table_args__ = (UniqueConstraint("name"),)
    kind = COLLABORATION
    name: Mapped[str]
    municipality: Mapped[str]
    founded_by_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))


class CollaborationInvitation(Base):
    """A member's half of taking a new authority in; the invited one writes the other half."""

    __tablename__ = "collaboration_invitation"
    kind = INVITED_MEMBER
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"), primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    invited_at: Mapped[datetime]


class CollaborationMember(Base):
    """An authority's membership, written by itself."""

    __tablename__ = "collaboration_member"
    kind = COLLABORATION_MEMBER
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"), primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True, index=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class Stewardship(Base):
    """Who answers for an authority that has no account yet; ends at its first administrator's sign-in."""

    __tablename__ = "stewardship"
    __table_args__ = (CheckConstraint("steward_id <> authority_id", name="another"),)
    kind = STEWARDSHIP
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    steward_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    ended_at: Mapped[datetime | None]
