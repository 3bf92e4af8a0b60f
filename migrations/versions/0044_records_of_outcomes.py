"""Outcomes, follow-ups, letters and presence may fall under a request to read records."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0044"
down_revision = "0043"

CHECK: Final = "ck_records_item_itemkind"
BEFORE: Final = (
    *("operation", "visit", "part", "facts", "finding", "picture", "purchase"),
    *("given", "received", "asked", "talk", "mail"),
)
NEW: Final = ("presence", "outcome", "follow_up", "letter")


def upgrade() -> None:
    allow((*BEFORE, *NEW))


def downgrade() -> None:
    op.execute(f"DELETE FROM records_item WHERE {one_of(NEW)}")
    allow(BEFORE)


def allow(kinds: tuple[str, ...]) -> None:
    """Let just these kinds of thing stand under a request."""
    op.drop_constraint(op.f(CHECK), "records_item", type_="check")
    op.create_check_constraint(op.f(CHECK), "records_item", one_of(kinds))


def one_of(kinds: tuple[str, ...]) -> str:
    """Return the condition that the kind is one of some."""
    return f"item_kind IN ({', '.join(repr(kind) for kind in kinds)})"
