"""An authority says within how many days of another visit to the same place its planners are warned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("authority", sa.Column("visit_gap_days", sa.Integer(), server_default="30", nullable=False))
    op.create_check_constraint(op.f("ck_authority_visit_gap"), "authority", "visit_gap_days BETWEEN 0 AND 365")
    op.create_index("ix_visit_trace_premises_id", "visit_trace", ["premises_id"])


def downgrade() -> None:
    op.drop_index("ix_visit_trace_premises_id", table_name="visit_trace")
    op.drop_constraint(op.f("ck_authority_visit_gap"), "authority")
    op.drop_column("authority", "visit_gap_days")
