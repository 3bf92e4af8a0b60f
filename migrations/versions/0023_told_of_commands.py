"""Notices of commands on the server and of a changed address; mail that told of a bounce goes after ninety days."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

POLICIES = Path(__file__).parents[1] / "policies" / "0023.sql"
KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own"),
)
NEW = ("by_command", "address_changed")


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def upgrade() -> None:
    allow_notices((*KINDS, *NEW))
    for statement in POLICIES.read_text("utf-8").splitlines():
        if "may_delete" in statement or statement.startswith("GRANT"):
            op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DROP POLICY may_delete ON inbound")
    op.execute("REVOKE DELETE ON inbound FROM samsyn_app")
    of_it = "FROM notice WHERE notice_kind IN ('by_command', 'address_changed')"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow_notices(KINDS)
