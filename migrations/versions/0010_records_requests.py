"""Records requests with what falls under them, packages for who asked and for the own diary, case numbers."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

POLICIES = Path(__file__).parents[1] / "policies" / "0010.sql"


def upgrade() -> None:
    op.create_table(
        "records_request",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "business_id IS NOT NULL OR operation_id IS NOT NULL OR since IS NOT NULL OR until IS NOT NULL",
            name=op.f("ck_records_request_about_something"),
        ),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 4000", name=op.f("ck_records_request_words_length")),
        sa.CheckConstraint("until >= since", name=op.f("ck_records_request_in_order")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_records_request_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_request")),
        sa.UniqueConstraint("id", "authority_id", name=op.f("uq_records_request_id_authority_id")),
    )
    op.create_index(
        "ix_records_request_authority_id_received_on", "records_request", ["authority_id", "received_on"], unique=False
    )
    op.create_table(
        "records_item",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "item_kind",
            sa.Enum(
                "operation",
                "visit",
                "part",
                "facts",
                "finding",
                "picture",
                "purchase",
                "given",
                "received",
                "asked",
                "talk",
                "mail",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "undecided",
                "give",
                "mask",
                "refuse",
                "outside",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("masked_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("masked_words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id", "authority_id"],
            ["records_request.id", "records_request.authority_id"],
            name=op.f("fk_records_item_request_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_item")),
        sa.UniqueConstraint(
            "request_id", "item_kind", "subject_id", name=op.f("uq_records_item_request_id_item_kind_subject_id")
        ),
    )
    op.create_index("ix_records_item_request_id", "records_item", ["request_id"], unique=False)
    op.create_table(
        "records_package",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "request", "business", "operation", name="subject", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("operations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hmac", sa.Text(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_records_package_authority_id")),
        sa.ForeignKeyConstraint(
            ["request_id", "authority_id"],
            ["records_request.id", "records_request.authority_id"],
            name=op.f("fk_records_package_request_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_package")),
    )
    op.create_index(
        "ix_records_package_authority_id_made_at", "records_package", ["authority_id", "made_at"], unique=False
    )
    op.create_table(
        "case_number",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(operation_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_case_number_of_one_thing")),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 60", name=op.f("ck_case_number_number_length")),
        sa.CheckConstraint(
            "part_id IS NULL OR (visit_id IS NOT NULL AND operation_id IS NOT NULL)",
            name=op.f("ck_case_number_of_a_visit"),
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_case_number_authority_id")),
        sa.ForeignKeyConstraint(
            ["operation_id", "authority_id"],
            ["participation.operation_id", "participation.authority_id"],
            name=op.f("fk_case_number_operation_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "authority_id"],
            ["records_request.id", "records_request.authority_id"],
            name=op.f("fk_case_number_request_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_number")),
        sa.UniqueConstraint(
            "authority_id",
            "operation_id",
            "part_id",
            "request_id",
            name=op.f("uq_case_number_authority_id_operation_id_part_id_request_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    for table in ("case_number", "records_package", "records_item", "records_request"):
        op.drop_table(table)
