"""Notices of a question to a colleague and of its answer, and of a role that somebody took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
)
NEW = ("approval_asked", "approval_answered", "roles_own")


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def upgrade() -> None:
    allow_notices((*KINDS, *NEW))


def downgrade() -> None:
    of_it = "FROM notice WHERE notice_kind IN ('approval_asked', 'approval_answered', 'roles_own')"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow_notices(KINDS)
