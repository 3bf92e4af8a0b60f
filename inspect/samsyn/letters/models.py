"""Letters as versions: what was saved is never changed, the newest counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.access.rules import Language
from samsyn.core.base import Base
from samsyn.core.letter_kinds import NOTICE_LETTER, RESULT_LETTER

PART = ["part_id", "visit_id", "operation_id", "authority_id"]
TO_PART = ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"]


class NoticeLetter(Base):
    """The lead's letter before an announced visit: its words, when it was sent, what came back."""

    __tablename__ = "notice_letter"
    __table_args__ = (
        ForeignKeyConstraint(
            ["visit_id", "operation_id", "lead_id"],
            ["visit.id", "visit.operation_id", "visit.lead_id"],
            onupdate="CASCADE",
        ),
        CheckConstraint("version > 0", name="version"),
    )
    kind = NOTICE_LETTER
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operation_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    language: Mapped[Language]
    content: Mapped[dict[str, Any]]
    sent_on: Mapped[date | None]
    receipt: Mapped[str | None]
    new_time_at: Mapped[datetime | None]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class ResultLetter(Base):
    """An authority's letter after a visit, in its silo: what it saw itself, what happens next, how to be heard."""

    __tablename__ = "result_letter"
    __table_args__ = (ForeignKeyConstraint(PART, TO_PART), CheckConstraint("version > 0", name="version"))
    kind = RESULT_LETTER
    part_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    language: Mapped[Language]
    content: Mapped[dict[str, Any]]
    sent_on: Mapped[date | None]
    receipt: Mapped[str | None]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
