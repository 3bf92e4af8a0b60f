"""A place in one unit is offered to a work address, and taken by who holds the link."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

FOLDER = Path(__file__).parents[1] / "policies"


def upgrade() -> None:
    _make_invitation()
    op.create_table(
        "invitation_acceptance",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id", "authority_id"],
            ["invitation.id", "invitation.authority_id"],
            name=op.f("fk_invitation_acceptance_invitation_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitation_acceptance")),
    )
    _drop_staff_policies()
    for statement in (FOLDER / "0014.sql").read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def _make_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_number", sa.Text(), nullable=True),
        sa.Column(
            "language",
            sa.Enum("sv", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id", "authority_id"],
            ["unit.id", "unit.authority_id"],
            name=op.f("fk_invitation_unit_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitation_hash")),
        sa.UniqueConstraint("id", "authority_id", name=op.f("uq_invitation_id_authority_id")),
    )
    op.create_index("ix_invitation_authority_id", "invitation", ["authority_id"], unique=False)


def downgrade() -> None:
    _drop_staff_policies()
    for statement in (FOLDER / "0001.sql").read_text("utf-8").splitlines():
        if " ON staff " in statement and "POLICY may_" in statement:
            op.execute(statement.replace(":", r"\:"))
    op.drop_table("invitation_acceptance")
    op.drop_table("invitation")


def _drop_staff_policies() -> None:
    for name in ("may_select", "may_insert", "may_update"):
        op.execute(f"DROP POLICY {name} ON staff")
