"""Each change of what a feed is made from leaves a mark, and a stored body says from which moment on it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"

POLICIES = Path(__file__).parents[1] / "policies" / "0030.sql"
# Not SECURITY DEFINER: it writes as who changes the row, and reads no more of the plan than that viewer may.
FUNCTION = """
CREATE FUNCTION mark_feeds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  INSERT INTO feed_mark (of_id, operation_id)
  SELECT CASE TG_ARGV[0]
           WHEN 'everybody' THEN nobody
           WHEN 'plan' THEN coalesce(
             (SELECT o.collaboration_id FROM operation o WHERE o.id = (r ->> TG_ARGV[1])\\:\\:uuid), nobody)
           ELSE (r ->> TG_ARGV[0])\\:\\:uuid END,
         CASE TG_ARGV[1] WHEN 'all' THEN nobody ELSE (r ->> TG_ARGV[1])\\:\\:uuid END
    FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) AS r WHERE r IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$"""
MARKED = (
    ("assignment", "authority_id", "operation_id"),
    ("assignment", "person_id", "operation_id"),
    ("authority", "everybody", "all"),
    ("delivery", "plan", "operation_id"),
    ("feed_naming", "authority_id", "all"),
    ("feed_operation", "person_id", "operation_id"),
    ("operation", "collaboration_id", "id"),
    ("participation", "authority_id", "operation_id"),
    ("staff", "authority_id", "all"),
    ("state_reached", "plan", "operation_id"),
    ("part_answer", "plan", "operation_id"),
    ("recusal", "person_id", "operation_id"),
    ("team", "plan", "operation_id"),
    ("team_member", "plan", "operation_id"),
    ("visit", "plan", "operation_id"),
    ("visit_order", "plan", "operation_id"),
    ("visit_part", "plan", "operation_id"),
    ("visit_target", "plan", "operation_id"),
)
HOLDS: dict[str, Any] = {
    "frame": sa.Text(),
    "seen": sa.Text(),
    "keys": postgresql.ARRAY(sa.Uuid()),
    "read_at": sa.DateTime(timezone=True),
    "holds_until": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    op.create_table(
        "feed_mark",
        sa.Column("of_id", sa.Uuid(), nullable=False),
        sa.Column(
            "xid", sa.BigInteger(), autoincrement=False, server_default=sa.text("pg_current_xact_id()\\:\\:text\\:\\:bigint"),
            nullable=False,
        ),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("of_id", "xid", "operation_id", name=op.f("pk_feed_mark")),
    )  # fmt: skip
    op.create_index("ix_feed_mark_at", "feed_mark", ["at"])
    for name, kind in HOLDS.items():
        op.add_column("feed_body", sa.Column(name, kind, nullable=True))
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))
    op.execute(FUNCTION)
    for table, of, operation in MARKED:
        op.execute(
            f"CREATE TRIGGER mark_{of} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION mark_feeds('{of}', '{operation}')"
        )


def downgrade() -> None:
    for table, of, _ in MARKED:
        op.execute(f"DROP TRIGGER mark_{of} ON {table}")
    op.execute("DROP FUNCTION mark_feeds()")
    for name in HOLDS:
        op.drop_column("feed_body", name)
    op.drop_table("feed_mark")
