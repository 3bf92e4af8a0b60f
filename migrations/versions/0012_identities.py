"""Identities of outside providers as rows of their own, found by a digest; the person's two columns were never filled."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

POLICIES = Path(__file__).parents[1] / "policies" / "0012.sql"


def upgrade() -> None:
    op.drop_constraint(op.f("uq_person_issuer_subject"), "person")
    op.drop_column("person", "issuer")
    op.drop_column("person", "subject")
    op.create_table(
        "identity",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_identity_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("hash", name=op.f("uq_identity_hash")),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"], unique=False)
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("identity")
    op.add_column("person", sa.Column("issuer", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("subject", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_person_issuer_subject"), "person", ["issuer", "subject"])
