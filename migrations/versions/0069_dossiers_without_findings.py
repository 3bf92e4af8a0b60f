"""A dossier no longer holds findings, only which are open: each is compiled anew, and that is no news to anybody."""

from __future__ import annotations

from alembic import op

revision = "0069"
down_revision = "0068"

# Until then it is compiled at each reading, for that reading alone: what was counted is not what is counted now.
DUE = """
  UPDATE dossier
     SET formerly = CASE WHEN digest = '' THEN formerly ELSE digest END, digest = '',
         content = regexp_replace(content::text, '"seen" : "[^"]*"', '"seen" : "-"')::json"""
ASKED = """
  INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
  SELECT gen_random_uuid(), 'samsyn.dossiers.compile_business', reader_id, reader_id, business_id, 'due', 0, now()
    FROM dossier"""


def upgrade() -> None:
    op.execute(DUE)
    op.execute(ASKED)


def downgrade() -> None:
    op.execute(DUE)
    op.execute(ASKED)
