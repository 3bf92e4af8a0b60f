"""Who asked for a campaign's plan, and when it ended: a colleague who plans the same campaign reads both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

ENDED = """UPDATE plan_job SET ended_at = asked_at
  WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = plan_job.id AND j.state IN ('queued', 'running'))"""


def upgrade() -> None:
    op.add_column("plan_job", sa.Column("asked_by", sa.Uuid(), nullable=True))
    op.add_column("plan_job", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(ENDED)


def downgrade() -> None:
    op.drop_column("plan_job", "ended_at")
    op.drop_column("plan_job", "asked_by")
