"""Pledges: agreements, what is promised, what is done for it; a trace tells which fields of work took part.

A public version is decided once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision = "0048"
down_revision = "0047"

POLICIES = Path(__file__).parents[1] / "policies" / "0048.sql"
TABLES: Final = ("operation_focus", "activity", "commitment", "focus_area", "pledge", "agreement")
FORMS: Final = ("occasions", "coverage", "share", "date")
WORK: Final = (
    "police",
    "tobacco",
    "environment",
    "health",
    "alcohol",
    "food",
    "fire",
    "tax",
    "work_environment",
    "building",
    "other",
)
OF_WORK: Final = f"fields <@ ARRAY[{', '.join(repr(field) for field in WORK)}]::text[]"
PERMITS: Final = (
    "tobacco",
    "serving",
    "beer",
    "nicotine",
    "vapes",
    "food",
    "hygiene",
    "solarium",
    "environment",
    "waste",
    "flammables",
    "outdoor_serving",
    "building",
)
KINDS: Final = ("operation", "safety_walk", "dialogue", "patrol", "training", "prevention", "picture", "council")
# What every trace could have said when it was written: the own accepted parts of its visit.
FIELDS: Final = """
  UPDATE visit_trace t SET fields = coalesce((
    SELECT array_agg(DISTINCT u.field ORDER BY u.field)
      FROM visit_part p JOIN part_answer r ON r.part_id = p.id JOIN unit u ON u.authority_id = p.authority_id AND (u.id = p.unit_id OR (p.unit_id IS NULL
           AND (SELECT count(*) FROM unit x WHERE x.authority_id = p.authority_id) = 1))
     WHERE p.visit_id = t.visit_id AND p.authority_id = t.authority_id AND p.withdrawn_at IS NULL AND r.accepted
  ), '{}')"""


# What was done before: each lead's worker counts it.
COUNT: Final = """
  INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
  SELECT gen_random_uuid(), 'samsyn.pledges.count_operation', o.lead_id, o.lead_id, o.id, 'due', 0, now()
    FROM operation o WHERE EXISTS (SELECT 1 FROM visit v WHERE v.operation_id = o.id AND v.state = 'done')"""


def key(table: str, columns: list[str], to: str, **how: Any) -> sa.ForeignKeyConstraint:
    into = ["id", *columns[1:]]
    return sa.ForeignKeyConstraint(
        columns, [f"{to}.{name}" for name in into], name=op.f(f"fk_{table}_{'_'.join(columns)}"), **how
    )


def of(name: str, kind: TypeEngine[Any], *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=not needed)


def keyed(table: str) -> list[sa.schema.SchemaItem]:
    return [of("id", sa.Uuid()), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def one_of(table: str, column: str, name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return check(table, name, f"{column} IN ({', '.join(repr(value) for value in values)})")


def create_agreement() -> None:
    op.create_table(
        "agreement",
        *keyed("agreement"),
        of("collaboration_id", sa.Uuid()),
        of("name", sa.Text()),
        of("signed_on", sa.Date()),
        of("until_on", sa.Date()),
        of("parties", sa.ARRAY(sa.Uuid())),
        of("signatories", JSONB()),
        of("version", sa.Integer()),
        key("agreement", ["collaboration_id"], "collaboration"),
        unique("agreement", "id", "collaboration_id"),
        check("agreement", "until", "until_on > signed_on"),
    )
    op.create_index("ix_agreement_collaboration_id", "agreement", ["collaboration_id"])


def create_pledge() -> None:
    op.create_table(
        "pledge",
        *keyed("pledge"),
        of("collaboration_id", sa.Uuid()),
        of("agreement_id", sa.Uuid(), needed=False),
        of("year", sa.Integer()),
        of("name", sa.Text()),
        of("state", sa.String(length=40)),
        of("signed_on", sa.Date(), needed=False),
        of("place", sa.Text()),
        of("parties", sa.ARRAY(sa.Uuid())),
        of("signatories", JSONB()),
        of("version", sa.Integer()),
        key("pledge", ["collaboration_id"], "collaboration"),
        key("pledge", ["agreement_id", "collaboration_id"], "agreement"),
        unique("pledge", "id", "collaboration_id"),
        unique("pledge", "collaboration_id", "year"),
        one_of("pledge", "state", "pledgestate", ("draft", "in_force", "evaluated")),
        check("pledge", "signed", "(state = 'draft') OR signed_on IS NOT NULL"),
    )
    op.create_table(
        "focus_area",
        *keyed("focus_area"),
        of("pledge_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("name", sa.Text()),
        of("picture", sa.Text()),
        of("position", sa.Integer()),
        key("focus_area", ["pledge_id", "collaboration_id"], "pledge"),
        unique("focus_area", "id", "collaboration_id"),
        unique("focus_area", "pledge_id", "name"),
    )


def create_commitment() -> None:
    table = "commitment"
    op.create_table(
        table,
        *keyed(table),
        of("focus_area_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("form", sa.String(length=40)),
        of("text", sa.Text()),
        of("target", sa.Integer(), needed=False),
        of("counts", sa.String(length=40)),
        of("fields", sa.ARRAY(sa.Text())),
        of("least", sa.Integer()),
        of("not_led_by", sa.Uuid(), needed=False),
        of("permit_kind", sa.String(length=40), needed=False),
        of("hot_spot_id", sa.Uuid(), needed=False),
        of("whole", sa.Boolean()),
        of("by_on", sa.Date(), needed=False),
        of("done_on", sa.Date(), needed=False),
        of("not_done_reason", sa.Text(), needed=False),
        of("carried_to_id", sa.Uuid(), needed=False),
        of("position", sa.Integer()),
        of("version", sa.Integer()),
        key(table, ["focus_area_id", "collaboration_id"], "focus_area"),
        key(table, ["hot_spot_id", "collaboration_id"], "hot_spot"),
        key(table, ["not_led_by"], "authority"),
        unique(table, "id", "collaboration_id"),
        key(table, ["carried_to_id", "collaboration_id"], "commitment"),
        one_of(table, "form", "commitmentform", FORMS),
        one_of(table, "counts", "activitykind", KINDS),
        check(table, "target", "form NOT IN ('occasions', 'share') OR target > 0"),
        check(table, "share", "form <> 'share' OR (target <= 100 AND not_led_by IS NOT NULL)"),
        check(table, "coverage", "form <> 'coverage' OR (permit_kind IS NOT NULL AND fields <> '{}')"),
        check(table, "date", "form <> 'date' OR by_on IS NOT NULL"),
        check(table, "done", "form = 'date' OR done_on IS NULL"),
        check(table, "least", "least >= 1"),
        check(table, "fields", OF_WORK),
        one_of(table, "permit_kind", "permitkind", PERMITS),
    )
    op.create_index("ix_commitment_focus_area_id", table, ["focus_area_id"])


def create_activity() -> None:
    table = "activity"
    op.create_table(
        table,
        *keyed(table),
        of("collaboration_id", sa.Uuid()),
        of("authority_id", sa.Uuid()),
        of("focus_area_id", sa.Uuid(), needed=False),
        of("activity_kind", sa.String(length=40)),
        of("state", sa.String(length=40)),
        of("on_date", sa.Date()),
        of("operation_id", sa.Uuid(), needed=False),
        of("hot_spot_id", sa.Uuid(), needed=False),
        of("title", sa.Text()),
        of("authorities", sa.ARRAY(sa.Uuid())),
        of("fields", sa.ARRAY(sa.Text())),
        of("guests", sa.Integer()),
        of("visits", sa.Integer()),
        of("counted_at", sa.DateTime(timezone=True)),
        of("reason", sa.Text(), needed=False),
        of("version", sa.Integer()),
        key(table, ["collaboration_id"], "collaboration"),
        key(table, ["authority_id"], "authority"),
        key(table, ["focus_area_id", "collaboration_id"], "focus_area"),
        key(table, ["hot_spot_id", "collaboration_id"], "hot_spot"),
        unique(table, "authority_id", "operation_id"),
        one_of(table, "activity_kind", "activitykind", KINDS),
        one_of(table, "state", "activitystate", ("planned", "done", "cancelled")),
        check(table, "operation", "(activity_kind = 'operation') = (operation_id IS NOT NULL)"),
        check(table, "reason", "(state = 'cancelled') = (reason IS NOT NULL)"),
        check(table, "visits", "visits >= 0"),
        check(table, "fields", OF_WORK),
    )
    op.create_index("ix_activity_collaboration_id_on_date", table, ["collaboration_id", "on_date"])


def create_focus() -> None:
    table = "operation_focus"
    op.create_table(
        table,
        of("operation_id", sa.Uuid()),
        of("lead_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("focus_area_id", sa.Uuid(), needed=False),
        sa.PrimaryKeyConstraint("operation_id", name=op.f(f"pk_{table}")),
        key(table, ["operation_id", "lead_id"], "operation", onupdate="CASCADE"),
        key(table, ["focus_area_id", "collaboration_id"], "focus_area"),
    )


def upgrade() -> None:
    create_agreement()
    create_pledge()
    create_commitment()
    create_activity()
    create_focus()
    op.add_column("visit_trace", sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.execute(FIELDS)
    op.alter_column("visit_trace", "fields", server_default=None)
    op.create_check_constraint(op.f("ck_visit_trace_fields"), "visit_trace", OF_WORK)
    op.execute(COUNT)
    columns, only = ["operation_id", "reader_id", "format"], sa.text("basis = 'PUBLIC'")
    op.create_index("uq_rendering_public", "rendering", columns, unique=True, postgresql_where=only)
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE task = 'samsyn.pledges.count_operation'")
    op.drop_index("uq_rendering_public", "rendering")
    op.drop_column("visit_trace", "fields")
    for table in TABLES:
        op.drop_table(table)
