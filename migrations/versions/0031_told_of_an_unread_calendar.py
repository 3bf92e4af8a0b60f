"""A notice to the person whose own calendar is fetched no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own", "by_command", "address_changed"),
    *("poll_asked", "poll_chosen", "poll_none"),
)


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def upgrade() -> None:
    allow_notices((*KINDS, "calendar_unread"))


def downgrade() -> None:
    of_it = "FROM notice WHERE notice_kind = 'calendar_unread'"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow_notices(KINDS)
