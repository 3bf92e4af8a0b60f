"""A dossier no longer holds what was said of parts, nor facts: each is compiled anew, and that is no news to anybody."""

from __future__ import annotations

from alembic import op

revision = "0063"
down_revision = "0062"

# Until then it is compiled at each reading, for that reading alone: what was counted is not what is counted now.
DUE = "UPDATE dossier SET formerly = CASE WHEN digest = '' THEN formerly ELSE digest END, digest = ''"
ASKED = """
  INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
  SELECT gen_random_uuid(), 'samsyn.dossiers.compile_business', reader_id, reader_id, business_id, 'due', 0, now()
    FROM dossier"""


# Also where no part and no fact is, and both count the same: read as it lies it had no digest yet.
COUNTED_OTHERWISE = """
  UPDATE dossier SET content = regexp_replace(content::text, '"seen" : "[^"]*"', '"seen" : "-"')::json"""
BARE = "content->>'parts' = '[]' AND content->>'facts' = '{}'"


def upgrade() -> None:
    op.execute(f"{COUNTED_OTHERWISE} WHERE {BARE}")
    op.execute(DUE)
    op.execute(ASKED)


def downgrade() -> None:
    op.execute(COUNTED_OTHERWISE)
    op.execute(DUE)
    op.execute(ASKED)
