"""Named places that several authorities follow together, with what happened there and which premises lie in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import PLEDGE
from samsyn.places.rules import HotSpotChange, HotSpotState


class HotSpot(Keyed, Base):
    """A named place with an outline (latitude, longitude pairs)."""

    __tablename__ = "hot_spot"
    __table_args__ = (UniqueConstraint("id", "collaboration_id"), UniqueConstraint("collaboration_id", "name"))
    kind = PLEDGE
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    name: Mapped[str]
    outline: Mapped[list[list[float]]] = mapped_column(JSONB)
    state: Mapped[HotSpotState]
    changed_at: Mapped[datetime]


class HotSpotEvent(Keyed, Base):
    """A line of a hot spot's history."""

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
