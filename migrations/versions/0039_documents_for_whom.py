"""A document says for whom it is and on which ground, and may be of an operation."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

FOLDER = Path(__file__).parents[1] / "policies"
RULE = ("rendering", "may_all_jav")


def upgrade() -> None:
    op.add_column("rendering", sa.Column("operation_id", sa.Uuid(), nullable=True))
    for name, before in (("recipient", "''"), ("basis", "'OWN'")):
        op.add_column("rendering", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text(before)))
    op.execute("UPDATE rendering r SET recipient = a.name FROM authority a WHERE a.id = r.reader_id")
    for name in ("recipient", "basis"):
        op.alter_column("rendering", name, server_default=None)
    op.alter_column("rendering", "dossier_id", nullable=True)
    op.create_foreign_key(
        op.f("fk_rendering_operation_id_reader_id"),
        "rendering",
        "participation",
        ["operation_id", "reader_id"],
        ["operation_id", "authority_id"],
    )
    op.create_check_constraint(
        op.f("ck_rendering_of_one"), "rendering", "(dossier_id IS NULL) <> (operation_id IS NULL)"
    )
    op.create_index("ix_rendering_operation_id", "rendering", ["operation_id"])
    written("0039")


def downgrade() -> None:
    op.execute("DELETE FROM rendering WHERE dossier_id IS NULL")  # of an operation: there was no such document
    written("0024")
    op.drop_index("ix_rendering_operation_id", "rendering")
    op.drop_constraint(op.f("ck_rendering_of_one"), "rendering")
    op.drop_constraint(op.f("fk_rendering_operation_id_reader_id"), "rendering")
    op.alter_column("rendering", "dossier_id", nullable=False)
    for name in ("basis", "recipient", "operation_id"):
        op.drop_column("rendering", name)


def written(revision: str) -> None:
    """Write the rule of ``rendering`` as a revision froze it."""
    table, name = RULE
    op.execute(f"DROP POLICY {name} ON {table}")
    for statement in (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines():
        if f"POLICY {name} ON {table} " in statement:
            op.execute(statement.replace(":", r"\:"))
