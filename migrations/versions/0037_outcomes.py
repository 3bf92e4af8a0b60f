"""Outcomes: what an authority proposes or decides, as versions, each with the findings that it rests on."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

POLICIES = Path(__file__).parents[1] / "policies" / "0037.sql"
PART = ("part_id", "visit_id", "operation_id", "authority_id")
AT = sa.DateTime(timezone=True)
DECIDED = (
    "state <> 'decided' OR (decided_by IS NOT NULL AND decided_on IS NOT NULL AND length(decider) > 0"
    " AND length(delegation) > 0 AND length(case_number) > 0)"
)


def of_part(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in PART),
        sa.ForeignKeyConstraint(
            list(PART),
            ["visit_part.id", *(f"visit_part.{name}" for name in PART[1:])],
            name=op.f(f"fk_{table}_{'_'.join(PART)}"),
        ),
    ]


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "outcome",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        *of_part("outcome"),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        words("tool"),
        sa.Column("state", sa.String(length=40), nullable=False),
        words("text"),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        words("decider"),
        words("delegation"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        words("case_number"),
        words("reason"),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'decided', 'withdrawn')", name=op.f("ck_outcome_outcomestate")),
        sa.CheckConstraint("decided_by IN ('board', 'delegate')", name=op.f("ck_outcome_decidedby")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_outcome_version")),
        sa.CheckConstraint(DECIDED, name=op.f("ck_outcome_decided_by_whom")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (length(reason) > 0)", name=op.f("ck_outcome_withdrawn_with_reason")
        ),
        sa.CheckConstraint("length(text) <= 4000 AND length(reason) <= 4000", name=op.f("ck_outcome_text_length")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_outcome_amount")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_outcome_operator_id")),
        sa.PrimaryKeyConstraint("outcome_id", "version", name=op.f("pk_outcome")),
        sa.UniqueConstraint("outcome_id", "version", "part_id", name=op.f("uq_outcome_outcome_id_version_part_id")),
    )
    op.create_index("ix_outcome_part_id", "outcome", ["part_id"])
    op.create_index("ix_outcome_authority_id_operator_id", "outcome", ["authority_id", "operator_id"])
    op.create_table(
        "outcome_finding",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("finding_version", sa.Integer(), nullable=False),
        *of_part("outcome_finding"),
        sa.ForeignKeyConstraint(
            ["outcome_id", "version", "part_id"],
            ["outcome.outcome_id", "outcome.version", "outcome.part_id"],
            name=op.f("fk_outcome_finding_outcome_id_version_part_id"),
        ),
        sa.ForeignKeyConstraint(
            ["finding_id", "finding_version"],
            ["finding.finding_id", "finding.version"],
            name=op.f("fk_outcome_finding_finding_id_finding_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outcome_id", "version", "finding_id", name=op.f("pk_outcome_finding")),
    )
    op.create_index("ix_outcome_finding_finding_id", "outcome_finding", ["finding_id", "finding_version"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("outcome_finding")
    op.drop_table("outcome")
