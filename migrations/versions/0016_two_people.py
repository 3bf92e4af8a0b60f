"""What needs two people: who asked, another's decision, and that it was used; none of it is ever changed."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

POLICIES = Path(__file__).parents[1] / "policies" / "0016.sql"
OF = ["approval_id", "authority_id"]


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Enum("export", "member", name="matter", native_enum=False, length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 1000", name=op.f("ck_approval_reason_length")),
        sa.CheckConstraint(
            "(matter = 'member') = (collaboration_id IS NOT NULL AND member_id IS NOT NULL)",
            name=op.f("ck_approval_subject"),
        ),
        sa.CheckConstraint("matter IN ('export', 'member')", name=op.f("ck_approval_matter")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_approval_authority_id")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_approval_collaboration_id")),
        sa.ForeignKeyConstraint(["member_id"], ["authority.id"], name=op.f("fk_approval_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("id", "authority_id", name=op.f("uq_approval_id_authority_id")),
    )
    op.create_index("ix_approval_authority_id_asked_at", "approval", ["authority_id", "asked_at"], unique=False)
    op.create_table(
        "approval_decision",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) <= 1000", name=op.f("ck_approval_decision_reason_length")),
        sa.ForeignKeyConstraint(
            OF, ["approval.id", "approval.authority_id"], name=op.f("fk_approval_decision_approval_id_authority_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_approval_decision")),
    )
    op.create_table(
        "approval_use",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("used_by_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            OF, ["approval.id", "approval.authority_id"], name=op.f("fk_approval_use_approval_id_authority_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_approval_use")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("approval_use")
    op.drop_table("approval_decision")
    op.drop_table("approval")
