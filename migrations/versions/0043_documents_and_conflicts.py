"""A dossier's documents are closed to who declared a conflict of interest, though the dossier names the visit no more."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0043"
down_revision = "0042"

POLICIES = Path(__file__).parents[1] / "policies"


def upgrade() -> None:
    put_rule("0043")


def downgrade() -> None:
    put_rule("0039")


def put_rule(frozen: str) -> None:
    """Let the rule of conflicts be as it was frozen in a revision."""
    op.execute("DROP POLICY may_all_jav ON rendering")
    for statement in (POLICIES / f"{frozen}.sql").read_text("utf-8").splitlines():
        if "POLICY may_all_jav ON rendering" in statement:
            op.execute(statement.replace(":", r"\:"))
