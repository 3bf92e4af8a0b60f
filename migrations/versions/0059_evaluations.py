"""Evaluations of a pledge's quarters and years: compiled, written beside, approved by the parties, published once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0059"
down_revision = "0058"

POLICIES = Path(__file__).parents[1] / "policies" / "0059.sql"
TABLES: Final = ("evaluation_publication", "evaluation_approval", "evaluation_text", "evaluation")
TO_PLEDGE: Final = ["pledge_id", "collaboration_id"]
TO_EVALUATION: Final = ["evaluation_id", "pledge_id", "collaboration_id"]


def of(name: str, kind: TypeEngine[Any], *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=not needed)


def key(table: str, columns: list[str], to: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, to, name=op.f(f"fk_{table}_{'_'.join(columns)}"))


def to_pledge(table: str) -> sa.ForeignKeyConstraint:
    return key(table, TO_PLEDGE, ["pledge.id", "pledge.collaboration_id"])


def to_evaluation(table: str) -> sa.ForeignKeyConstraint:
    return key(table, TO_EVALUATION, ["evaluation.id", "evaluation.pledge_id", "evaluation.collaboration_id"])


def written(table: str) -> list[sa.schema.SchemaItem]:
    """For which pledge, by whom."""
    return [
        of("pledge_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("authority_id", sa.Uuid()),
        of("person_id", sa.Uuid()),
        key(table, ["authority_id"], ["authority.id"]),
    ]


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    table = "evaluation"
    op.create_table(
        table,
        of("id", sa.Uuid()),
        *written(table),
        of("period", sa.Text()),
        of("version", sa.Integer()),
        of("asked_at", sa.DateTime(timezone=True)),
        of("compiled_at", sa.DateTime(timezone=True), needed=False),
        of("content", sa.JSON(), needed=False),
        of("basis", sa.Text(), needed=False),
        of("digest", sa.Text(), needed=False),
        primary(table, "id"),
        to_pledge(table),
        *(
            sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))
            for columns in (("id", "pledge_id", "collaboration_id"), ("pledge_id", "period", "version"))
        ),
        sa.CheckConstraint("num_nulls(compiled_at, content, basis, digest) IN (0, 4)", name=op.f(f"ck_{table}_whole")),
    )
    table = "evaluation_text"
    op.create_table(
        table,
        *written(table),
        of("period", sa.Text()),
        of("subject_id", sa.Uuid()),
        of("version", sa.Integer()),
        of("evaluation_version", sa.Integer()),
        of("at", sa.DateTime(timezone=True)),
        of("text", sa.Text()),
        primary(table, "pledge_id", "period", "subject_id", "version"),
        to_pledge(table),
    )
    table = "evaluation_approval"
    op.create_table(
        table,
        *written(table),
        of("evaluation_id", sa.Uuid()),
        of("digest", sa.Text()),
        of("at", sa.DateTime(timezone=True)),
        primary(table, "evaluation_id", "authority_id", "digest"),
        to_evaluation(table),
    )
    table = "evaluation_publication"
    op.create_table(
        table,
        *written(table),
        of("evaluation_id", sa.Uuid()),
        of("at", sa.DateTime(timezone=True)),
        of("content", sa.JSON()),
        of("digest", sa.Text()),
        primary(table, "pledge_id"),
        to_evaluation(table),
    )
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE task = 'samsyn.pledges.compile_evaluation'")
    for table in TABLES:
        op.drop_table(table)
