"""What is compiled for one reader's authority, and the lead's common part."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.dossier_kinds import OF_DOSSIER, OF_VISITS, READING
from samsyn.core.house_kinds import OWN_ANSWER, PLAN


class Dossier(Keyed, Base):
    """A business for one reader's authority: the common part and its own findings, nothing else (R10).

    ``digest`` is empty while it is to be compiled anew because dossiers are stored in another way by now; ``formerly``
    is the digest under which it said the same before that.
    """

    __tablename__ = "dossier"
    __table_args__ = (UniqueConstraint("reader_id", "business_id"), UniqueConstraint("id", "reader_id"))
    kind = OF_VISITS
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    compiled_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    formerly: Mapped[str | None]


class DossierStatus(Base):
    """That an authority's dossiers of an operation are built, and that its follow-ups are closed or carried over."""

    __tablename__ = "dossier_status"
    __table_args__ = (
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
    )
    kind = OWN_ANSWER
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    built_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class CommonPart(Base):
    """The lead's words for all readers, approved; versions."""

    __tablename__ = "common_part"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
    )
    kind = PLAN
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lead_id: Mapped[UUID]
    text: Mapped[str]
    approved_by: Mapped[UUID]
    approved_at: Mapped[datetime]


class Rendering(Keyed, Base):
    """One document as one reader got it: of a business or of an operation, in which form, for whom, on which ground.

    Insert only. ``recipient`` is the name that stands in the document; ``basis`` the codes of what it rests on.
    """

    __tablename__ = "rendering"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "reader_id"], ["dossier.id", "dossier.reader_id"]),
        ForeignKeyConstraint(
            ["operation_id", "reader_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        CheckConstraint("(dossier_id IS NULL) <> (operation_id IS NULL)", name="of_one"),
        Index("ix_rendering_dossier_id", "dossier_id"),
        Index("ix_rendering_operation_id", "operation_id"),
        Index(
            "uq_rendering_public",
            "operation_id",
            "reader_id",
            "format",
            unique=True,
            postgresql_where=text("basis = 'PUBLIC'"),
        ),
    )
    kind = OF_DOSSIER
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    dossier_id: Mapped[UUID | None]
    operation_id: Mapped[UUID | None]
    person_id: Mapped[UUID]
    format: Mapped[str]
    digest: Mapped[str]
    recipient: Mapped[str]
    basis: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class DossierReading(Base):
    """When a person last read a dossier for an authority, and short digests of what stood in it: nobody else's to see.

    ``before``: the same of the reading before, against which the page marks what is new.
    """

    __tablename__ = "dossier_reading"
    kind = READING
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), primary_key=True)
    read_at: Mapped[datetime]
    digest: Mapped[str]
    marks: Mapped[list[str]]
    before_at: Mapped[datetime | None]
    before: Mapped[list[str]]
