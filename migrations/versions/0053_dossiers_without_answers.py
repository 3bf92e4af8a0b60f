"""A dossier no longer holds the answers that found nothing: each is compiled anew, and that is no news to anybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

DUE = "UPDATE dossier SET formerly = digest, digest = ''"
# Until then it is compiled at each reading, for that reading alone.
ASKED = """
  INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
  SELECT gen_random_uuid(), 'samsyn.dossiers.compile_business', reader_id, reader_id, business_id, 'due', 0, now()
    FROM dossier"""
# What lies so the code before cannot read: it stands empty, with a digest of nothing, until it is compiled anew. It
# names no visit then, and is not hidden from who declared jäv for one: it counts nothing either.
EMPTY = """
  UPDATE dossier SET digest = '', content = json_build_object(
           'business', content->'business',
           'counts', json_build_object('open', 0, 'serious', 0, 'visits', 0, 'joint_visits', 0, 'findings', 0,
                                       'deficiencies', 0),
           'points', json_build_object(), 'open_deficiencies', json_build_array(), 'visits', json_build_array())
   WHERE content->'seen' IS NOT NULL"""
# What was not compiled since says what it said.
AS_BEFORE = "UPDATE dossier SET digest = formerly WHERE digest = '' AND formerly <> '' AND content->'seen' IS NULL"

NOTED = "answer IN ('deficiency', 'observation')"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("formerly", sa.Text(), nullable=True))
    op.execute(DUE)
    op.execute(ASKED)
    op.create_index("ix_part_answer_visit_id", "part_answer", ["visit_id"])
    op.create_index("ix_finding_noted", "finding", ["visit_id"], postgresql_where=sa.text(NOTED))


def downgrade() -> None:
    op.drop_index("ix_finding_noted", "finding")
    op.drop_index("ix_part_answer_visit_id", "part_answer")
    op.execute(AS_BEFORE)
    op.execute(EMPTY)
    op.execute(f"{ASKED} WHERE digest = ''")
    op.drop_column("dossier", "formerly")
