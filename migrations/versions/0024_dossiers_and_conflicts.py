"""A dossier is closed to who declared a conflict of interest for a visit in it; its key follows from whose it is."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"

POLICIES = Path(__file__).parents[1] / "policies" / "0024.sql"
TABLES = ("dossier", "rendering")
BOUND = "fk_rendering_dossier_id_reader_id"


def upgrade() -> None:
    op.drop_constraint(BOUND, "rendering")
    key = "md5('dossier ' || reader_id::text || business_id::text)::uuid"
    of_it = f"SET dossier_id = (SELECT {key} FROM dossier d WHERE d.id = rendering.dossier_id)"
    op.execute(f"UPDATE rendering {of_it}".replace("::", r"\:\:"))
    op.execute(f"UPDATE dossier SET id = {key}".replace("::", r"\:\:"))
    op.create_foreign_key(BOUND, "rendering", "dossier", ["dossier_id", "reader_id"], ["id", "reader_id"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        if "POLICY jav" in statement or "may_all_jav" in statement:
            op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP POLICY may_all_jav ON {table}")
