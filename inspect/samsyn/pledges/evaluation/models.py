"""Compilations of a pledge's periods, what people write beside the numbers, who approved, and what is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.pledge_kinds import EVALUATION, EVALUATION_APPROVAL, EVALUATION_PUBLICATION, EVALUATION_TEXT

TO_PLEDGE = ["pledge.id", "pledge.collaboration_id"]


class Evaluation(Keyed, Base):
    """A pledge's quarter ("2026-Q3") or year ("2026") in numbers, as they were when it was compiled; versions.

    Asked for by a planner without content, filled once by that authority's worker, and never changed again. ``basis``:
    SHA-256 of the rows it was made of; ``digest``: of what it says.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        ForeignKeyConstraint(["pledge_id", "collaboration_id"], TO_PLEDGE),
        UniqueConstraint("id", "pledge_id", "collaboration_id"),
        UniqueConstraint("pledge_id", "period", "version"),
        CheckConstraint("num_nulls(compiled_at, content, basis, digest) IN (0, 4)", name="whole"),
    )
    kind = EVALUATION
    pledge_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    period: Mapped[str]
    version: Mapped[int]
    asked_at: Mapped[datetime]
    compiled_at: Mapped[datetime | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    basis: Mapped[str | None]
    digest: Mapped[str | None]


class EvaluationText(Base):
    """What people say beside the numbers, of a commitment, a focus area or the pledge itself; versions.

    ``evaluation_version``: which compilation was read when it was written; it stands beside later ones too.
    """

    __tablename__ = "evaluation_text"
    __table_args__ = (ForeignKeyConstraint(["pledge_id", "collaboration_id"], TO_PLEDGE),)
    kind = EVALUATION_TEXT
    pledge_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    collaboration_id: Mapped[UUID]
    evaluation_version: Mapped[int]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    text: Mapped[str]


class EvaluationApproval(Base):
    """That a party approved a compilation with its texts; ``digest``: of all that was looked at."""

    __tablename__ = "evaluation_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["evaluation_id", "pledge_id", "collaboration_id"],
            ["evaluation.id", "evaluation.pledge_id", "evaluation.collaboration_id"],
        ),
    )
    kind = EVALUATION_APPROVAL
    evaluation_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    person_id: Mapped[UUID]
    at: Mapped[datetime]


class EvaluationPublication(Base):
    """The public version of a pledge's year: once, as of two the difference would be a small number."""

    __tablename__ = "evaluation_publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["evaluation_id", "pledge_id", "collaboration_id"],
            ["evaluation.id", "evaluation.pledge_id", "evaluation.collaboration_id"],
        ),
    )
    kind = EVALUATION_PUBLICATION
    pledge_id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
