"""A person's own calendar is fetched: where it is, when it was read, and for how long that holds."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

FOLDER = Path(__file__).parents[1] / "policies"
FAULTS = (
    "address",
    "not_public",
    "away",
    "certificate",
    "slow",
    "too_large",
    "closed",
    "gone",
    "server",
    "redirects",
    "no_calendar",
    "broken",
    "zone",
    "too_many",
    "heavy",
    "internal",
)


def upgrade() -> None:
    op.create_table(
        "busy_source",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "fault", sa.Enum(*FAULTS, name="fault", native_enum=False, create_constraint=True, length=40), nullable=True
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_busy_source_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_source")),
        sa.UniqueConstraint("person_id", "authority_id", name=op.f("uq_busy_source_person_id_authority_id")),
    )
    op.create_table(
        "busy_reading",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tells", postgresql.TSTZRANGE(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_busy_reading_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", "authority_id", name=op.f("pk_busy_reading")),
    )
    op.add_column("unavailable", sa.Column("good_until", sa.DateTime(timezone=True), nullable=True))
    # What an earlier reading said and a later one did not is of no use to anybody.
    op.execute("DELETE FROM busy_time WHERE withdrawn_at IS NOT NULL")
    op.drop_column("busy_time", "withdrawn_at")
    for statement in (FOLDER / "0028.sql").read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))
    op.execute("GRANT DELETE ON busy_time TO samsyn_app")


def downgrade() -> None:
    op.execute("DROP POLICY may_delete ON busy_time")
    op.execute("REVOKE DELETE ON busy_time FROM samsyn_app")
    op.add_column("busy_time", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("unavailable", "good_until")
    op.drop_table("busy_reading")
    op.drop_table("busy_source")
