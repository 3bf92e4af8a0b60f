"""Tables of the house itself: the queue, jobs with progress, repeated requests, marks of feeds, the installation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.feed_kinds import FEED_MARK
from samsyn.core.house_kinds import DRAFT, HOUSE, JOB
from samsyn.core.keeping_kinds import TIDY_KEY, TIDY_OUTBOX
from samsyn.core.rules import JobState, OutboxState


class Outbox(Keyed, Base):
    """The queue: a task's name and ids, never content. Acts for the recipient's authority.

    Inserted without RETURNING, hence without server defaults: the maker may not read it back (POLICIES, outbox).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "acts_for_id",
            "task",
            "next_at",
            postgresql_where=text("state IN ('due', 'leased')"),
        ),
        # For the relay, which asks over all authorities.
        Index("ix_outbox_next_at", "next_at", postgresql_where=text("state IN ('due', 'leased')")),
    )
    kind = TIDY_OUTBOX
    task: Mapped[str]
    acts_for_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    subject_id: Mapped[UUID]
    state: Mapped[OutboxState]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    hinted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[UUID | None]


class Job(Keyed, Base):
    """A long piece of work as its owner sees it: the same row feeds the page and the command line."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_reader_id_created_at", "reader_id", "created_at"),)
    kind = JOB
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    task: Mapped[str]
    state: Mapped[JobState]
    done: Mapped[int]
    total: Mapped[int]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]


class IdempotencyKey(Base):
    """The answer once given to a request with a key; a parallel repetition waits at the insert."""

    __tablename__ = "idempotency_key"
    kind = TIDY_KEY
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[str]
    answer: Mapped[str | None]
    at: Mapped[datetime]


class Draft(Keyed, Base):
    """What a person has begun and not sent, such as an import with faults to mend; encrypted, gone after ``until``."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_reader_id_person_id", "reader_id", "person_id"),)
    kind = DRAFT
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    form: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    changed_at: Mapped[datetime]
    until: Mapped[datetime]


class Installation(Base):
    """One row about this installation: what a restore raises every SEQUENCE by, and since when sending is held."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    kind = HOUSE
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    uid_domain: Mapped[str]
    sequence_step: Mapped[int]
    policy_version: Mapped[int]
    held_since: Mapped[datetime | None]


class FeedMark(Base):
    """That a transaction changed a row which feeds are made from; written by triggers alone (``core.feed_marks``)."""

    __tablename__ = "feed_mark"
    __table_args__ = (Index("ix_feed_mark_at", "at"),)
    kind = FEED_MARK
    of_id: Mapped[UUID] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=text("pg_current_xact_id()::text::bigint")
    )
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
