"""A month's sample of the trail, and alarms; which acts they are about is said by ids alone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.review_kinds import DRAWN, REVIEW
from samsyn.reviews.rules import Alarm, Handling, Verdict


class LogMonth(Base):
    """That a month's sample was drawn: with which seed, how many of how many lines; so anybody can draw it again."""

    __tablename__ = "log_month"
    kind = DRAWN
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    seed: Mapped[str]
    drawn: Mapped[int]
    of_lines: Mapped[int]
    drawn_by: Mapped[UUID]
    drawn_at: Mapped[datetime]


class LogSample(Base):
    """One drawn line of the trail, and what the reviewer says of it."""

    __tablename__ = "log_sample"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id", "month"], ["log_month.authority_id", "log_month.month"]),
        CheckConstraint("length(note) <= 2000", name="note_length"),
        CheckConstraint("(verdict IS NULL) = (ticked_at IS NULL)", name="ticked"),
        Index("ix_log_sample_authority_id_month_position", "authority_id", "month", "position"),
    )
    kind = REVIEW
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    audit_id: Mapped[UUID] = mapped_column(primary_key=True)
    audit_at: Mapped[datetime]
    month: Mapped[date]
    position: Mapped[int]
    verdict: Mapped[Verdict | None]
    note: Mapped[str | None]
    ticked_by: Mapped[UUID | None]
    ticked_at: Mapped[datetime | None]


class LogAlarm(Keyed, Base):
    """Unusual reading by one person in one hour, by one rule; handled once."""

    __tablename__ = "log_alarm"
    __table_args__ = (
        UniqueConstraint("authority_id", "alarm", "person_id", "starts_at", "subject_id"),
        CheckConstraint("length(note) <= 2000", name="note_length"),
        CheckConstraint("(handling IS NULL) = (handled_at IS NULL)", name="handled"),
        Index("ix_log_alarm_authority_id_starts_at", "authority_id", "starts_at"),
    )
    kind = REVIEW
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    alarm: Mapped[Alarm]
    person_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    subject_id: Mapped[UUID]
    """The business or the visit that it is about, else the person."""
    n: Mapped[int]
    usual: Mapped[int]
    """What is usual for the person or the unit, the larger; 0 where the rule compares with nothing."""
    raised_at: Mapped[datetime]
    handling: Mapped[Handling | None]
    note: Mapped[str | None]
    handled_by: Mapped[UUID | None]
    handled_at: Mapped[datetime | None]


class LogWatch(Base):
    """How far an authority's trail was looked through for alarms."""

    __tablename__ = "log_watch"
    kind = REVIEW
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    looked_until: Mapped[datetime]
