"""When people can, as their own authority keeps it; ``unavailable`` is what others may learn of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed, word
from samsyn.core.busy_kinds import BUSY, SOURCE
from samsyn.core.house_kinds import OWN, PLAN, TEMPLATE
from samsyn.core.time_kinds import POLL_ASK, POLL_VOTE, UNAVAILABLE
from samsyn.planning.busy.faults import Fault
from samsyn.planning.rules import LeaveKind, PollAnswer, PollState, TemplateKind, Unavailability

STAFF = ["staff.person_id", "staff.authority_id"]
LED = ["operation.id", "operation.lead_id"]
TAKES_PART = ["participation.operation_id", "participation.authority_id"]
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


class BusySource(Keyed, Base):
    """Where a person's own calendar is fetched: the address is a secret, kept as ciphertext for that person alone.

    ``next_at``: when it is fetched next, by the database's clock; nothing once the trying has ended. ``fault``: why the
    last try came to nothing, ``failures`` how many have in a row.
    """

    __tablename__ = "busy_source"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        UniqueConstraint("person_id", "authority_id"),
    )
    kind = SOURCE
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    address: Mapped[bytes]
    key_name: Mapped[str]
    added_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failures: Mapped[int]
    fault: Mapped[Fault | None] = mapped_column(word(Fault))


class BusyReading(Base):
    """That a person's own calendar was read, when, and for which time it tells; nothing of what is in it.

    ``readable``: the last try was one that told something. Rows are there for who has given an address.
    """

    __tablename__ = "busy_reading"
    __table_args__ = (ForeignKeyConstraint(["person_id", "authority_id"], STAFF),)
    kind = BUSY
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    readable: Mapped[bool]
    fetched_at: Mapped[datetime | None]
    tells: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE)


class BusyTime(Keyed, Base):
    """Time taken in a person's own calendar: start, end and when it was read; never a title. What is over is gone."""

    __tablename__ = "busy_time"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_busy_time_authority_id_person_id", "authority_id", "person_id"),
    )
    kind = BUSY
    person_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    fetched_at: Mapped[datetime]


class Unavailable(Keyed, Base):
    """That a person cannot, or that nobody knows, as of when; derived, so it may be thrown away and made again.

    ``good_until``: what was read of a calendar is too old from then on to call anything free.
    """

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
    good_until: Mapped[datetime | None]


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


class Poll(Keyed, Base):
    """Three to five proposals for an operation's time, asked until a deadline; one open poll of an operation."""

    __tablename__ = "poll"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(
            ["chosen_option_id", "id"],
            ["poll_option.id", "poll_option.poll_id"],
            name="fk_poll_chosen_option_id_id",
            use_alter=True,
        ),
        UniqueConstraint("id", "operation_id"),
        Index("uq_poll_operation_id_open", "operation_id", unique=True, postgresql_where=text("state = 'open'")),
        CheckConstraint("(state = 'chosen') = (chosen_option_id IS NOT NULL)", name="chosen"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        Index("ix_poll_operation_id", "operation_id"),
    )
    kind = PLAN
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    state: Mapped[PollState]
    chosen_option_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class PollOption(Keyed, Base):
    """A proposal: when the operation would be. Those of one poll never overlap (exclusion, in the migration)."""

    __tablename__ = "poll_option"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(["poll_id", "operation_id"], ["poll.id", "poll.operation_id"]),
        UniqueConstraint("id", "poll_id"),
        CheckConstraint(BOUNDED, name="bounded"),
        Index("ix_poll_option_operation_id", "operation_id"),
    )
    kind = PLAN
    poll_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class PollAsk(Keyed, Base):
    """That a person was asked: for oneself, or as a planner for the authority. The personal link is this row's."""

    __tablename__ = "poll_ask"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(["poll_id", "operation_id"], ["poll.id", "poll.operation_id"]),
        ForeignKeyConstraint(["operation_id", "authority_id"], TAKES_PART),
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        UniqueConstraint("poll_id", "person_id", "authority_id"),
    )
    kind = POLL_ASK
    poll_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    for_authority: Mapped[bool]


class PollVote(Keyed, Base):
    """An answer to a proposal; the newest counts. ``person_id`` is absent where it is the authority's own answer."""

    __tablename__ = "poll_vote"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], LED, onupdate="CASCADE"),
        ForeignKeyConstraint(["poll_id", "operation_id"], ["poll.id", "poll.operation_id"]),
        ForeignKeyConstraint(["option_id", "poll_id"], ["poll_option.id", "poll_option.poll_id"]),
        ForeignKeyConstraint(["operation_id", "authority_id"], TAKES_PART),
        ForeignKeyConstraint(["person_id", "authority_id"], STAFF),
        ForeignKeyConstraint(["written_by_id", "authority_id"], STAFF),
        Index("ix_poll_vote_poll_id", "poll_id"),
    )
    kind = POLL_VOTE
    poll_id: Mapped[UUID]
    option_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    answer: Mapped[PollAnswer]
    written_by_id: Mapped[UUID]
    at: Mapped[datetime]
