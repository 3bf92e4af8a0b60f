"""What a person asked for instead of answering, and that a planner looked at it; a calendar's name opens its person."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

POLICIES = Path(__file__).parents[1] / "policies" / "0021.sql"
OLD = "'sign_in', 'session', 'api', 'feed', 'answer', 'reply', 'bounce', 'halfway', 'field_session'"
NEW = f"{OLD}, 'event'"


def allow_purposes(purposes: str) -> None:
    op.drop_constraint("ck_token_purpose", "token")
    op.create_check_constraint(op.f("ck_token_purpose"), "token", f"purpose IN ({purposes})")


def of_a_reply(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["reply_id", "operation_id", "authority_id"],
            ["reply.id", "reply.operation_id", "reply.authority_id"],
            name=op.f(f"fk_{table}_reply_id_operation_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f(f"fk_{table}_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reply_id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    allow_purposes(NEW)
    op.create_table(
        "reply_wish",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("colleague_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_reply_wish_whole")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_reply_wish_forwards")),
        sa.CheckConstraint("starts_at IS NOT NULL OR colleague_id IS NOT NULL", name=op.f("ck_reply_wish_something")),
        sa.ForeignKeyConstraint(
            ["colleague_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_reply_wish_colleague_id_authority_id"),
        ),
        *of_a_reply("reply_wish"),
    )
    op.create_table(
        "reply_settled",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "settled_by_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_reply_settled_person_id_settled_by_id"),
        ),
        *of_a_reply("reply_settled"),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("reply_settled")
    op.drop_table("reply_wish")
    op.execute(f"DELETE FROM token WHERE purpose NOT IN ({OLD})")
    allow_purposes(OLD)
