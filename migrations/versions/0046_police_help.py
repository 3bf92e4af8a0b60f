"""Entry that was refused, requests for the help of the police, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

POLICIES: Final = Path(__file__).parents[1] / "policies" / "0046.sql"
PART: Final = ("part_id", "visit_id", "operation_id", "authority_id")
LAWS: Final = (
    *("ltlp_7_19", "ltn_34", "alkl_9_9", "livsl_27"),
    *("mb_28_8", "lso_5_3", "lbe_24", "aml_7_5", "pbl_11_9"),
)
CONDITIONAL: Final = "(law IN ('ltlp_7_19', 'ltn_34', 'alkl_9_9', 'livsl_27')) = (ground IS NOT NULL)"
NOTICES: Final = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own", "by_command", "address_changed"),
    *("poll_asked", "poll_chosen", "poll_none", "calendar_unread", "follow_up_due"),
)
LATE: Final = ("finding", "photo", "fact", "presence", "end", "hand_in")
ITEMS: Final = (
    *("operation", "visit", "part", "facts", "finding", "picture", "purchase"),
    *("given", "received", "asked", "talk", "mail", "presence", "outcome", "follow_up", "letter"),
)
WORDS: Final = (
    ("notice", "notice_kind", "ck_notice_noticekind", NOTICES, ("help_asked", "help_answered")),
    ("quarantine", "what", "ck_quarantine_latekind", LATE, ("refusal", "help", "help_answer")),
    ("records_item", "item_kind", "ck_records_item_itemkind", ITEMS, ("refusal", "police_help")),
)


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def key(table: str, columns: tuple[str, ...], to: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(list(columns), list(to), name=op.f(f"fk_{table}_{'_'.join(columns)}"))


def ids(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", *names)]


def written() -> list[sa.Column[Any]]:
    by = sa.Column("written_by", sa.Uuid(), nullable=False)
    return [by, sa.Column("written_at", sa.DateTime(timezone=True), nullable=False)]


def allow(table: str, column: str, check: str, words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    op.create_check_constraint(op.f(check), table, sa.column(column).in_(words))


def upgrade() -> None:
    to_part = ("visit_part.id", *(f"visit_part.{name}" for name in PART[1:]))
    op.create_table(
        "entry_refusal",
        *ids(*PART),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        *written(),
        sa.CheckConstraint(
            "length(by_role) BETWEEN 1 AND 200 AND length(said) <= 2000", name=op.f("ck_entry_refusal_text_length")
        ),
        key("entry_refusal", PART, to_part),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_refusal")),
        sa.UniqueConstraint("id", "part_id", name=op.f("uq_entry_refusal_id_part_id")),
    )
    op.create_index("ix_entry_refusal_part_id", "entry_refusal", ["part_id"])
    create_requests(to_part)
    create_answers()
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))
    for table, column, check, before, new in WORDS:
        allow(table, column, check, (*before, *new))


def create_requests(to_part: tuple[str, ...]) -> None:
    op.create_table(
        "help_request",
        *ids(*PART),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("refusal_id", sa.Uuid(), nullable=True),
        sa.Column("answers_id", sa.Uuid(), nullable=False),
        sa.Column("answers_unit_id", sa.Uuid(), nullable=True),
        sa.Column("law", word("helplaw", *LAWS), nullable=False),
        sa.Column("ground", word("helpground", "powers", "exceptional"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *written(),
        sa.CheckConstraint(CONDITIONAL, name=op.f("ck_help_request_conditional")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 2000", name=op.f("ck_help_request_reason_length")),
        key("help_request", PART, to_part),
        key("help_request", ("refusal_id", "part_id"), ("entry_refusal.id", "entry_refusal.part_id")),
        key(
            "help_request",
            ("operation_id", "answers_id"),
            ("participation.operation_id", "participation.authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
        sa.UniqueConstraint(
            *("id", "visit_id", "operation_id", "answers_id", "authority_id"),
            name=op.f("uq_help_request_id_visit_id_operation_id_answers_id_authority_id"),
        ),
    )
    op.create_index("ix_help_request_part_id", "help_request", ["part_id"])
    op.create_index("ix_help_request_answers_id_at", "help_request", ["answers_id", "at"])


def create_answers() -> None:
    asked = ("request_id", "visit_id", "operation_id", "authority_id", "asker_id")
    to_asked = tuple(
        f"help_request.{name}" for name in ("id", "visit_id", "operation_id", "answers_id", "authority_id")
    )
    op.create_table(
        "help_answer",
        *ids(*asked),
        sa.Column("what", word("helped", "coming", "cannot", "given"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Uuid(), nullable=True),
        *written(),
        sa.CheckConstraint("presence_id IS NULL OR what = 'given'", name=op.f("ck_help_answer_role_when_given")),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_help_answer_text_length")),
        key("help_answer", asked, to_asked),
        key("help_answer", ("presence_id",), ("presence.id",)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_answer")),
    )
    op.create_index("ix_help_answer_request_id", "help_answer", ["request_id"])


def downgrade() -> None:
    seen = "SELECT id FROM notice WHERE notice_kind IN ('help_asked', 'help_answered')"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN ({seen})")
    for table, column, check, before, new in WORDS:
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({', '.join(repr(one) for one in new)})")
        allow(table, column, check, before)
    for table in ("help_answer", "help_request", "entry_refusal"):
        op.drop_table(table)
