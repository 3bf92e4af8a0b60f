"""Follow-ups: who sees to a finding or an outcome until when; a notice to its owner on the day."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

POLICIES = Path(__file__).parents[1] / "policies" / "0038.sql"
PART = ("part_id", "visit_id", "operation_id", "authority_id")
OF_ONE = (
    "num_nonnulls(finding_id, outcome_id) = 1 AND (finding_id IS NULL) = (finding_version IS NULL)"
    " AND (outcome_id IS NULL) = (outcome_version IS NULL)"
)
LENGTHS = "length(text) <= 2000 AND length(reason) <= 2000"
KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own", "by_command", "address_changed"),
    *("poll_asked", "poll_chosen", "poll_none", "calendar_unread"),
)


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def key(columns: tuple[str, ...], to: tuple[str, ...], ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        list(columns), list(to), name=op.f(f"fk_follow_up_{'_'.join(columns)}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in PART),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("finding_version", sa.Integer(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("outcome_version", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'carried', 'done', 'dropped')", name=op.f("ck_follow_up_followupstate")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_follow_up_version")),
        sa.CheckConstraint(OF_ONE, name=op.f("ck_follow_up_of_one")),
        sa.CheckConstraint("state <> 'dropped' OR length(reason) > 0", name=op.f("ck_follow_up_dropped_with_reason")),
        sa.CheckConstraint(LENGTHS, name=op.f("ck_follow_up_text_length")),
        key(PART, ("visit_part.id", *(f"visit_part.{name}" for name in PART[1:]))),
        key(("owner_id", "authority_id"), ("staff.person_id", "staff.authority_id")),
        key(("finding_id", "finding_version"), ("finding.finding_id", "finding.version"), "CASCADE"),
        key(("outcome_id", "outcome_version", "part_id"), ("outcome.outcome_id", "outcome.version", "outcome.part_id")),
        sa.PrimaryKeyConstraint("follow_up_id", "version", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_part_id", "follow_up", ["part_id"])
    op.create_index("ix_follow_up_authority_id_due_on", "follow_up", ["authority_id", "due_on"])
    op.create_index("ix_follow_up_finding_id_finding_version", "follow_up", ["finding_id", "finding_version"])
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))
    allow_notices((*KINDS, "follow_up_due"))


def downgrade() -> None:
    of_it = "FROM notice WHERE notice_kind = 'follow_up_due'"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow_notices(KINDS)
    op.drop_table("follow_up")
