"""Findings and outcomes stay while somebody sees to them, and an outcome as long as what followed it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision = "0060"
down_revision = "0059"

POLICIES = Path(__file__).parents[1] / "policies"
BEFORE: Final = {"finding": "0013", "outcome": "0051"}


def upgrade() -> None:
    for table in BEFORE:
        put("0060", table)


def downgrade() -> None:
    for table, frozen in BEFORE.items():
        put(frozen, table)


def put(frozen: str, table: str) -> None:
    """Let the rule of a table's removal be as it was frozen in a revision."""
    op.execute(f"DROP POLICY may_delete ON {table}")
    for statement in (POLICIES / f"{frozen}.sql").read_text("utf-8").splitlines():
        if f"POLICY may_delete ON {table} " in statement:
            op.execute(statement.replace(":", r"\:"))
