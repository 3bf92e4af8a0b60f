"""A dossier's content is kept as it is, not compressed: pressing it cost a third of compiling, at every change anew."""

from __future__ import annotations

from alembic import op

revision = "0045"
down_revision = "0044"

# What lies in columns the code before cannot read: it stands empty, with a digest of nothing, until it is compiled anew.
EMPTY = """
  UPDATE dossier SET digest = '', content = json_build_object(
           'business', content->'business', 'counts', content->'counts', 'points', json_build_object(),
           'open_deficiencies', json_build_array(), 'visits', json_build_array())
   WHERE json_typeof(content->'visits') = 'object'"""


def upgrade() -> None:
    op.execute("ALTER TABLE dossier ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE dossier ALTER COLUMN content SET STORAGE EXTENDED")
    op.execute(EMPTY)
