"""What a guest led counts for the pledge: the line says that a guest did, as the member that wrote it did not lead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

# What a guest led was counted by nobody before: each member that took part is asked, and the first of them writes it.
COUNT = """
  INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
  SELECT gen_random_uuid(), 'samsyn.pledges.count_operation', m.authority_id, o.lead_id, o.id, 'due', 0, now()
    FROM operation o
    JOIN collaboration_member m ON m.collaboration_id = o.collaboration_id AND m.left_on IS NULL
   WHERE EXISTS (SELECT 1 FROM visit v WHERE v.operation_id = o.id AND v.state = 'done')
     AND EXISTS (SELECT 1 FROM visit_part p WHERE p.operation_id = o.id AND p.authority_id = m.authority_id)
     AND NOT EXISTS (SELECT 1 FROM collaboration_member l
                      WHERE l.collaboration_id = o.collaboration_id AND l.authority_id = o.lead_id
                        AND l.left_on IS NULL)"""


def upgrade() -> None:
    op.add_column("activity", sa.Column("guest_led", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("activity", "guest_led", server_default=None)
    op.execute(COUNT)


def downgrade() -> None:
    op.drop_column("activity", "guest_led")
