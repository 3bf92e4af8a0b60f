"""Remarks on the physical environment with their answers; the picture, in dated entries."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

POLICIES = Path(__file__).parents[1] / "policies" / "0055.sql"
TABLES: Final = (
    "picture_entry",
    "remark_answer",
    "remark",
)
STATEMENTS: Final = (
    """
    CREATE TABLE remark (
      collaboration_id UUID NOT NULL,
      from_id UUID NOT NULL,
      to_id UUID NOT NULL,
      to_unit_id UUID NOT NULL,
      activity_id UUID,
      hot_spot_id UUID,
      remark_kind VARCHAR(40) NOT NULL,
      place TEXT NOT NULL,
      text TEXT NOT NULL,
      noticed_on DATE NOT NULL,
      due_on DATE NOT NULL,
      asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
      withdrawn_at TIMESTAMP WITH TIME ZONE,
      id UUID NOT NULL,
      CONSTRAINT pk_remark PRIMARY KEY (id),
      CONSTRAINT fk_remark_to_unit_id_to_id FOREIGN KEY(to_unit_id, to_id) REFERENCES unit (id, authority_id),
      CONSTRAINT fk_remark_hot_spot_id_collaboration_id FOREIGN KEY(hot_spot_id, collaboration_id) REFERENCES hot_spot (id, collaboration_id),
      CONSTRAINT uq_remark_id_to_id_collaboration_id UNIQUE (id, to_id, collaboration_id),
      CONSTRAINT ck_remark_due CHECK (due_on >= noticed_on),
      CONSTRAINT fk_remark_collaboration_id FOREIGN KEY(collaboration_id) REFERENCES collaboration (id),
      CONSTRAINT fk_remark_from_id FOREIGN KEY(from_id) REFERENCES authority (id),
      CONSTRAINT fk_remark_to_id FOREIGN KEY(to_id) REFERENCES authority (id),
      CONSTRAINT fk_remark_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
      CONSTRAINT ck_remark_remarkkind CHECK (remark_kind IN ('lighting', 'greenery', 'damage', 'litter', 'traffic', 'other'))
    )
    """,
    "CREATE INDEX ix_remark_collaboration_id_noticed_on ON remark (collaboration_id, noticed_on)",
    """
    CREATE TABLE remark_answer (
      remark_id UUID NOT NULL,
      to_id UUID NOT NULL,
      collaboration_id UUID NOT NULL,
      state VARCHAR(40) NOT NULL,
      text TEXT NOT NULL,
      done_on DATE,
      answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
      version INTEGER NOT NULL,
      CONSTRAINT pk_remark_answer PRIMARY KEY (remark_id),
      CONSTRAINT fk_remark_answer_remark_id_to_id_collaboration_id FOREIGN KEY(remark_id, to_id, collaboration_id) REFERENCES remark (id, to_id, collaboration_id),
      CONSTRAINT ck_remark_answer_done CHECK ((state = 'done') = (done_on IS NOT NULL)),
      CONSTRAINT ck_remark_answer_reason CHECK (state <> 'declined' OR text <> ''),
      CONSTRAINT ck_remark_answer_said CHECK (state <> 'waiting'),
      CONSTRAINT ck_remark_answer_remarkstate CHECK (state IN ('waiting', 'planned', 'done', 'declined'))
    )
    """,
    """
    CREATE TABLE picture_entry (
      entry_id UUID NOT NULL,
      version INTEGER NOT NULL,
      collaboration_id UUID NOT NULL,
      authority_id UUID NOT NULL,
      focus_area_id UUID,
      hot_spot_id UUID,
      on_date DATE NOT NULL,
      source VARCHAR(40) NOT NULL,
      place TEXT NOT NULL,
      text TEXT NOT NULL,
      withdrawn BOOLEAN NOT NULL,
      written_at TIMESTAMP WITH TIME ZONE NOT NULL,
      id UUID NOT NULL,
      CONSTRAINT pk_picture_entry PRIMARY KEY (id),
      CONSTRAINT fk_picture_entry_focus_area_id_collaboration_id FOREIGN KEY(focus_area_id, collaboration_id) REFERENCES focus_area (id, collaboration_id),
      CONSTRAINT fk_picture_entry_hot_spot_id_collaboration_id FOREIGN KEY(hot_spot_id, collaboration_id) REFERENCES hot_spot (id, collaboration_id),
      CONSTRAINT uq_picture_entry_entry_id_version UNIQUE (entry_id, version),
      CONSTRAINT ck_picture_entry_about CHECK (focus_area_id IS NOT NULL OR hot_spot_id IS NOT NULL),
      CONSTRAINT fk_picture_entry_collaboration_id FOREIGN KEY(collaboration_id) REFERENCES collaboration (id),
      CONSTRAINT fk_picture_entry_authority_id FOREIGN KEY(authority_id) REFERENCES authority (id),
      CONSTRAINT ck_picture_entry_signalsource CHECK (source IN ('public', 'own', 'authority', 'trade', 'statistics', 'open_source'))
    )
    """,
    "CREATE INDEX ix_picture_entry_collaboration_id_on_date ON picture_entry (collaboration_id, on_date)",
)


NOTICES: Final = (
    *("answer_reminder", "hand_in_reminder", "part_asked", "part_answered", "person_declined", "in_danger"),
    *("delivery_refused", "held_refused", "message", "compiled"),
    *("information_asked", "information_refused", "copy_received", "copy_withdrawn", "log_alarm", "lead_handed"),
    *("approval_asked", "approval_answered", "roles_own", "by_command", "address_changed"),
    *("poll_asked", "poll_chosen", "poll_none", "calendar_unread", "follow_up_due", "help_asked", "help_answered"),
)
NEW: Final = ("remark_asked", "remark_answered")


def allow(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice", type_="check")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(words))


def upgrade() -> None:
    allow((*NOTICES, *NEW))
    for statement in (*STATEMENTS, *POLICIES.read_text("utf-8").splitlines()):
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    tasks = "'samsyn.places.tell_remark_asked', 'samsyn.places.tell_remark_answered'"
    op.execute(f"DELETE FROM outbox WHERE task IN ({tasks})")
    seen = "SELECT id FROM notice WHERE notice_kind IN ('remark_asked', 'remark_answered')"
    op.execute(f"DELETE FROM notice_read WHERE notice_id IN ({seen})")
    op.execute("DELETE FROM notice WHERE notice_kind IN ('remark_asked', 'remark_answered')")
    allow(NOTICES)
    for table in TABLES:
        op.drop_table(table)
