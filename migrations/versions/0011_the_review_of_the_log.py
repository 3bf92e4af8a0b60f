"""The log under review: a month's sample, alarms, how far was looked; notices about no operation; the sealer's way."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

POLICIES = Path(__file__).parents[1] / "policies" / "0011.sql"
KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn"),
)
ALARM = "log_alarm"
# The sealer walks the trail in this order, from where it is: a backlog is read once, not anew for every batch.
WAYS = ("xid", "at", "id")


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def the_policies(revision: str, *which: str) -> None:
    for statement in POLICIES.with_name(f"{revision}.sql").read_text("utf-8").splitlines():
        if all(words in statement for words in which):
            op.execute(statement.replace(":", r"\:"))


def upgrade() -> None:
    allow_notices((*KINDS, ALARM))
    op.alter_column("notice", "operation_id", existing_type=sa.Uuid(), nullable=True)
    op.execute("DROP POLICY may_select ON notice")
    op.execute("DROP POLICY may_insert ON notice")
    op.execute("DROP INDEX ix_audit_xid")
    op.execute(f"CREATE INDEX ix_audit_xid_at_id ON audit ({', '.join(WAYS)})")
    op.create_table(
        "log_month",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("of_lines", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_log_month_authority_id")),
        sa.PrimaryKeyConstraint("authority_id", "month", name=op.f("pk_log_month")),
    )
    op.create_table(
        "log_sample",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("audit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verdict", word("verdict", "in_order", "look_closer"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ticked_by", sa.Uuid(), nullable=True),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_log_sample_note_length")),
        sa.CheckConstraint("(verdict IS NULL) = (ticked_at IS NULL)", name=op.f("ck_log_sample_ticked")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_log_sample_authority_id")),
        sa.ForeignKeyConstraint(
            ["authority_id", "month"],
            ["log_month.authority_id", "log_month.month"],
            name=op.f("fk_log_sample_authority_id_month"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "audit_id", name=op.f("pk_log_sample")),
    )
    op.create_index(
        "ix_log_sample_authority_id_month_position", "log_sample", ["authority_id", "month", "position"], unique=False
    )
    op.create_table(
        "log_alarm",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "alarm",
            word("alarm", "many", "out_of_hours", "not_own", "recused", "refused", "export"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handling", word("handling", "explained", "forwarded"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_log_alarm_note_length")),
        sa.CheckConstraint("(handling IS NULL) = (handled_at IS NULL)", name=op.f("ck_log_alarm_handled")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_log_alarm_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_alarm")),
        sa.UniqueConstraint(
            *("authority_id", "alarm", "person_id", "starts_at", "subject_id"),
            name=op.f("uq_log_alarm_authority_id_alarm_person_id_starts_at_subject_id"),
        ),
    )
    op.create_index("ix_log_alarm_authority_id_starts_at", "log_alarm", ["authority_id", "starts_at"], unique=False)
    op.create_table(
        "log_watch",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_log_watch_authority_id")),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_log_watch")),
    )
    the_policies("0011")


def downgrade() -> None:
    for table in ("log_watch", "log_alarm", "log_sample", "log_month"):
        op.drop_table(table)
    op.execute("DROP INDEX ix_audit_xid_at_id")
    op.execute("CREATE INDEX ix_audit_xid ON audit (xid)")
    op.execute("DROP POLICY may_select ON notice")
    op.execute("DROP POLICY may_insert ON notice")
    of_none = "FROM notice WHERE operation_id IS NULL OR notice_kind = 'log_alarm'"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_none})")
    op.execute(f"DELETE {of_none}")
    op.alter_column("notice", "operation_id", existing_type=sa.Uuid(), nullable=False)
    allow_notices(KINDS)
    the_policies("0002", "POLICY may_", " ON notice ")
