"""Tables of records: requests with what falls under them, packages that were made, case numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.keeping_kinds import CASE_NUMBER, ITEM, PACKAGE, REGISTER
from samsyn.records.rules import Choice, ItemKind, Subject

OWN = ["request_id", "authority_id"]
TO_OWN = ["records_request.id", "records_request.authority_id"]


class RecordsRequest(Keyed, Base):
    """A request to read official documents: its day, its words, what it is about; never who asks (TF 2:18).

    ``items``: how many things were found; who sees fewer (jäv, another unit) does not settle it.
    """

    __tablename__ = "records_request"
    __table_args__ = (
        UniqueConstraint("id", "authority_id"),
        CheckConstraint("length(words) BETWEEN 1 AND 4000", name="words_length"),
        CheckConstraint(
            "business_id IS NOT NULL OR operation_id IS NOT NULL OR since IS NOT NULL OR until IS NOT NULL",
            name="about_something",
        ),
        CheckConstraint("until >= since", name="in_order"),
        Index("ix_records_request_authority_id_received_on", "authority_id", "received_on"),
    )
    kind = REGISTER
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    received_on: Mapped[date]
    words: Mapped[str]
    business_id: Mapped[UUID | None]
    operation_id: Mapped[UUID | None]
    since: Mapped[date | None]
    until: Mapped[date | None]
    items: Mapped[int]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    gathered_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    decider: Mapped[str]
    decision: Mapped[str]
    digest: Mapped[str]


class RecordsItem(Keyed, Base):
    """One thing that falls under a request, as it was when it was gathered, and how it was decided.

    ``given`` is what left the house: empty until it is settled, and for what is not given.
    """

    __tablename__ = "records_item"
    __table_args__ = (
        ForeignKeyConstraint(OWN, TO_OWN),
        UniqueConstraint("request_id", "item_kind", "subject_id"),
        Index("ix_records_item_request_id", "request_id"),
    )
    kind = ITEM
    request_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    item_kind: Mapped[ItemKind]
    subject_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    visit_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    at: Mapped[datetime]
    heading: Mapped[str]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    choice: Mapped[Choice]
    section: Mapped[str]
    reason: Mapped[str]
    masked_fields: Mapped[list[str]]
    masked_words: Mapped[list[str]]
    given: Mapped[dict[str, Any]]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class RecordsPackage(Keyed, Base):
    """A package that was made: its manifest and where its encrypted file lies. Insert only.

    ``operations``: what it holds something of, which jäv closes.
    """

    __tablename__ = "records_package"
    __table_args__ = (
        ForeignKeyConstraint(OWN, TO_OWN),
        Index("ix_records_package_authority_id_made_at", "authority_id", "made_at"),
    )
    kind = PACKAGE
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    subject: Mapped[Subject]
    request_id: Mapped[UUID | None]
    business_id: Mapped[UUID | None]
    operation_id: Mapped[UUID | None]
    operations: Mapped[list[str]] = mapped_column(JSONB)
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    number: Mapped[str]
    name: Mapped[str]
    manifest: Mapped[list[str]] = mapped_column(JSONB)
    digest: Mapped[str]
    size: Mapped[int]
    content_hmac: Mapped[str]
    key_name: Mapped[str]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]


class CaseNumber(Keyed, Base):
    """The authority's own case number (diarienummer) of an operation, of its part of a visit, or of a request (R17)."""

    __tablename__ = "case_number"
    __table_args__ = (
        ForeignKeyConstraint(OWN, TO_OWN),
        ForeignKeyConstraint(
            ["operation_id", "authority_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        UniqueConstraint("authority_id", "operation_id", "part_id", "request_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("(operation_id IS NULL) <> (request_id IS NULL)", name="of_one_thing"),
        CheckConstraint("part_id IS NULL OR (visit_id IS NOT NULL AND operation_id IS NOT NULL)", name="of_a_visit"),
        CheckConstraint("length(number) BETWEEN 1 AND 60", name="number_length"),
    )
    kind = CASE_NUMBER
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    operation_id: Mapped[UUID | None]
    visit_id: Mapped[UUID | None]
    part_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None]
    number: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
