"""An authority drafts and publishes checklists of its own; a point has a section and help."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"

POLICIES = Path(__file__).parents[1] / "policies" / "0032.sql"


def upgrade() -> None:
    op.add_column("checklist_version", sa.Column("published_by", sa.Uuid(), nullable=True))
    for name in ("section", "help_text"):
        op.add_column("check_point", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "checklist_draft",
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_checklist_draft_authority_id")),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_draft_checklist_id")),
        sa.PrimaryKeyConstraint("checklist_id", name=op.f("pk_checklist_draft")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("checklist_draft")
    for name in ("help_text", "section"):
        op.drop_column("check_point", name)
    op.drop_column("checklist_version", "published_by")
