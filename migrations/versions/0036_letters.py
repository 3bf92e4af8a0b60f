"""Letters to a business: before an announced visit the lead's, after a visit each authority's own."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"

POLICIES = Path(__file__).parents[1] / "policies" / "0036.sql"


def upgrade() -> None:
    op.create_table(
        "notice_letter",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("sv", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("new_time_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_notice_letter_version")),
        sa.ForeignKeyConstraint(
            ["visit_id", "operation_id", "lead_id"],
            ["visit.id", "visit.operation_id", "visit.lead_id"],
            name=op.f("fk_notice_letter_visit_id_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "version", name=op.f("pk_notice_letter")),
    )
    op.create_table(
        "result_letter",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("sv", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_result_letter_version")),
        sa.ForeignKeyConstraint(
            ["part_id", "visit_id", "operation_id", "authority_id"],
            ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"],
            name=op.f("fk_result_letter_part_id_visit_id_operation_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("part_id", "version", name=op.f("pk_result_letter")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("result_letter")
    op.drop_table("notice_letter")
