"""That an officer went over to helping is read by the police and by who asked for it, not by all who take part."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision = "0062"
down_revision = "0061"

POLICIES: Final = Path(__file__).parents[1] / "policies" / "0062.sql"


def upgrade() -> None:
    for statement in POLICIES.read_text("utf-8").splitlines():
        if "POLICY may_select_help ON presence " in statement:
            op.execute(statement.replace(":", r"\:"))
    op.create_index("ix_help_answer_presence_id", "help_answer", ["presence_id"])


def downgrade() -> None:
    op.drop_index("ix_help_answer_presence_id", "help_answer")
    op.execute("DROP POLICY may_select_help ON presence")
