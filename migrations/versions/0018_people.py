"""Deputies; nobody makes a token for a colleague; a notice that the lead was handed over."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

FOLDER = Path(__file__).parents[1] / "policies"
KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm"),
)
HANDED = "lead_handed"
MADE = ("may_insert", "may_update")
"""Policies of ``token`` that are written anew."""


def the_policies(revision: str, *which: str) -> None:
    for statement in (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines():
        if all(words in statement for words in which):
            op.execute(statement.replace(":", r"\:"))


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def token_policies(revision: str) -> None:
    for name in MADE:
        op.execute(f"DROP POLICY {name} ON token")
        the_policies(revision, f"POLICY {name} ON token ")


def upgrade() -> None:
    allow_notices((*KINDS, HANDED))
    op.create_table(
        "deputy",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_on BETWEEN from_on AND from_on + 90", name=op.f("ck_deputy_some_days")),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_deputy_another")),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_deputy_person_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_deputy_deputy_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index("ix_deputy_authority_id", "deputy", ["authority_id"], unique=False)
    the_policies("0018", " deputy")
    token_policies("0018")


def downgrade() -> None:
    token_policies("0001")
    op.drop_table("deputy")
    of_it = f"FROM notice WHERE notice_kind = '{HANDED}'"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow_notices(KINDS)
