"""Feeds of a unit, of chosen operations and of a collaboration beside a person's own."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

POLICIES = Path(__file__).parents[1] / "policies" / "0027.sql"
CHECKS = {
    "ck_feed_scope": "scope IN ('own', 'unit', 'operations', 'collaboration')",
    "ck_feed_of_a_unit": "(scope = 'unit') = (unit_id IS NOT NULL)",
    "ck_feed_of_a_collaboration": "(scope = 'collaboration') = (collaboration_id IS NOT NULL)",
    "ck_feed_tells_little": "scope = 'own' OR level = 'busy' OR (scope <> 'collaboration' AND level = 'authority')",
}
BOUND = {
    "fk_feed_unit_id_authority_id": ("unit", ["unit_id", "authority_id"], ["id", "authority_id"]),
    "fk_feed_collaboration_id": ("collaboration", ["collaboration_id"], ["id"]),
}


def upgrade() -> None:
    op.add_column("feed", sa.Column("scope", sa.String(40), nullable=False, server_default="own"))
    op.alter_column("feed", "scope", server_default=None)
    for name in ("unit_id", "collaboration_id"):
        op.add_column("feed", sa.Column(name, sa.Uuid(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "feed", condition)
    for name, (other, columns, theirs) in BOUND.items():
        op.create_foreign_key(op.f(name), "feed", other, columns, theirs)
    op.create_table(
        "feed_operation",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id", "person_id"], ["feed.id", "feed.person_id"], name=op.f("fk_feed_operation_feed_id_person_id")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_feed_operation_operation_id")),
        sa.PrimaryKeyConstraint("feed_id", "operation_id", name=op.f("pk_feed_operation")),
    )
    op.create_index("ix_delivery_person_id", "delivery", ["person_id"])  # every fetch of a person's feed asks by it
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_index("ix_delivery_person_id", "delivery")
    op.drop_table("feed_operation")
    # Only a person's own feed can be what it was: the others would come back as one of the person's own time.
    op.execute("DELETE FROM feed_body WHERE feed_id IN (SELECT id FROM feed WHERE scope <> 'own')")
    op.execute("DELETE FROM token WHERE feed_id IN (SELECT id FROM feed WHERE scope <> 'own')")
    op.execute("DELETE FROM feed WHERE scope <> 'own'")
    for name in BOUND:
        op.drop_constraint(op.f(name), "feed", type_="foreignkey")
    for name in CHECKS:
        op.drop_constraint(op.f(name), "feed", type_="check")
    for name in ("scope", "unit_id", "collaboration_id"):
        op.drop_column("feed", name)
