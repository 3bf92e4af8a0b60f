"""Who was at a visit, from when to when, and in which police role: a log."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

POLICIES = Path(__file__).parents[1] / "policies" / "0035.sql"
WHAT = ("came", "left", "role")
ROLES = (
    *("own_supervision", "alcohol_supervision", "workplace_inspection"),
    *("assistance", "public_order", "criminal_investigation"),
)


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "what", sa.Enum(*WHAT, name="present", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column(
            "police_role",
            sa.Enum(*ROLES, name="policerole", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(what = 'role') = (police_role IS NOT NULL)", name=op.f("ck_presence_role")),
        sa.CheckConstraint("(what = 'role') = (reason IS NOT NULL)", name=op.f("ck_presence_reason")),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("ck_presence_reason_length")),
        sa.ForeignKeyConstraint(
            ["visit_id", "operation_id"],
            ["visit.id", "visit.operation_id"],
            name=op.f("fk_presence_visit_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["operation_id", "authority_id"],
            ["participation.operation_id", "participation.authority_id"],
            name=op.f("fk_presence_operation_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_presence_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_visit_id", "presence", ["visit_id"])
    op.create_index("ix_presence_operation_id", "presence", ["operation_id"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("presence")
