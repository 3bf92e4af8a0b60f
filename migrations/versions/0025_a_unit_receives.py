"""In a receiving authority of many units a copy, what was decided, and a question are one unit's."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

FOLDER = Path(__file__).parents[1] / "policies"
GIVEN = ("disclosure", "disclosure_receipt")
NEW = (*((table, "may_select_to_unit") for table in GIVEN), ("information_request", "may_select_unit"))
CHANGED = tuple((table, "may_insert") for table in GIVEN)
# What stood before goes to the unit that asked, else to the only one that was there, else to the only one there is; and
# where there is none of these to nobody, until somebody hands it over anew.
UNIT_OF = """
    coalesce(
      (SELECT s.unit_id FROM information_request q
         JOIN staff s ON s.person_id = q.asked_by AND s.authority_id = q.from_id
        WHERE q.id = d.request_id AND q.from_id = d.to_id),
      (SELECT (array_agg(DISTINCT p.unit_id))[1] FROM visit_part p
        WHERE p.visit_id = d.visit_id AND p.authority_id = d.to_id HAVING count(DISTINCT p.unit_id) = 1),
      (SELECT (array_agg(u.id))[1] FROM unit u WHERE u.authority_id = d.to_id HAVING count(*) = 1))"""
SPANS = "EXISTS (SELECT 1 FROM authority a WHERE a.id = d.to_id AND a.spanning)"


def upgrade() -> None:
    for table in GIVEN:
        op.add_column(table, sa.Column("to_unit_id", sa.Uuid(), nullable=True))
        key = op.f(f"fk_{table}_to_unit_id_to_id")
        op.create_foreign_key(key, table, "unit", ["to_unit_id", "to_id"], ["id", "authority_id"])
        op.execute(f"UPDATE {table} d SET to_unit_id = {UNIT_OF} WHERE {SPANS}")
    for table, name in CHANGED:
        op.execute(f"DROP POLICY {name} ON {table}")
    written("0025", (*CHANGED, *NEW))


def downgrade() -> None:
    for table, name in (*CHANGED, *NEW):
        op.execute(f"DROP POLICY {name} ON {table}")
    written("0005", CHANGED)
    for table in GIVEN:
        op.drop_column(table, "to_unit_id")


def written(revision: str, rules: tuple[tuple[str, str], ...]) -> None:
    """Write the policies as a revision froze them."""
    statements = (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines()
    for table, name in rules:
        for statement in statements:
            if f"POLICY {name} ON {table} " in statement:
                op.execute(statement.replace(":", r"\:"))
