"""A new authority in a collaboration is invited after two people of a member said yes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"

FOLDER = Path(__file__).parents[1] / "policies"
TABLE = "collaboration_invitation"


def upgrade() -> None:
    replaced_by("0017")


def downgrade() -> None:
    replaced_by("0001")


def replaced_by(revision: str) -> None:
    """Put the policy on inserting that a revision froze in the place of the one that stands."""
    op.execute(f"DROP POLICY may_insert ON {TABLE}")
    for statement in (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines():
        if f"POLICY may_insert ON {TABLE} " in statement:
            op.execute(statement.replace(":", r"\:"))
