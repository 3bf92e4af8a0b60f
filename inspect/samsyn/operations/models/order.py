"""How the evening goes: the order that people read, the teams that walk it, what is said about the plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import CONTACT_CARD, HELD, ORDER, PLAN, TALK, VISIT_PART
from samsyn.operations.rules import HeldKind, HeldState

LED = ["operation.id", "operation.lead_id"]


class OperationOrder(Base):
    """The operation order (insatsorder): a title that may name trade and place, briefing, stop word, safety note.

    Read from ``open_at`` on by those who go, by planners always, as the target of a visit (OSL 17:1).
    """

    __tablename__ = "operation_order"
    __table_args__ = (ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),)
    kind = ORDER
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    title: Mapped[str | None]
    briefing_at: Mapped[datetime | None]
    stop_word: Mapped[str | None]
    safety_note: Mapped[str | None]
    open_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class Team(Keyed, Base):
    """People who go together through some of an operation's visits; dissolved by ``withdrawn_at``, never deleted."""

    __tablename__ = "team"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        UniqueConstraint("id", "operation_id"),
        UniqueConstraint("operation_id", "name"),
    )
    kind = PLAN
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    name: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class VisitOrder(Base):
    """That a team goes to a visit, and as which of its visits; taken out again by ``withdrawn_at``."""

    __tablename__ = "visit_order"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(["team_id", "operation_id"], ["team.id", "team.operation_id"]),
        ForeignKeyConstraint(["visit_id", "operation_id"], ["visit.id", "visit.operation_id"]),
        CheckConstraint("position BETWEEN 1 AND 200", name="position"),
        Index("ix_visit_order_operation_id", "operation_id"),
    )
    kind = VISIT_PART
    team_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    position: Mapped[int]
    withdrawn_at: Mapped[datetime | None]


class TeamMember(Base):
    """In which team a person goes; nobody's row means every visit. The lead's row, beside the person's own answer."""

    __tablename__ = "team_member"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(["team_id", "operation_id"], ["team.id", "team.operation_id"]),
        Index("ix_team_member_operation_id", "operation_id"),
    )
    kind = PLAN
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    team_id: Mapped[UUID | None]


class Message(Keyed, Base):
    """What is said about the plan between those who take part; never about findings."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_message_operation_id_at", "operation_id", "at"),
    )
    kind = TALK
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text: Mapped[str]
    at: Mapped[datetime]


class ContactCard(Base):
    """A number to tap on the evening, given by the own authority; read by those who may read the order."""

    __tablename__ = "contact_card"
    __table_args__ = (
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
    )
    kind = CONTACT_CARD
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID]
    phone: Mapped[str]
    shown_as: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class HeldAction(Keyed, Base):
    """A step that tells people, held for ten seconds so that its maker may take it back before anything leaves."""

    __tablename__ = "held_action"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_held_action_operation_id", "operation_id"),
    )
    kind = HELD
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operation.id"))
    action: Mapped[HeldKind]
    command: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[HeldState]
    refusal: Mapped[str | None]
    ended_at: Mapped[datetime | None]
