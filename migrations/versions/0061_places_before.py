"""What a place of a campaign was lies in its own row, which is read by fewer than the campaign's."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0061"
down_revision = "0060"

TO_ITEMS: Final = (
    """UPDATE campaign_item SET before = c.before->'item' FROM campaign c
  WHERE c.id = campaign_item.campaign_id AND campaign_item.id = CAST(c.before->'item'->>'id' AS uuid)""",
    """UPDATE campaign_item SET before = jsonb_build_object('excluded_why', r.value)
  FROM campaign c, jsonb_each_text(c.before->'reasons') r
  WHERE c.id = campaign_item.campaign_id AND campaign_item.id = CAST(r.key AS uuid)""",
    """UPDATE campaign SET before = NULL FROM campaign_item i
  WHERE i.id = CAST(campaign.before->'item'->>'id' AS uuid) AND i.visit_id IS NOT NULL""",
    """UPDATE campaign SET before = jsonb_build_object('item', before->'item'->>'id')
  WHERE before->'item' IS NOT NULL""",
    "UPDATE campaign SET before = before - 'reasons' WHERE before->'reasons' IS NOT NULL",
)
BACK: Final = """UPDATE campaign SET before = jsonb_build_object('item',
  i.before || jsonb_build_object('id', i.id)) FROM campaign_item i WHERE i.id = CAST(campaign.before->>'item' AS uuid)"""


def upgrade() -> None:
    op.add_column("campaign_item", sa.Column("before", JSONB(), nullable=True))
    for statement in TO_ITEMS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(BACK)
    op.drop_column("campaign_item", "before")
