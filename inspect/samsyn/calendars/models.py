"""What each person was told, each attempt at telling, what came back, and feeds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.calendars.rules import Decision, FeedLevel, FeedScope, Happened, Method, NoticeKind, Said, Via
from samsyn.core.base import Base, Keyed
from samsyn.core.feed_kinds import FEED, FEED_BODY, FEED_NAMING, FEED_OPERATION
from samsyn.core.house_kinds import LEDGER, REPLY, REPLY_COMMENT, SETTING, TOLD
from samsyn.core.keeping_kinds import TIDY_INBOUND
from samsyn.core.reply_kinds import REPLY_SETTLED
from samsyn.core.review_kinds import ANY_NOTICE


class Delivery(Keyed, Base):
    """What one person is told about one operation at one version; frozen, so that every sending has the same bytes."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("operation_id", "person_id", "sequence"),
        UniqueConstraint("id", "operation_id", "to_id"),
        ForeignKeyConstraint(["person_id", "to_id"], ["staff.person_id", "staff.authority_id"]),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index("ix_delivery_operation_id", "operation_id"),
        Index("ix_delivery_person_id", "person_id"),
    )
    kind = TOLD
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operation.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    uid: Mapped[str]
    method: Mapped[Method]
    whole: Mapped[bool]
    time_moved: Mapped[bool]
    sequence: Mapped[int]
    code_word: Mapped[str]
    meeting_place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    asks: Mapped[str]
    role: Mapped[str]
    authorities: Mapped[list[str]]
    written_at: Mapped[datetime]


class DeliveryAttempt(Keyed, Base):
    """The ledger: a line per attempt; the state of a delivery is its last line."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["delivery_id", "operation_id", "to_id"], ["delivery.id", "delivery.operation_id", "delivery.to_id"]
        ),
        Index("ix_delivery_attempt_delivery_id", "delivery_id"),
    )
    kind = LEDGER
    delivery_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    to_id: Mapped[UUID]
    attempt: Mapped[int]
    happened: Mapped[Happened]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class Reply(Keyed, Base):
    """What came back, by mail, link or page; history, never changed."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("id", "operation_id", "authority_id"),
        UniqueConstraint("authority_id", "message_hash"),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_reply_operation_id", "operation_id"),
    )
    kind = REPLY
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operation.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    sequence: Mapped[int]
    said: Mapped[Said]
    via: Mapped[Via]
    verified: Mapped[bool]
    message_hash: Mapped[str | None]
    stamped_at: Mapped[datetime | None]
    decision: Mapped[Decision]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class ReplyComment(Base):
    """What a person wrote with the answer: for the own authority and the lead."""

    __tablename__ = "reply_comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reply_id", "operation_id", "authority_id"], ["reply.id", "reply.operation_id", "reply.authority_id"]
        ),
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        CheckConstraint("length(text) <= 1000", name="text_length"),
    )
    kind = REPLY_COMMENT
    reply_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    text: Mapped[str]


class ReplyWish(Base):
    """What a person asked for instead of answering: another time, or that a colleague goes; as the comment is read."""

    __tablename__ = "reply_wish"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reply_id", "operation_id", "authority_id"], ["reply.id", "reply.operation_id", "reply.authority_id"]
        ),
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        ForeignKeyConstraint(["colleague_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="whole"),
        CheckConstraint("starts_at < ends_at", name="forwards"),
        CheckConstraint("starts_at IS NOT NULL OR colleague_id IS NOT NULL", name="something"),
    )
    kind = REPLY_COMMENT
    reply_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    colleague_id: Mapped[UUID | None]


class ReplySettled(Base):
    """That a planner has looked at an answer which nobody may apply by itself, and left things as they are."""

    __tablename__ = "reply_settled"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reply_id", "operation_id", "authority_id"], ["reply.id", "reply.operation_id", "reply.authority_id"]
        ),
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        ForeignKeyConstraint(["person_id", "settled_by_id"], ["staff.person_id", "staff.authority_id"]),
    )
    kind = REPLY_SETTLED
    reply_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    settled_by_id: Mapped[UUID]
    person_id: Mapped[UUID]
    at: Mapped[datetime]


