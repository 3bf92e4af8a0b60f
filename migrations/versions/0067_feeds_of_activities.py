"""Activities stand in feeds: each change of one leaves a mark, and who comes to a collaboration or leaves it too."""

from __future__ import annotations

from alembic import op

revision = "0067"
down_revision = "0066"

MARKED = (("activity", "everybody"), ("collaboration_member", "authority_id"))


def upgrade() -> None:
    for table, of in MARKED:
        op.execute(
            f"CREATE TRIGGER mark_{of} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION mark_feeds('{of}', 'all')"
        )


def downgrade() -> None:
    for table, of in MARKED:
        op.execute(f"DROP TRIGGER mark_{of} ON {table}")
