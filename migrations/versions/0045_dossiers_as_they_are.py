"""A dossier's content is kept as it is, not compressed: pressing it cost a third of compiling, at every change anew."""

from __future__ import annotations

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.execute("ALTER TABLE dossier ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE dossier ALTER COLUMN content SET STORAGE EXTENDED")
