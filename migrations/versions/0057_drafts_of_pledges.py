"""What is not signed may be removed and put back: a pledge, an area of it, one of its promises."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"

TABLES: Final = ("pledge", "focus_area", "commitment")
STANDS: Final = sa.text("removed_at IS NULL")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_pledge_removed"), "pledge", "removed_at IS NULL OR state = 'draft'")
    op.drop_constraint(op.f("uq_pledge_collaboration_id_year"), "pledge")
    op.create_index("uq_pledge_year", "pledge", ["collaboration_id", "year"], unique=True, postgresql_where=STANDS)
    op.drop_constraint(op.f("uq_focus_area_pledge_id_name"), "focus_area")
    op.create_index("uq_focus_area_name", "focus_area", ["pledge_id", "name"], unique=True, postgresql_where=STANDS)


def downgrade() -> None:
    """What was removed goes: it would come back as promised, and of a pledge that is signed."""
    areas = """SELECT a.id FROM focus_area a JOIN pledge p ON p.id = a.pledge_id
                WHERE a.removed_at IS NOT NULL OR p.removed_at IS NOT NULL"""
    promises = f"SELECT id FROM commitment WHERE removed_at IS NOT NULL OR focus_area_id IN ({areas})"
    op.execute(f"UPDATE commitment SET carried_to_id = NULL WHERE carried_to_id IN ({promises})")
    op.execute(f"DELETE FROM commitment WHERE id IN ({promises})")
    op.execute(f"DELETE FROM picture_entry WHERE hot_spot_id IS NULL AND focus_area_id IN ({areas})")
    for table in ("picture_entry", "activity", "operation_focus"):
        op.execute(f"UPDATE {table} SET focus_area_id = NULL WHERE focus_area_id IN ({areas})")
    op.execute(f"DELETE FROM focus_area WHERE id IN ({areas})")
    op.execute("DELETE FROM pledge WHERE removed_at IS NOT NULL")
    op.drop_index("uq_focus_area_name", "focus_area")
    op.drop_index("uq_pledge_year", "pledge")
    for table in TABLES:
        op.drop_column(table, "removed_at")
    op.create_unique_constraint(op.f("uq_pledge_collaboration_id_year"), "pledge", ["collaboration_id", "year"])
    op.create_unique_constraint(op.f("uq_focus_area_pledge_id_name"), "focus_area", ["pledge_id", "name"])
