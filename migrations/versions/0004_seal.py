"""The trail is sealed: a digest of each act, the chain over them, its signed ends and how the sealer fares."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

POLICIES = Path(__file__).parents[1] / "policies" / "0004.sql"
DIGEST = r"""
    sha256('\x73616d73796e2d61756469742d31'::bytea || int8send(xid) || timestamptz_send(at) || uuid_send(id)
    || uuid_send(actor_authority_id) || coalesce('\x01'::bytea || uuid_send(actor_person_id), '\x00'::bytea)
    || uuid_send(object_authority_id) || uuid_send(object_id)
    || int4send(octet_length(action)) || decode(replace(action, '\', '\\'), 'escape')
    || coalesce('\x01'::bytea || int4send(octet_length(reason)) || decode(replace(reason, '\', '\\'), 'escape'),
                '\x00'::bytea))"""


def upgrade() -> None:
    # Computed when read: nothing to write with each act, and nothing that could be left standing beside an edited one.
    op.execute(
        sa.text(
            f"ALTER TABLE audit ADD COLUMN digest bytea GENERATED ALWAYS AS ({DIGEST.replace(':', chr(92) + ':')}) VIRTUAL"
        )
    )
    op.execute("CREATE INDEX ix_audit_xid ON audit (xid)")
    op.execute("GRANT SELECT (digest) ON audit TO samsyn_sealer")
    op.create_table(
        "sealed",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("audit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_sealed")),
        sa.UniqueConstraint("n", name=op.f("uq_sealed_n")),
    )
    op.create_table(
        "seal_head",
        sa.Column("n", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_seal_head")),
    )
    op.create_table(
        "seal_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_fault", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_seal_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_state")),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    for table in ("seal_state", "seal_head", "sealed"):
        op.drop_table(table)
    op.execute("DROP INDEX ix_audit_xid")
    op.execute("ALTER TABLE audit DROP COLUMN digest")
