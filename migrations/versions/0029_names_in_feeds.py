"""An authority may let its people's own feeds say where an announced or done visit goes (SECRECY, under R7)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

POLICIES = Path(__file__).parents[1] / "policies" / "0029.sql"


def upgrade() -> None:
    op.create_table(
        "feed_naming",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_feed_naming_authority_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_feed_naming_decided_by_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_feed_naming")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("feed_naming")
