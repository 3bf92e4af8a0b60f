"""Agreements: a draft has no day of signing, from when it holds, and documents that lie encrypted on the disk."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

POLICIES = Path(__file__).parents[1] / "policies" / "0058.sql"
TABLE = "agreement_file"


def until(condition: str) -> None:
    op.drop_constraint(op.f("ck_agreement_until"), "agreement")
    op.create_check_constraint(op.f("ck_agreement_until"), "agreement", condition)


def upgrade() -> None:
    op.add_column("agreement", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agreement", sa.Column("from_on", sa.Date(), nullable=True))
    op.execute("UPDATE agreement SET from_on = signed_on")
    op.alter_column("agreement", "from_on", nullable=False)
    op.alter_column("agreement", "signed_on", nullable=True)
    until("until_on > from_on")
    op.create_check_constraint(op.f("ck_agreement_removed"), "agreement", "removed_at IS NULL OR signed_on IS NULL")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "media_type")),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("content_hmac", "key_name")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "collaboration_id"],
            ["agreement.id", "agreement.collaboration_id"],
            name=op.f(f"fk_{TABLE}_agreement_id_collaboration_id"),
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f(f"fk_{TABLE}_authority_id")),
        sa.UniqueConstraint("agreement_id", "content_hmac", name=op.f(f"uq_{TABLE}_agreement_id_content_hmac")),
        sa.CheckConstraint("size > 0", name=op.f(f"ck_{TABLE}_size")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table(TABLE)
    drafts = "SELECT id FROM agreement WHERE signed_on IS NULL"  # none was signed, and none is said to be
    op.execute(f"UPDATE pledge SET agreement_id = NULL WHERE agreement_id IN ({drafts})")
    op.execute(f"DELETE FROM agreement WHERE id IN ({drafts})")
    op.execute("UPDATE agreement SET signed_on = from_on WHERE signed_on >= until_on")
    op.drop_column("agreement", "removed_at")
    until("until_on > signed_on")
    op.drop_column("agreement", "from_on")
    op.alter_column("agreement", "signed_on", nullable=False)
