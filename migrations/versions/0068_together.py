"""An operation is joint by who came to one visit of it together, not by who came to one or another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"

COUNTED = """
  UPDATE activity a
     SET together = (SELECT coalesce(max(x.n), 0)
                       FROM (SELECT count(DISTINCT p.authority_id) AS n
                               FROM visit v
                               JOIN visit_part p ON p.visit_id = v.id AND p.withdrawn_at IS NULL
                               JOIN part_answer r ON r.part_id = p.id AND r.accepted
                              WHERE v.operation_id = a.operation_id AND v.state = 'done'
                              GROUP BY v.id) x)
   WHERE a.operation_id IS NOT NULL"""


def upgrade() -> None:
    op.add_column("activity", sa.Column("together", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.execute(COUNTED)
    op.create_check_constraint(op.f("ck_activity_together"), "activity", "together >= 0")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_activity_together"), "activity", type_="check")
    op.drop_column("activity", "together")
