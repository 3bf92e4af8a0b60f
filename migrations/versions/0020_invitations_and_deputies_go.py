"""Invitations that are over, that they were taken, and deputies of long ago are cleared by the own worker."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0020"
down_revision = "0019"

POLICIES = Path(__file__).parents[1] / "policies" / "0020.sql"
CLEARED = ("deputy", "invitation", "invitation_acceptance")


def upgrade() -> None:
    for statement in POLICIES.read_text("utf-8").splitlines():
        if "may_delete" in statement or statement.startswith("GRANT"):
            op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    for table in CLEARED:
        op.execute(f"DROP POLICY may_delete ON {table}")
        op.execute(f"REVOKE DELETE ON {table} FROM samsyn_app")
