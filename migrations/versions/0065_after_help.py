"""The way back from helping is read by the police alone; who left a collaboration can take its own buckets away."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"

POLICIES: Final = Path(__file__).parents[1] / "policies"
CHANGED: Final = {"may_select_help ON presence": "0062", "may_select ON signal_count": "0054"}
_BEFORE: Final = """SELECT e.police_role FROM presence e
   WHERE e.visit_id = p.visit_id AND e.person_id = p.person_id AND e.authority_id = p.authority_id AND e.what = 'role'
     AND (e.at < p.at OR e.at = p.at AND (e.written_at, p.id) < (p.written_at, e.id)){shown}
   ORDER BY e.at DESC, e.written_at DESC, e.id LIMIT 1"""
_SHOWN: Final = " AND e.police_role <> 'assistance' AND NOT e.after_help"
FOLLOWS: Final = f"""UPDATE presence p SET after_help = true
 WHERE p.what = 'role' AND ({_BEFORE.format(shown="")}) = 'assistance'"""
# To the role that the others believe holds: what was shown to them before, else what the part began with.
NOTHING_NEW: Final = f"""UPDATE presence p SET after_help = true
 WHERE p.what = 'role' AND NOT p.after_help
   AND coalesce(({_BEFORE.format(shown=_SHOWN)}) = p.police_role, EXISTS (
     SELECT 1 FROM part_answer a
      WHERE a.visit_id = p.visit_id AND a.authority_id = p.authority_id AND a.police_role = p.police_role))"""


def upgrade() -> None:
    op.add_column("presence", sa.Column("after_help", sa.Boolean(), server_default="false", nullable=False))
    op.execute(FOLLOWS)
    op.execute(NOTHING_NEW)
    for policy in CHANGED:
        put("0065", policy)


def downgrade() -> None:
    for policy, frozen in CHANGED.items():
        put(frozen, policy)
    op.drop_column("presence", "after_help")


def put(frozen: str, policy: str) -> None:
    """Let a policy be as it was frozen in a revision."""
    op.execute(f"DROP POLICY {policy}")
    for statement in (POLICIES / f"{frozen}.sql").read_text("utf-8").splitlines():
        if f"POLICY {policy} " in statement:
            op.execute(statement.replace(":", r"\:"))
