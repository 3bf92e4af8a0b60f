"""Campaigns: which businesses some authorities visit in a period, the plans made of it, and the candidates' weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision = "0033"
down_revision = "0032"

POLICIES = Path(__file__).parents[1] / "policies" / "0033.sql"
AT = sa.DateTime(timezone=True)
TABLES = ("candidate_weights", "plan_result", "plan_job", "campaign_item", "campaign_member", "campaign")


def key(table: str, columns: list[str], to: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, to, name=op.f(f"fk_{table}_{'_'.join(columns)}"))


def of(name: str, kind: TypeEngine[Any], *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=not needed)


def create_campaign() -> None:
    op.create_table(
        "campaign",
        of("id", sa.Uuid()),
        of("lead_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("name", sa.Text()),
        of("first_on", sa.Date()),
        of("days", sa.Integer()),
        of("opens", sa.Integer()),
        of("closes", sa.Integer()),
        of("weekends", sa.Boolean()),
        of("meeting_places", JSONB()),
        of("briefing", sa.Integer()),
        of("per_shift", sa.Integer()),
        of("made_at", AT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        key("campaign", ["lead_id"], ["authority.id"]),
        key("campaign", ["collaboration_id"], ["collaboration.id"]),
        sa.UniqueConstraint("id", "lead_id", name=op.f("uq_campaign_id_lead_id")),
        sa.UniqueConstraint("id", "collaboration_id", name=op.f("uq_campaign_id_collaboration_id")),
        sa.CheckConstraint("days BETWEEN 1 AND 56", name=op.f("ck_campaign_days")),
        sa.CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_campaign_hours")),
    )
    op.create_index("ix_campaign_lead_id_first_on", "campaign", ["lead_id", "first_on"])


def create_member() -> None:
    op.create_table(
        "campaign_member",
        of("campaign_id", sa.Uuid()),
        of("authority_id", sa.Uuid()),
        of("lead_id", sa.Uuid()),
        of("people", sa.Integer()),
        of("vehicles", sa.Integer(), needed=False),
        of("left_at", AT, needed=False),
        sa.PrimaryKeyConstraint("campaign_id", "authority_id", name=op.f("pk_campaign_member")),
        key("campaign_member", ["campaign_id", "lead_id"], ["campaign.id", "campaign.lead_id"]),
        key("campaign_member", ["authority_id"], ["authority.id"]),
    )


def create_item() -> None:
    op.create_table(
        "campaign_item",
        of("id", sa.Uuid()),
        of("campaign_id", sa.Uuid()),
        of("lead_id", sa.Uuid()),
        of("collaboration_id", sa.Uuid()),
        of("business_id", sa.Uuid()),
        of("minutes", sa.Integer()),
        of("authorities", sa.ARRAY(sa.Uuid())),
        of("mandatory", sa.Boolean()),
        of("safety_note", sa.Text(), needed=False),
        of("excluded_at", AT, needed=False),
        of("pinned_at", AT, needed=False),
        of("pinned_people", sa.ARRAY(sa.Uuid())),
        of("operation_id", sa.Uuid(), needed=False),
        of("visit_id", sa.Uuid(), needed=False),
        of("version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_item")),
        key("campaign_item", ["campaign_id", "lead_id"], ["campaign.id", "campaign.lead_id"]),
        key("campaign_item", ["campaign_id", "collaboration_id"], ["campaign.id", "campaign.collaboration_id"]),
        key("campaign_item", ["business_id", "collaboration_id"], ["business.id", "business.collaboration_id"]),
        key("campaign_item", ["operation_id"], ["operation.id"]),
        key("campaign_item", ["visit_id"], ["visit.id"]),
        sa.UniqueConstraint("campaign_id", "business_id", name=op.f("uq_campaign_item_campaign_id_business_id")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 480", name=op.f("ck_campaign_item_minutes")),
        sa.CheckConstraint("(operation_id IS NULL) = (visit_id IS NULL)", name=op.f("ck_campaign_item_published")),
    )
    op.create_index("ix_campaign_item_visit_id", "campaign_item", ["visit_id"])


def create_plans() -> None:
    op.create_table(
        "plan_job",
        of("id", sa.Uuid()),
        of("reader_id", sa.Uuid()),
        of("campaign_id", sa.Uuid()),
        of("baseline_id", sa.Uuid(), needed=False),
        of("seed", sa.BigInteger()),
        of("budget", sa.Integer()),
        of("done", sa.Integer()),
        of("problem_hash", sa.Text()),
        of("problem", JSONB()),
        of("best", JSONB(), needed=False),
        of("taken", sa.Boolean()),
        of("asked_at", AT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_job")),
        key("plan_job", ["id"], ["job.id"]),
        key("plan_job", ["reader_id"], ["authority.id"]),
        key("plan_job", ["campaign_id"], ["campaign.id"]),
        sa.UniqueConstraint("id", "reader_id", name=op.f("uq_plan_job_id_reader_id")),
        sa.UniqueConstraint("reader_id", "problem_hash", "seed", name=op.f("uq_plan_job_reader_id_problem_hash_seed")),
    )
    op.create_index("ix_plan_job_campaign_id", "plan_job", ["campaign_id"])
    op.create_table(
        "plan_result",
        of("id", sa.Uuid()),
        of("reader_id", sa.Uuid()),
        of("campaign_id", sa.Uuid()),
        of("plan_job_id", sa.Uuid()),
        of("baseline_id", sa.Uuid(), needed=False),
        of("made_by", sa.Uuid(), needed=False),
        of("made_at", AT),
        of("iterations", sa.Integer()),
        of("objective", sa.BigInteger()),
        of("risk", sa.Integer()),
        of("risk_wanted", sa.Integer()),
        of("risk_at_most", sa.Integer()),
        of("parts", JSONB()),
        of("plan", JSONB()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_result")),
        key("plan_result", ["reader_id"], ["authority.id"]),
        key("plan_result", ["campaign_id"], ["campaign.id"]),
        key("plan_result", ["plan_job_id", "reader_id"], ["plan_job.id", "plan_job.reader_id"]),
        key("plan_result", ["baseline_id"], ["plan_result.id"]),
    )
    op.create_index("ix_plan_result_campaign_id_made_at", "plan_result", ["campaign_id", "made_at"])


def create_weights() -> None:
    op.create_table(
        "candidate_weights",
        of("collaboration_id", sa.Uuid()),
        of("version", sa.Integer()),
        of("authority_id", sa.Uuid()),
        of("weights", JSONB()),
        of("written_at", AT),
        sa.PrimaryKeyConstraint("collaboration_id", "version", name=op.f("pk_candidate_weights")),
        key("candidate_weights", ["collaboration_id"], ["collaboration.id"]),
        key("candidate_weights", ["authority_id"], ["authority.id"]),
    )


def upgrade() -> None:
    create_campaign()
    create_member()
    create_item()
    create_plans()
    create_weights()
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    # Rules of a campaign name its members: they go before the table that they read.
    op.execute("DROP POLICY may_select ON campaign")
    for table in TABLES:
        op.drop_table(table)
