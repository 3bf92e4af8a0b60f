"""Campaigns that are changed: units and competences, teams, due days, why a place is left out, what a plan was of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision = "0047"
down_revision = "0046"

AT = sa.DateTime(timezone=True)
FILLED: tuple[tuple[str, str, TypeEngine[Any], str], ...] = (
    ("campaign", "load_days", sa.Integer(), "0"),
    ("campaign", "teams", JSONB(), "'{}'::jsonb"),
    ("campaign", "changed_at", AT, "made_at"),
    ("campaign", "version", sa.Integer(), "1"),
    ("campaign_member", "unit_ids", sa.ARRAY(sa.Uuid()), "'{}'::uuid[]"),
)
EMPTY: tuple[tuple[str, str, TypeEngine[Any]], ...] = (
    ("campaign", "before", JSONB()),
    ("campaign_member", "competence", sa.Text()),
    ("campaign_item", "excluded_why", sa.Text()),
    ("campaign_item", "due_on", sa.Date()),
    ("campaign_item", "team", sa.Text()),
    ("plan_job", "asked_of", JSONB()),
)
OF_THEN = """UPDATE plan_job SET asked_of = jsonb_build_object('first_on', to_char(c.first_on, 'YYYY-MM-DD'),
  'days', c.days, 'meeting_places', c.meeting_places) FROM campaign c WHERE c.id = plan_job.campaign_id"""
"""Until now no campaign's days changed: what it is, it was when each of its plans was asked for."""


def upgrade() -> None:
    for table, name, kind, value in FILLED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        op.execute(f"UPDATE {table} SET {name} = {value}")
        op.alter_column(table, name, nullable=False)
    for table, name, kind in EMPTY:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute(OF_THEN)


def downgrade() -> None:
    for table, name, _ in reversed(EMPTY):
        op.drop_column(table, name)
    for table, name, _, _ in reversed(FILLED):
        op.drop_column(table, name)
