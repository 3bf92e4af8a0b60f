"""Time polls: proposals that are held until a deadline, who is asked, what each answers; and the links they answer by."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.schema import SchemaItem

revision = "0026"
down_revision = "0025"

FOLDER = Path(__file__).parents[1] / "policies"
BOOKING_RULES = ("may_select", "may_insert", "may_update")
PURPOSES = ("sign_in", "session", "api", "feed", "answer", "reply", "bounce", "halfway", "field_session", "event")
KINDS = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own", "by_command", "address_changed"),
)
POLL_KINDS = ("poll_asked", "poll_chosen", "poll_none")
# As for bookings: no contrib extensions, so a range of the key does what btree_gist would.
APART = (
    "ALTER TABLE poll_option ADD CONSTRAINT ex_poll_option_during EXCLUDE USING gist"
    " (uuidrange(poll_id, poll_id, '[]') WITH &&, during WITH &&)"
)
AT = sa.DateTime(timezone=True)


def allow(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, sa.column(column).in_(words))


def key(table: str, columns: list[str], to: list[str], *, follows: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}")
    return sa.ForeignKeyConstraint(columns, to, name=name, onupdate="CASCADE" if follows else None)


def led(table: str) -> list[SchemaItem]:
    """Return what every table of a poll has: its key, the operation and the lead that follows it."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        key(table, ["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], follows=True),
    ]


def of_poll(table: str) -> list[SchemaItem]:
    return [
        *led(table),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        key(table, ["poll_id", "operation_id"], ["poll.id", "poll.operation_id"]),
    ]


def of_authority(table: str, *people: str) -> list[SchemaItem]:
    to = ["participation.operation_id", "participation.authority_id"]
    return [
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        key(table, ["operation_id", "authority_id"], to),
        *(key(table, [one, "authority_id"], ["staff.person_id", "staff.authority_id"]) for one in people),
    ]


def create_polls() -> None:
    op.create_table(
        "poll",
        *led("poll"),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("deadline_at", AT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("chosen_option_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'chosen', 'none', 'withdrawn')", name=op.f("ck_poll_pollstate")),
        sa.CheckConstraint("(state = 'chosen') = (chosen_option_id IS NOT NULL)", name=op.f("ck_poll_chosen")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_poll_ended")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_poll_opened_by_id")),
        sa.UniqueConstraint("id", "operation_id", name=op.f("uq_poll_id_operation_id")),
    )
    op.create_index(
        "uq_poll_operation_id_open", "poll", ["operation_id"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_poll_operation_id", "poll", ["operation_id"])
    op.create_table(
        "poll_option",
        *of_poll("poll_option"),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_poll_option_id_poll_id")),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("ck_poll_option_bounded"),
        ),
    )
    op.create_index("ix_poll_option_operation_id", "poll_option", ["operation_id"])
    op.execute(APART)
    chosen = op.f("fk_poll_chosen_option_id_id")
    op.create_foreign_key(chosen, "poll", "poll_option", ["chosen_option_id", "id"], ["id", "poll_id"])


def create_answers() -> None:
    op.create_table(
        "poll_ask",
        *of_poll("poll_ask"),
        *of_authority("poll_ask", "person_id"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("for_authority", sa.Boolean(), nullable=False),
        sa.UniqueConstraint(
            "poll_id", "person_id", "authority_id", name=op.f("uq_poll_ask_poll_id_person_id_authority_id")
        ),
    )
    op.create_table(
        "poll_vote",
        *of_poll("poll_vote"),
        *of_authority("poll_vote", "person_id", "written_by_id"),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'if_needed', 'no')", name=op.f("ck_poll_vote_pollanswer")),
        key("poll_vote", ["option_id", "poll_id"], ["poll_option.id", "poll_option.poll_id"]),
    )
    op.create_index("ix_poll_vote_poll_id", "poll_vote", ["poll_id"])


def upgrade() -> None:
    create_polls()
    create_answers()
    op.add_column("booking", sa.Column("poll_option_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_booking_poll_option_id"), "booking", "poll_option", ["poll_option_id"], ["id"])
    held_once = op.f("uq_booking_poll_option_id_person_id_authority_id")
    op.create_unique_constraint(held_once, "booking", ["poll_option_id", "person_id", "authority_id"])
    op.add_column("token", sa.Column("poll_ask_id", sa.Uuid(), nullable=True))
    allow("token", "purpose", "ck_token_purpose", (*PURPOSES, "poll"))
    allow("notice", "notice_kind", "ck_notice_noticekind", (*KINDS, *POLL_KINDS))
    for statement in (FOLDER / "0026.sql").read_text("utf-8").splitlines():
        if " ON booking " not in statement and "TABLE booking " not in statement:
            op.execute(statement.replace(":", r"\:"))
    booking_as("0026")


def downgrade() -> None:
    booking_as("0001")
    op.execute("DELETE FROM booking WHERE poll_option_id IS NOT NULL")
    op.drop_column("booking", "poll_option_id")
    op.execute("DELETE FROM token WHERE purpose = 'poll'")
    op.drop_column("token", "poll_ask_id")
    allow("token", "purpose", "ck_token_purpose", PURPOSES)
    of_it = "FROM notice WHERE notice_kind IN ('poll_asked', 'poll_chosen', 'poll_none')"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN (SELECT id {of_it})")
    op.execute(f"DELETE {of_it}")
    allow("notice", "notice_kind", "ck_notice_noticekind", KINDS)
    op.drop_table("poll_vote")
    op.drop_table("poll_ask")
    op.drop_constraint(op.f("fk_poll_chosen_option_id_id"), "poll")
    op.drop_table("poll_option")
    op.drop_table("poll")


def booking_as(revision: str) -> None:
    """Put the rules of bookings that a revision froze in the place of those that stand."""
    statements = (FOLDER / f"{revision}.sql").read_text("utf-8").splitlines()
    for name in BOOKING_RULES:
        op.execute(f"DROP POLICY {name} ON booking")
        for statement in statements:
            if f"POLICY {name} ON booking " in statement:
                op.execute(statement.replace(":", r"\:"))
