"""Checklists are the house's or an authority's; findings and evidence lie, as versions, in their writer's silo."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.authorities.rules import Field
from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import CHECKLIST, CHECKLIST_DRAFT, FINDING, SHARED_LOG, SILO_STATE
from samsyn.core.keeping_kinds import KEPT_EVIDENCE, KEPT_FINDING, TIDY_QUARANTINE
from samsyn.findings.rules import Answer, LateKind, Question, Settled

PART = ["part_id", "visit_id", "operation_id", "authority_id"]
NOTED = text("answer IN ('deficiency', 'observation')")
TO_PART = ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"]


class Checklist(Keyed, Base):
    """An authority's questions; ``authority_id`` null is the house's own, that everybody may use."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("code", "authority_id", postgresql_nulls_not_distinct=True),)
    kind = CHECKLIST
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    code: Mapped[str]
    field: Mapped[Field]
    title_sv: Mapped[str]
    title_en: Mapped[str]


class ChecklistVersion(Base):
    """A published version; frozen, so that an old answer keeps its question."""

    __tablename__ = "checklist_version"
    kind = CHECKLIST
    checklist_id: Mapped[UUID] = mapped_column(ForeignKey("checklist.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    digest: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]


class ChecklistDraft(Base):
    """What becomes the next version of an authority's own checklist; one at a time, published or thrown away whole."""

    __tablename__ = "checklist_draft"
    kind = CHECKLIST_DRAFT
    checklist_id: Mapped[UUID] = mapped_column(ForeignKey("checklist.id"), primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[UUID]
    changed_at: Mapped[datetime]


class CheckPoint(Base):
    """One question of a version. ``unit_only``: its findings stay with the unit that wrote them (R1).

    ``role_required``: the one role in which an officer may answer it; ``note``: where the law says less or more.
    """

    __tablename__ = "check_point"
    __table_args__ = (
        ForeignKeyConstraint(["checklist_id", "n"], ["checklist_version.checklist_id", "checklist_version.n"]),
    )
    kind = CHECKLIST
    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    position: Mapped[int]
    text_sv: Mapped[str]
    text_en: Mapped[str]
    law: Mapped[str]
    verified: Mapped[str]
    unit_only: Mapped[bool]
    outcomes: Mapped[list[str]]
    role_required: Mapped[str | None]
    note: Mapped[str | None]
    section: Mapped[str | None]
    help_text: Mapped[str | None]


class PartChecklist(Base):
    """Which version a part uses; said once, in its silo."""

    __tablename__ = "part_checklist"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        ForeignKeyConstraint(["checklist_id", "n"], ["checklist_version.checklist_id", "checklist_version.n"]),
    )
    kind = SILO_STATE
    part_id: Mapped[UUID] = mapped_column(primary_key=True)
    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]


class Finding(Base):
    """One version of one answer to a check point, or of a free observation. Never updated: a change is a new version.

    ``base_version`` is what its writer had seen (0: nothing); below ``version - 1`` two devices wrote at once.
    """

    __tablename__ = "finding"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        CheckConstraint("base_version >= 0 AND base_version < version", name="base_version"),
        CheckConstraint("NOT serious OR answer = 'deficiency'", name="serious"),
        CheckConstraint("(check_point IS NULL) = (checklist_id IS NULL)", name="point_of_list"),
        CheckConstraint("length(text) <= 10000", name="text_length"),
        ForeignKeyConstraint(
            ["checklist_id", "checklist_n", "check_point"],
            ["check_point.checklist_id", "check_point.n", "check_point.code"],
        ),
        Index("ix_finding_visit_id", "visit_id"),
        Index("ix_finding_authority_id_operation_id", "authority_id", "operation_id"),
        # One of ten: who compiles everything finds them without reading the others again.
        Index("ix_finding_noted", "visit_id", postgresql_where=NOTED),
    )
    kind = KEPT_FINDING
    finding_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base_version: Mapped[int] = mapped_column(default=0)
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    checklist_id: Mapped[UUID | None]
    checklist_n: Mapped[int | None]
    check_point: Mapped[str | None]
    answer: Mapped[Answer]
    serious: Mapped[bool]
    text: Mapped[str]
    unit_only: Mapped[bool]
    marking: Mapped[str | None]
    written_by: Mapped[UUID]
    observed_at: Mapped[datetime]
    written_at: Mapped[datetime]


class FindingWord(Base):
    """A word of a finding's version, to look it up by; in its writer's silo, and gone with the version."""

    __tablename__ = "finding_word"
    __table_args__ = (
        ForeignKeyConstraint(["finding_id", "version"], ["finding.finding_id", "finding.version"], ondelete="CASCADE"),
        Index("ix_finding_word_finding_id_version", "finding_id", "version"),
    )
    kind = FINDING
    authority_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    visit_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]


class Evidence(Keyed, Base):
    """A file of a finding: encrypted, addressed by an HMAC of its content per authority; insert only."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        UniqueConstraint("authority_id", "content_hmac", "finding_id"),
        Index("ix_evidence_finding_id", "finding_id"),
        Index("ix_evidence_visit_id", "visit_id"),
    )
    kind = KEPT_EVIDENCE
    finding_id: Mapped[UUID]
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    content_hmac: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    key_name: Mapped[str]
    redacts_id: Mapped[UUID | None]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class VisitFact(Keyed, Base):
    """A common question answered for all; a second answer stands beside the first."""

    __tablename__ = "visit_fact"
    __table_args__ = (
        ForeignKeyConstraint(["visit_id", "operation_id"], ["visit.id", "visit.operation_id"]),
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        CheckConstraint("length(answer) <= 2000", name="answer_length"),
        Index("ix_visit_fact_visit_id", "visit_id"),
    )
    kind = SHARED_LOG
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    question: Mapped[Question]
    answer: Mapped[str]
    written_by: Mapped[UUID]
    at: Mapped[datetime]


class Quarantine(Keyed, Base):
    """What a phone sent after its field session was ended; encrypted, and no part of anything until somebody takes it.

    ``id`` is the phone's own key of it, ``asked`` what the same request would have been; settled, its content is gone.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        ForeignKeyConstraint(["visit_id", "operation_id"], ["visit.id", "visit.operation_id"]),
        ForeignKeyConstraint(["person_id", "authority_id"], ["staff.person_id", "staff.authority_id"]),
        CheckConstraint("(settled_at IS NULL) = (settled IS NULL)", name="settled_whole"),
        CheckConstraint("(settled_at IS NULL) = (body IS NOT NULL)", name="gone_when_settled"),
        CheckConstraint("length(device) <= 200", name="device_length"),
        Index("ix_quarantine_authority_id_at", "authority_id", "at"),
        Index("ix_quarantine_visit_id", "visit_id"),
    )
    kind = TIDY_QUARANTINE
    authority_id: Mapped[UUID]
    person_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    operation_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    session_id: Mapped[UUID]
    device: Mapped[str]
    what: Mapped[LateKind]
    asked: Mapped[str]
    size: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    made_at: Mapped[datetime]
    at: Mapped[datetime]
    settled: Mapped[Settled | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
