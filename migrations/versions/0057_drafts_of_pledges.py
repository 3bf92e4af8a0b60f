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
    """What was removed stays: it was a draft, and is one again, under another year or name where that is taken."""
    op.drop_index("uq_focus_area_name", "focus_area")
    op.drop_index("uq_pledge_year", "pledge")
    op.execute("UPDATE focus_area SET name = name || ' ' || id WHERE removed_at IS NOT NULL")
    op.execute("UPDATE pledge SET year = -extract(epoch FROM removed_at)::int WHERE removed_at IS NOT NULL")
    for table in TABLES:
        op.drop_column(table, "removed_at")
    op.create_unique_constraint(op.f("uq_pledge_collaboration_id_year"), "pledge", ["collaboration_id", "year"])
    op.create_unique_constraint(op.f("uq_focus_area_pledge_id_name"), "focus_area", ["pledge_id", "name"])
