"""Why a campaign's plan came to nothing, or to less than was asked, and for which visits: colleagues read it too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    op.add_column("plan_job", sa.Column("failed", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_job", "failed")
