"""The words of findings, to search by (POLICIES: the word table)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

POLICIES = Path(__file__).parents[1] / "policies" / "0041.sql"


def upgrade() -> None:
    op.create_table(
        "finding_word",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id", "version"],
            ["finding.finding_id", "finding.version"],
            name=op.f("fk_finding_word_finding_id_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("authority_id", "word", "finding_id", "version", name=op.f("pk_finding_word")),
    )
    op.create_index("ix_finding_word_finding_id_version", "finding_word", ["finding_id", "version"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("finding_word")
