"""A promise may be a return visit within so many days, only where a deficiency was serious or where any was."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

FORMS: Final = ("occasions", "coverage", "share", "date")
CHECKS: Final = (
    ("return_visit", "(form = 'return_visit') = (within_days IS NOT NULL)"),
    ("within_days", "within_days BETWEEN 1 AND 366"),
    ("serious", "form = 'return_visit' OR NOT serious"),
)


def allow(*forms: str) -> None:
    op.drop_constraint(op.f("ck_commitment_commitmentform"), "commitment")
    words = ", ".join(repr(form) for form in forms)
    op.create_check_constraint(op.f("ck_commitment_commitmentform"), "commitment", f"form IN ({words})")


def upgrade() -> None:
    allow(*FORMS, "return_visit")
    op.add_column("commitment", sa.Column("within_days", sa.Integer(), nullable=True))
    op.add_column("commitment", sa.Column("serious", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("commitment", "serious", server_default=None)
    for name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_commitment_{name}"), "commitment", condition)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE task = 'samsyn.pledges.count_returns'")
    op.drop_column("commitment", "serious")
    op.drop_column("commitment", "within_days")
    op.execute(
        "UPDATE commitment SET carried_to_id = NULL WHERE carried_to_id IN (SELECT id FROM commitment WHERE form = 'return_visit')"
    )
    op.execute("DELETE FROM commitment WHERE form = 'return_visit'")
    allow(*FORMS)
