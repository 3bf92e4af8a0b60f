"""What a phone sends after its field session was ended: apart from everything, for seven days."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

POLICIES = Path(__file__).parents[1] / "policies" / "0042.sql"
KINDS = ("finding", "photo", "fact", "presence", "end", "hand_in")


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("what", word("latekind", *KINDS), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", word("settled", "taken", "discarded"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (settled IS NULL)", name=op.f("ck_quarantine_settled_whole")),
        sa.CheckConstraint("(settled_at IS NULL) = (body IS NOT NULL)", name=op.f("ck_quarantine_gone_when_settled")),
        sa.CheckConstraint("length(device) <= 200", name=op.f("ck_quarantine_device_length")),
        sa.ForeignKeyConstraint(
            ["visit_id", "operation_id"],
            ["visit.id", "visit.operation_id"],
            name=op.f("fk_quarantine_visit_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_quarantine_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_authority_id_at", "quarantine", ["authority_id", "at"])
    op.create_index("ix_quarantine_visit_id", "quarantine", ["visit_id"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("quarantine")
