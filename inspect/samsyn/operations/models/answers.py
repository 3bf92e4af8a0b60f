"""What an authority itself writes about a visit: its answer, who may not take part, that it was there."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.authorities.rules import OF_WORK
from samsyn.core.assistance_kinds import PRESENCE
from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import ANSWER, RECUSAL, TRACE
from samsyn.operations.rules import PoliceRole, Present, Summary


class PartAnswer(Base):
    """The answer to a part: yes or no, legal basis, announced or not and why, handed in, the summary word."""

    __tablename__ = "part_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["part_id", "visit_id", "operation_id", "authority_id"],
            ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"],
        ),
        Index("ix_part_answer_operation_id", "operation_id"),
        Index("ix_part_answer_visit_id", "visit_id"),
    )
    kind = ANSWER
    part_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    written_by_id: Mapped[UUID]
    accepted: Mapped[bool | None]
    legal_basis: Mapped[str | None]
    police_role: Mapped[PoliceRole | None]
    announced: Mapped[bool | None]
    no_notice_reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    nothing_to_report: Mapped[bool]
    summary: Mapped[Summary]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class Recusal(Base):
    """Jäv: a person who declared a conflict of interest for a visit (FL 16-18 §§). The reason stays in the silo."""

    __tablename__ = "recusal"
    __table_args__ = (
        ForeignKeyConstraint(["visit_id", "operation_id"], ["visit.id", "visit.operation_id"]),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
    )
    kind = RECUSAL
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    reason: Mapped[str]
    at: Mapped[datetime]


class VisitTrace(Base):
    """That an authority was at a premises on a date, and in which of its fields; all that leaves a silo of a visit."""

    __tablename__ = "visit_trace"
    __table_args__ = (
        Index("ix_visit_trace_collaboration_id_on_date", "collaboration_id", "on_date"),
        Index("ix_visit_trace_premises_id", "premises_id"),
        CheckConstraint(OF_WORK, name="fields"),
    )
    kind = TRACE
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    premises_id: Mapped[UUID] = mapped_column(ForeignKey("premises.id"))
    on_date: Mapped[date]
    done: Mapped[bool]
    joint_with: Mapped[int]
    shared_before: Mapped[bool]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Presence(Keyed, Base):
    """That somebody came to a visit, left it, or went over to another police role there, and when; a log.

    Nothing is changed: what was wrong has what is right beside it. ``at`` is when it was, ``written_at`` when we heard.
    Going over to help says that somebody asked: the police read it, and who asked where it came of their answer.
    ``after_help``: what follows it, or changes nothing of what the others have read, would say the same; the police
    alone read that.
    """

    __tablename__ = "presence"
    __table_args__ = (
        ForeignKeyConstraint(["visit_id", "operation_id"], ["visit.id", "visit.operation_id"]),
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        CheckConstraint("(what = 'role') = (police_role IS NOT NULL)", name="role"),
        CheckConstraint("(what = 'role') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("length(reason) <= 500", name="reason_length"),
        Index("ix_presence_visit_id", "visit_id"),
        Index("ix_presence_operation_id", "operation_id"),
    )
    kind = PRESENCE
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    what: Mapped[Present]
    police_role: Mapped[PoliceRole | None]
    reason: Mapped[str | None]
    after_help: Mapped[bool] = mapped_column(server_default="false")
    at: Mapped[datetime]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
