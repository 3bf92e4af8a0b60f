"""Sessions with their last use, one-time codes, scoped tokens, counted refusals."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

POLICIES = Path(__file__).parents[1] / "policies" / "0006.sql"
OLD = "'sign_in', 'session', 'api', 'feed', 'answer', 'reply', 'bounce'"
NEW = f"{OLD}, 'halfway', 'field_session'"


def upgrade() -> None:
    _widen_token()
    _make_ways()
    _make_door()
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def _widen_token() -> None:
    op.drop_constraint("ck_token_purpose", "token")
    op.create_check_constraint(op.f("ck_token_purpose"), "token", f"purpose IN ({NEW})")
    op.add_column("token", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))
    op.add_column("token", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("token", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("token", sa.Column("origin", sa.Text(), nullable=True))
    op.add_column("token", sa.Column("name", sa.Text(), nullable=True))
    scopes = sa.Column("scopes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    op.add_column("token", scopes)
    op.add_column("token", sa.Column("operation_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_token_id"), "token", ["id"])
    op.create_check_constraint(op.f("ck_token_scoped"), "token", "scopes IS NULL OR purpose = 'api'")
    field = "operation_id IS NULL OR purpose = 'field_session'"
    op.create_check_constraint(op.f("ck_token_field"), "token", field)


def _make_ways() -> None:
    op.create_table(
        "totp",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_totp_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("person_id", "hash", name=op.f("pk_recovery_code")),
    )


def _make_door() -> None:
    op.create_table(
        "attempt",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_hash_until", "attempt", ["hash", "until"], unique=False)
    op.create_index("ix_attempt_until", "attempt", ["until"], unique=False)


def downgrade() -> None:
    for table in ("attempt", "recovery_code", "totp"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_token_field"), "token")
    op.drop_constraint(op.f("ck_token_scoped"), "token")
    for column in ("operation_id", "scopes", "name", "origin", "device", "seen_at", "id"):
        op.drop_column("token", column)
    # Credentials of kinds that the older house does not know open nothing there.
    op.execute(f"DELETE FROM token WHERE purpose NOT IN ({OLD})")
    op.drop_constraint("ck_token_purpose", "token")
    op.create_check_constraint(op.f("ck_token_purpose"), "token", f"purpose IN ({OLD})")