class Inbound(Keyed, Base):
    """A mail that came in, accounted for. Of unknown senders it belongs to the reserved post office: quarantine."""

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("authority_id", "message_hash"),)
    kind = TIDY_INBOUND
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    message_hash: Mapped[str]
    size: Mapped[int]
    decision: Mapped[Decision]
    reason: Mapped[str]
    body: Mapped[bytes | None]
    key_name: Mapped[str | None]
    at: Mapped[datetime]


class Notice(Keyed, Base):
    """That something waits for a person, without a calendar part and without a secret word: a kind and a code word.

    One about no operation (an alarm of the log) is for the own authority's people.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("subject_id", "person_id", "notice_kind", "n"),
        ForeignKeyConstraint(["person_id", "to_id"], ["staff.person_id", "staff.authority_id"]),
        Index("ix_notice_person_id_at", "person_id", "at"),
    )
    kind = ANY_NOTICE
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    notice_kind: Mapped[NoticeKind]
    n: Mapped[int]
    code_word: Mapped[str]
    at: Mapped[datetime]


class NoticeRead(Base):
    """That a person has seen a notice on the page."""

    __tablename__ = "notice_read"
    kind = SETTING
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Feed(Keyed, Base):
    """A secret address to subscribe to; belongs to a person in an authority (R8)."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        ForeignKeyConstraint(["unit_id", "authority_id"], ["unit.id", "unit.authority_id"]),
        CheckConstraint("(scope = 'unit') = (unit_id IS NOT NULL)", name="of_a_unit"),
        CheckConstraint("(scope = 'collaboration') = (collaboration_id IS NOT NULL)", name="of_a_collaboration"),
        CheckConstraint(
            "scope = 'own' OR level = 'busy' OR (scope <> 'collaboration' AND level = 'authority')", name="tells_little"
        ),
    )
    kind = FEED
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    scope: Mapped[FeedScope] = mapped_column(default=FeedScope.OWN)
    unit_id: Mapped[UUID | None]
    collaboration_id: Mapped[UUID | None] = mapped_column(ForeignKey("collaboration.id"))
    level: Mapped[FeedLevel]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]


class FeedOperation(Base):
    """One of the operations that a feed was made of, where they were chosen one by one."""

    __tablename__ = "feed_operation"
    __table_args__ = (ForeignKeyConstraint(["feed_id", "person_id"], ["feed.id", "feed.person_id"]),)
    kind = FEED_OPERATION
    feed_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    person_id: Mapped[UUID]


class FeedBody(Base):
    """The rendered feed and the fingerprint of the rows that it was rendered from; can be rebuilt at any time.

    It is what it was as long as the clock is between ``read_at`` and ``holds_until``, the ``frame`` is the same, and no
    mark of ``keys`` came by a transaction that had not ended in the snapshot ``seen``.
    """

    __tablename__ = "feed_body"
    __table_args__ = (ForeignKeyConstraint(["feed_id", "person_id"], ["feed.id", "feed.person_id"]),)
    kind = FEED_BODY
    feed_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    source: Mapped[str]
    etag: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]
    frame: Mapped[str | None]
    seen: Mapped[str | None]
    keys: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    read_at: Mapped[datetime | None]
    holds_until: Mapped[datetime | None]


class FeedNaming(Base):
    """Whether an authority lets its people's own feeds say where an announced or done visit goes (R7); no row: no."""

    __tablename__ = "feed_naming"
    __table_args__ = (
        ForeignKeyConstraint(["decided_by_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
    )
    kind = FEED_NAMING
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    allowed: Mapped[bool]
    decided_by_id: Mapped[UUID]
    decided_at: Mapped[datetime]
