"""Named places that several authorities follow together, with what happened there and which premises lie in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import PLEDGE
from samsyn.core.place_kinds import PICTURE_ENTRY, REMARK, REMARK_ANSWER, SIGNAL, SIGNAL_COUNT, SIGNAL_IMPORT
from samsyn.places.rules import Bucket, HotSpotChange, HotSpotState, RemarkKind, RemarkState, SignalSource

OF_BUSINESS = ["business.id", "business.collaboration_id"]
OF_HOT_SPOT = ["hot_spot.id", "hot_spot.collaboration_id"]
ONE_PLACE = "(business_id IS NULL) <> (hot_spot_id IS NULL)"


class HotSpot(Keyed, Base):
    """A named place with an outline (latitude, longitude pairs); one pair is a point."""

    __tablename__ = "hot_spot"
    __table_args__ = (UniqueConstraint("id", "collaboration_id"), UniqueConstraint("collaboration_id", "name"))
    kind = PLEDGE
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    name: Mapped[str]
    outline: Mapped[list[list[float]]] = mapped_column(JSONB)
    state: Mapped[HotSpotState]
    changed_at: Mapped[datetime]


class HotSpotEvent(Keyed, Base):
    """A line of a hot spot's history; ``name`` and ``outline`` are what it was called and where, from then on."""

    __tablename__ = "hot_spot_event"
    __table_args__ = (
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], ["hot_spot.id", "hot_spot.collaboration_id"]),
        Index("ix_hot_spot_event_hot_spot_id", "hot_spot_id"),
    )
    kind = PLEDGE
    hot_spot_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    on_date: Mapped[date]
    change: Mapped[HotSpotChange]
    text: Mapped[str]
    name: Mapped[str | None]
    outline: Mapped[list[list[float]] | None] = mapped_column(JSONB)


class HotSpotPremises(Base):
    """That a premises lies in a hot spot; out of it again by ``left_on``."""

    __tablename__ = "hot_spot_premises"
    __table_args__ = (
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], ["hot_spot.id", "hot_spot.collaboration_id"]),
        ForeignKeyConstraint(["premises_id", "collaboration_id"], ["premises.id", "premises.collaboration_id"]),
        Index("ix_hot_spot_premises_premises_id", "premises_id"),
    )
    kind = PLEDGE
    hot_spot_id: Mapped[UUID] = mapped_column(primary_key=True)
    premises_id: Mapped[UUID] = mapped_column(primary_key=True)
    collaboration_id: Mapped[UUID]
    left_on: Mapped[date | None]


class SignalImport(Keyed, Base):
    """A list of signals by week that was taken in; what is undone counts no more, and what it replaced does again."""

    __tablename__ = "signal_import"
    __table_args__ = (UniqueConstraint("id", "authority_id"), Index("ix_signal_import_authority_id", "authority_id"))
    kind = SIGNAL_IMPORT
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    filename: Mapped[str]
    rows: Mapped[int]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Signal(Keyed, Base):
    """An observation about a business or a hot spot that an authority has; never who made it.

    Of a list by week ``on_date`` is the week's Monday, and the newest row of a place, source and week is the one that
    counts. Nothing counts after ``expires_on``.
    """

    __tablename__ = "signal"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "collaboration_id"], OF_BUSINESS),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], OF_HOT_SPOT),
        ForeignKeyConstraint(["import_id", "authority_id"], ["signal_import.id", "signal_import.authority_id"]),
        CheckConstraint(ONE_PLACE, name="place"),
        CheckConstraint("n BETWEEN 0 AND 999", name="n"),
        CheckConstraint("weight BETWEEN 1 AND 3", name="weight"),
        CheckConstraint("expires_on > on_date", name="expires"),
        CheckConstraint("import_id IS NULL OR text = ''", name="text"),
        Index("ix_signal_authority_id_expires_on", "authority_id", "expires_on"),
        Index("ix_signal_hot_spot_id", "hot_spot_id"),
    )
    kind = SIGNAL
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    business_id: Mapped[UUID | None]
    hot_spot_id: Mapped[UUID | None]
    source: Mapped[SignalSource]
    weight: Mapped[int]
    n: Mapped[int]
    on_date: Mapped[date]
    text: Mapped[str]
    expires_on: Mapped[date]
    import_id: Mapped[UUID | None]
    noted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SignalCount(Keyed, Base):
    """That an authority has some, or several, signals of a place now: all that the other members learn."""

    __tablename__ = "signal_count"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "collaboration_id"], OF_BUSINESS),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], OF_HOT_SPOT),
        UniqueConstraint("authority_id", "business_id", "hot_spot_id", postgresql_nulls_not_distinct=True),
        CheckConstraint(ONE_PLACE, name="place"),
        Index("ix_signal_count_collaboration_id", "collaboration_id"),
    )
    kind = SIGNAL_COUNT
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    business_id: Mapped[UUID | None]
    hot_spot_id: Mapped[UUID | None]
    bucket: Mapped[Bucket]


class Remark(Keyed, Base):
    """Something of the physical environment that a unit of a member, or of the own authority, is asked to mend."""

    __tablename__ = "remark"
    __table_args__ = (
        ForeignKeyConstraint(["to_unit_id", "to_id"], ["unit.id", "unit.authority_id"]),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], OF_HOT_SPOT),
        UniqueConstraint("id", "to_id", "collaboration_id"),
        CheckConstraint("due_on >= noticed_on", name="due"),
        Index("ix_remark_collaboration_id_noticed_on", "collaboration_id", "noticed_on"),
    )
    kind = REMARK
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    to_unit_id: Mapped[UUID]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"))
    hot_spot_id: Mapped[UUID | None]
    remark_kind: Mapped[RemarkKind]
    place: Mapped[str]
    text: Mapped[str]
    noticed_on: Mapped[date]
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class RemarkAnswer(Base):
    """What the asked authority says of a remark now; it alone writes it."""

    __tablename__ = "remark_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["remark_id", "to_id", "collaboration_id"], ["remark.id", "remark.to_id", "remark.collaboration_id"]
        ),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done"),
        CheckConstraint("state <> 'declined' OR text <> ''", name="reason"),
        CheckConstraint("state <> 'waiting'", name="said"),
    )
    kind = REMARK_ANSWER
    remark_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    state: Mapped[RemarkState]
    text: Mapped[str]
    done_on: Mapped[date | None]
    answered_at: Mapped[datetime]
    version: Mapped[int]


class PictureEntry(Keyed, Base):
    """A dated line of the picture (lägesbild) of a focus area or a hot spot; the newest version holds."""

    __tablename__ = "picture_entry"
    __table_args__ = (
        ForeignKeyConstraint(["focus_area_id", "collaboration_id"], ["focus_area.id", "focus_area.collaboration_id"]),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], OF_HOT_SPOT),
        UniqueConstraint("entry_id", "version"),
        CheckConstraint("focus_area_id IS NOT NULL OR hot_spot_id IS NOT NULL", name="about"),
        Index("ix_picture_entry_collaboration_id_on_date", "collaboration_id", "on_date"),
    )
    kind = PICTURE_ENTRY
    entry_id: Mapped[UUID]
    version: Mapped[int]
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    focus_area_id: Mapped[UUID | None]
    hot_spot_id: Mapped[UUID | None]
    on_date: Mapped[date]
    source: Mapped[SignalSource]
    place: Mapped[str]
    text: Mapped[str]
    withdrawn: Mapped[bool]
    written_at: Mapped[datetime]
