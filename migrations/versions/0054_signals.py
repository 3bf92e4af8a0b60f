"""Signals: what an authority observed of a place, lists of them by week, and the bucket that others learn."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision = "0054"
down_revision = "0053"

POLICIES = Path(__file__).parents[1] / "policies" / "0054.sql"
TABLES: Final = (
    "signal_count",
    "signal",
    "signal_import",
)
STATEMENTS: Final = (
    "ALTER TABLE hot_spot_event ADD COLUMN name text, ADD COLUMN outline jsonb",
    """
    CREATE TABLE signal_import (
      authority_id UUID NOT NULL,
      filename TEXT NOT NULL,
      rows INTEGER NOT NULL,
      at TIMESTAMP WITH TIME ZONE NOT NULL,
      undone_at TIMESTAMP WITH TIME ZONE,
      id UUID NOT NULL,
      CONSTRAINT pk_signal_import PRIMARY KEY (id),
      CONSTRAINT uq_signal_import_id_authority_id UNIQUE (id, authority_id),
      CONSTRAINT fk_signal_import_authority_id FOREIGN KEY(authority_id) REFERENCES authority (id)
    )
    """,
    "CREATE INDEX ix_signal_import_authority_id ON signal_import (authority_id)",
    """
    CREATE TABLE signal (
      authority_id UUID NOT NULL,
      collaboration_id UUID NOT NULL,
      business_id UUID,
      hot_spot_id UUID,
      source VARCHAR(40) NOT NULL,
      weight INTEGER NOT NULL,
      n INTEGER NOT NULL,
      on_date DATE NOT NULL,
      text TEXT NOT NULL,
      expires_on DATE NOT NULL,
      import_id UUID,
      noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
      withdrawn_at TIMESTAMP WITH TIME ZONE,
      id UUID NOT NULL,
      CONSTRAINT pk_signal PRIMARY KEY (id),
      CONSTRAINT fk_signal_business_id_collaboration_id FOREIGN KEY(business_id, collaboration_id) REFERENCES business (id, collaboration_id),
      CONSTRAINT fk_signal_hot_spot_id_collaboration_id FOREIGN KEY(hot_spot_id, collaboration_id) REFERENCES hot_spot (id, collaboration_id),
      CONSTRAINT fk_signal_import_id_authority_id FOREIGN KEY(import_id, authority_id) REFERENCES signal_import (id, authority_id),
      CONSTRAINT ck_signal_place CHECK ((business_id IS NULL) <> (hot_spot_id IS NULL)),
      CONSTRAINT ck_signal_n CHECK (n BETWEEN 0 AND 999),
      CONSTRAINT ck_signal_weight CHECK (weight BETWEEN 1 AND 3),
      CONSTRAINT ck_signal_expires CHECK (expires_on > on_date),
      CONSTRAINT ck_signal_text CHECK (import_id IS NULL OR text = ''),
      CONSTRAINT fk_signal_authority_id FOREIGN KEY(authority_id) REFERENCES authority (id),
      CONSTRAINT fk_signal_collaboration_id FOREIGN KEY(collaboration_id) REFERENCES collaboration (id),
      CONSTRAINT ck_signal_signalsource CHECK (source IN ('public', 'own', 'authority', 'trade', 'statistics', 'open_source'))
    )
    """,
    "CREATE INDEX ix_signal_authority_id_expires_on ON signal (authority_id, expires_on)",
    "CREATE INDEX ix_signal_hot_spot_id ON signal (hot_spot_id)",
    """
    CREATE TABLE signal_count (
      authority_id UUID NOT NULL,
      collaboration_id UUID NOT NULL,
      business_id UUID,
      hot_spot_id UUID,
      bucket VARCHAR(40) NOT NULL,
      id UUID NOT NULL,
      CONSTRAINT pk_signal_count PRIMARY KEY (id),
      CONSTRAINT fk_signal_count_business_id_collaboration_id FOREIGN KEY(business_id, collaboration_id) REFERENCES business (id, collaboration_id),
      CONSTRAINT fk_signal_count_hot_spot_id_collaboration_id FOREIGN KEY(hot_spot_id, collaboration_id) REFERENCES hot_spot (id, collaboration_id),
      CONSTRAINT uq_signal_count_authority_id_business_id_hot_spot_id UNIQUE NULLS NOT DISTINCT (authority_id, business_id, hot_spot_id),
      CONSTRAINT ck_signal_count_place CHECK ((business_id IS NULL) <> (hot_spot_id IS NULL)),
      CONSTRAINT fk_signal_count_authority_id FOREIGN KEY(authority_id) REFERENCES authority (id),
      CONSTRAINT fk_signal_count_collaboration_id FOREIGN KEY(collaboration_id) REFERENCES collaboration (id),
      CONSTRAINT ck_signal_count_bucket CHECK (bucket IN ('some', 'several'))
    )
    """,
    "CREATE INDEX ix_signal_count_collaboration_id ON signal_count (collaboration_id)",
)


def upgrade() -> None:
    for statement in (*STATEMENTS, *POLICIES.read_text("utf-8").splitlines()):
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE task = 'samsyn.places.count_signals'")
    op.execute("ALTER TABLE hot_spot_event DROP COLUMN name, DROP COLUMN outline")
    for table in TABLES:
        op.drop_table(table)
