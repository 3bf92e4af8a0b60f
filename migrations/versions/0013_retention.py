"""Retention: rules, holds, protocols; the worker may remove what a rule lets go, and clear technical rows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

FOLDER = Path(__file__).parents[1] / "policies"
DELETED = ("evidence", "finding", "idempotency_key", "outbox", "rendering", "test_purchase", "token")
BEFORE = (
    ("0001", "may_select_unit", "evidence"),
    ("0001", "may_select_unit", "finding"),
    ("0001", "may_select", "idempotency_key"),
    ("0007", "may_select_unit", "test_purchase"),
    ("0010", "may_select_unit", "records_item"),
    ("0010", "may_select_unit", "records_package"),
)
"""What stood before and in whose file."""


def run(statement: str) -> None:
    op.execute(statement.replace(":", r"\:"))


def upgrade() -> None:
    op.create_table(
        "records_hold",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_records_hold_lifted_by_somebody")
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_records_hold_reason_length")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_records_hold_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_hold")),
    )
    op.create_index("ix_records_hold_authority_id", "records_hold", ["authority_id"], unique=False)
    op.create_table(
        "retention_rule",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "data_class",
            sa.Enum(
                "findings",
                "pictures",
                "purchases",
                "documents",
                name="dataclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("preserve", sa.Boolean(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("decision_ref", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("preserve OR decision_ref <> ''", name=op.f("ck_retention_rule_decided")),
        sa.CheckConstraint("years BETWEEN 0 AND 100", name=op.f("ck_retention_rule_years")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_retention_rule_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint(
            "authority_id", "data_class", "version", name=op.f("uq_retention_rule_authority_id_data_class_version")
        ),
    )
    op.create_table(
        "retention_run",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "data_class",
            sa.Enum(
                "findings",
                "pictures",
                "purchases",
                "documents",
                name="dataclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("decision_ref", sa.Text(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("objects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_retention_run_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(
        "ix_retention_run_authority_id_ordered_at", "retention_run", ["authority_id", "ordered_at"], unique=False
    )
    for statement in (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines():
        run(statement)


def downgrade() -> None:
    for table in DELETED:
        run(f"DROP POLICY may_delete ON {table}")
        run(f"REVOKE DELETE ON {table} FROM samsyn_app")
    for file, name, table in BEFORE:
        run(f"DROP POLICY {name} ON {table}")
        for statement in (FOLDER / f"{file}.sql").read_text("utf-8").splitlines():
            if statement.startswith((f"CREATE POLICY {name} ON {table} ", f"COMMENT ON POLICY {name} ON {table} ")):
                run(statement)
    for table in ("retention_run", "records_hold", "retention_rule"):
        op.drop_table(table)
