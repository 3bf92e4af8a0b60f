"""Who has a conflict of interest in an operation reads nothing of what is said about its plan: it may name a place."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

POLICIES = Path(__file__).parents[1] / "policies" / "0003.sql"


def upgrade() -> None:
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DROP POLICY may_all_jav ON message")
