"""When an operation came to each of its states, and when a part was answered."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

POLICIES = Path(__file__).parents[1] / "policies" / "0008.sql"
STATES = (
    *("proposed", "preparing", "scheduled", "invited", "confirmed", "ongoing"),
    *("done", "reported", "compiled", "closed", "cancelled", "aborted"),
)


def upgrade() -> None:
    op.add_column("part_answer", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "state_reached",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="operationstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f("fk_state_reached_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("operation_id", "state", name=op.f("pk_state_reached")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("state_reached")
    op.drop_column("part_answer", "answered_at")
