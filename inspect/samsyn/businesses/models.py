"""The registry of a collaboration: who runs what where; a sole trader's number lies only in the silo that typed it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import DOSSIER, REGISTRY, SILO_PLAIN


class Operator(Keyed, Base):
    """Who runs a business. ``number`` is null for a sole trader: it would be a personal identity number (R11)."""

    __tablename__ = "operator"
    __table_args__ = (UniqueConstraint("id", "collaboration_id"), UniqueConstraint("collaboration_id", "match_key"))
    kind = REGISTRY
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    form: Mapped[str]
    name: Mapped[str]
    number: Mapped[str | None]
    match_key: Mapped[str]  # keyed HMAC of the number, or of name and place where there is none


class OperatorSecret(Base):
    """A sole trader's number, encrypted, in the silo that typed it."""

    __tablename__ = "operator_secret"
    kind = SILO_PLAIN
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    ciphertext: Mapped[bytes]
    key_name: Mapped[str]


class Premises(Keyed, Base):
    """The place that is visited. ``sort_key`` orders as Swedes do (å ä ö last)."""

    __tablename__ = "premises"
    __table_args__ = (
        UniqueConstraint("id", "collaboration_id"),
        UniqueConstraint("collaboration_id", "match_key"),
        Index("ix_premises_collaboration_id_sort_key", "collaboration_id", "sort_key", "id"),
    )
    kind = REGISTRY
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    name: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    match_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))  # bytes in order are Swedes' order
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class Business(Keyed, Base):
    """An operator at a premises during a time: the unit of compilation. Two spells of one pair never overlap."""

    __tablename__ = "business"
    __table_args__ = (
        UniqueConstraint("id", "collaboration_id"),
        UniqueConstraint("id", "premises_id"),
        ForeignKeyConstraint(["operator_id", "collaboration_id"], ["operator.id", "operator.collaboration_id"]),
        ForeignKeyConstraint(["premises_id", "collaboration_id"], ["premises.id", "premises.collaboration_id"]),
        Index("ix_business_premises_id", "premises_id"),
    )
    kind = REGISTRY
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    operator_id: Mapped[UUID]
    premises_id: Mapped[UUID]
    trades: Mapped[list[str]]
    sni: Mapped[list[str]]
    during: Mapped[Range[date]] = mapped_column(DATERANGE)


class Permit(Keyed, Base):
    """A public permit of a business."""

    __tablename__ = "permit"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "collaboration_id"], ["business.id", "business.collaboration_id"]),
        UniqueConstraint("business_id", "permit_kind"),
    )
    kind = REGISTRY
    business_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    permit_kind: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class ImportRun(Keyed, Base):
    """One import, as its own authority sees it: which file (hash) and what it did."""

    __tablename__ = "import_run"
    kind = DOSSIER
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    person_id: Mapped[UUID]
    file_hash: Mapped[str]
    counts: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class OpeningHours(Base):
    """When a business is open on a weekday (ISO: 1 is Monday), in minutes after midnight; past 1440 is the next day."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "collaboration_id"], ["business.id", "business.collaboration_id"]),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("opens >= 0 AND opens < 1440 AND closes > opens AND closes <= 2880", name="minutes"),
    )
    kind = REGISTRY
    business_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]
    collaboration_id: Mapped[UUID]
    withdrawn_at: Mapped[datetime | None]
