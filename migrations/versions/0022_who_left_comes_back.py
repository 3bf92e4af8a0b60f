"""Who left comes back by a link that two people said yes to, to one person at one address."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

FOLDER = Path(__file__).parents[1] / "policies"
RULES = (("invitation", "may_insert"), ("invitation", "may_update"), ("invitation_acceptance", "may_insert"))


def upgrade() -> None:
    for table in ("approval", "invitation"):
        op.add_column(table, sa.Column("person_id", sa.Uuid(), nullable=True))
        name = op.f(f"fk_{table}_person_id_authority_id")
        op.create_foreign_key(name, table, "staff", ["person_id", "authority_id"], ["person_id", "authority_id"])
    allow_matters("export", "member", "return")
    op.create_check_constraint(op.f("ck_approval_returns"), "approval", "(matter = 'return') = (person_id IS NOT NULL)")
    replaced_by("0022")


def downgrade() -> None:
    replaced_by("0020")
    # Without the column the link of a return would be an ordinary one, for whoever holds it.
    back = "(SELECT id FROM invitation WHERE person_id IS NOT NULL)"
    op.execute(f"DELETE FROM invitation_acceptance WHERE invitation_id IN {back}")
    op.execute("DELETE FROM invitation WHERE person_id IS NOT NULL")
    asked = "(SELECT id FROM approval WHERE matter = 'return')"
    for table in ("approval_use", "approval_decision"):
        op.execute(f"DELETE FROM {table} WHERE approval_id IN {asked}")
    op.execute("DELETE FROM approval WHERE matter = 'return'")
    op.drop_constraint(op.f("ck_approval_returns"), "approval")
    allow_matters("export", "member")
    for table in ("invitation", "approval"):
        op.drop_column(table, "person_id")


def allow_matters(*matters: str) -> None:
    op.drop_constraint(op.f("ck_approval_matter"), "approval")
    op.create_check_constraint(op.f("ck_approval_matter"), "approval", sa.column("matter").in_(matters))


def replaced_by(revision: str) -> None:
    """Put the policies that a revision froze in the place of those that stand."""
    statements = (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines()
    for table, name in RULES:
        op.execute(f"DROP POLICY {name} ON {table}")
        for statement in statements:
            if f"POLICY {name} ON {table} " in statement:
                op.execute(statement.replace(":", r"\:"))
