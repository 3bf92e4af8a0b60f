"""The time that an authority planned and spent on an activity."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision = "0056"
down_revision = "0055"

POLICIES = Path(__file__).parents[1] / "policies" / "0056.sql"
TABLES: Final = ("activity_time",)
STATEMENTS: Final = (
    """
    CREATE TABLE activity_time (
      authority_id UUID NOT NULL,
      activity_id UUID NOT NULL,
      planned INTEGER NOT NULL,
      spent INTEGER NOT NULL,
      version INTEGER NOT NULL,
      CONSTRAINT pk_activity_time PRIMARY KEY (authority_id, activity_id),
      CONSTRAINT ck_activity_time_planned CHECK (planned BETWEEN 0 AND 60000),
      CONSTRAINT ck_activity_time_spent CHECK (spent BETWEEN 0 AND 60000),
      CONSTRAINT fk_activity_time_authority_id FOREIGN KEY(authority_id) REFERENCES authority (id),
      CONSTRAINT fk_activity_time_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id)
    )
    """,
    "CREATE INDEX ix_activity_time_activity_id ON activity_time (activity_id)",
)


def upgrade() -> None:
    for statement in (*STATEMENTS, *POLICIES.read_text("utf-8").splitlines()):
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE task = 'samsyn.pledges.count_time'")
    for table in TABLES:
        op.drop_table(table)
