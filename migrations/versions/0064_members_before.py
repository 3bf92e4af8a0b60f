"""What a member of a campaign was asked before lies in its own row: whom else the lead asked is not its to read."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0064"
down_revision = "0063"

TO_MEMBERS: Final = (
    """UPDATE campaign_member SET before = m.value - 'authority_id'
  FROM campaign c, jsonb_array_elements(c.before->'members') m
  WHERE c.id = campaign_member.campaign_id
    AND campaign_member.authority_id = CAST(m.value->>'authority_id' AS uuid)""",
    "UPDATE campaign SET before = before - 'members' WHERE before->'members' IS NOT NULL",
)
BACK: Final = """UPDATE campaign SET before = before || jsonb_build_object('members', coalesce(
  (SELECT jsonb_agg(m.before || jsonb_build_object('authority_id', m.authority_id) ORDER BY m.authority_id)
   FROM campaign_member m WHERE m.campaign_id = campaign.id AND m.before IS NOT NULL), '[]'))
  WHERE before->'fields' IS NOT NULL"""


def upgrade() -> None:
    op.add_column("campaign_member", sa.Column("before", JSONB(), nullable=True))
    for statement in TO_MEMBERS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(BACK)
    op.drop_column("campaign_member", "before")
