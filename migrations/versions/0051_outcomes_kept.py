"""Outcomes and letters go by an authority's decision, each with its versions; what everybody may read never does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision = "0051"
down_revision = "0050"

POLICIES = Path(__file__).parents[1] / "policies"
CLASSES: Final = ("findings", "pictures", "purchases", "documents")
NEW: Final = ("outcomes", "letters")
TABLES: Final = ("outcome", "result_letter")
KEYS: Final = (
    ("outcome_finding", ("outcome_id", "version", "part_id")),
    ("follow_up", ("outcome_id", "outcome_version", "part_id")),
)


def upgrade() -> None:
    classes(*CLASSES, *NEW)
    keys(ondelete="CASCADE")
    op.create_index("ix_follow_up_outcome_id_outcome_version", "follow_up", ["outcome_id", "outcome_version"])
    op.execute("DROP POLICY may_delete ON rendering")
    put("0051", *TABLES, "rendering")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP POLICY may_delete ON {table}")
        op.execute(f"REVOKE DELETE ON {table} FROM samsyn_app")
    op.execute("DROP POLICY may_delete ON rendering")
    put("0043", "rendering")
    op.drop_index("ix_follow_up_outcome_id_outcome_version", "follow_up")
    keys(ondelete=None)
    gone = ", ".join(repr(one) for one in NEW)
    for table in ("retention_run", "retention_rule"):
        op.execute(f"DELETE FROM {table} WHERE data_class IN ({gone})")
    classes(*CLASSES)


def classes(*names: str) -> None:
    """Let rules and protocols be of these classes."""
    words = ", ".join(repr(one) for one in names)
    for table in ("retention_rule", "retention_run"):
        op.drop_constraint(op.f(f"ck_{table}_dataclass"), table)
        op.create_check_constraint(op.f(f"ck_{table}_dataclass"), table, f"data_class IN ({words})")


def keys(*, ondelete: str | None) -> None:
    """Let what is of an outcome go with it, or keep it."""
    for table, columns in KEYS:
        name = op.f(f"fk_{table}_{'_'.join(columns)}")
        op.drop_constraint(name, table)
        op.create_foreign_key(
            name, table, "outcome", [*columns], ["outcome_id", "version", "part_id"], ondelete=ondelete
        )


def put(frozen: str, *tables: str) -> None:
    """Let the rules of removal be as they were frozen in a revision."""
    for statement in (POLICIES / f"{frozen}.sql").read_text("utf-8").splitlines():
        rules = (f"POLICY may_delete ON {one} " for one in tables)
        rights = (f"GRANT SELECT, INSERT, DELETE ON {one} " for one in tables)
        if any(rule in statement for rule in rules) or statement.startswith(tuple(rights)):
            op.execute(statement.replace(":", r"\:"))
