"""Test purchases: a record of their own, without any key to a finding or an outcome (LTLP 7:23)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

POLICIES = Path(__file__).parents[1] / "policies" / "0007.sql"


def upgrade() -> None:
    op.create_table(
        "test_purchase",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("age_asked", sa.Boolean(), nullable=False),
        sa.Column("told_trader_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(asked_for) BETWEEN 1 AND 500", name=op.f("ck_test_purchase_asked_for_length")),
        sa.CheckConstraint("told_trader_on >= on_date", name=op.f("ck_test_purchase_told_after")),
        sa.ForeignKeyConstraint(
            ["part_id", "visit_id", "operation_id", "authority_id"],
            ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"],
            name=op.f("fk_test_purchase_part_id_visit_id_operation_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_purchase")),
    )
    op.create_index(
        "ix_test_purchase_authority_id_told_trader_on",
        "test_purchase",
        ["authority_id", "told_trader_on"],
        unique=False,
    )
    op.create_index("ix_test_purchase_part_id", "test_purchase", ["part_id"], unique=False)
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("test_purchase")
