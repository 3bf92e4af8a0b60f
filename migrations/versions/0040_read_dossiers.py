"""When a person last read a dossier, and what stood in it, as short digests."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"

POLICIES = Path(__file__).parents[1] / "policies" / "0040.sql"


def upgrade() -> None:
    keys = ("person_id", "reader_id", "business_id")
    op.create_table(
        "dossier_reading",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in keys),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.JSONB(), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dossier_reading_person_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["authority.id"], name=op.f("fk_dossier_reading_reader_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_dossier_reading_business_id")),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_dossier_reading")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("dossier_reading")
