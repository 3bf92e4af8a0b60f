"""Disclosures, frozen copies and requests for information; notices of them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

POLICIES = Path(__file__).parents[1] / "policies" / "0005.sql"
BEFORE = (
    "answer_reminder",
    "hand_in_reminder",
    "part_asked",
    "part_answered",
    "person_declined",
    "in_danger",
    "delivery_refused",
    "held_refused",
    "message",
    "compiled",
)
NEW = ("information_asked", "information_refused", "copy_received", "copy_withdrawn")


def allow_notices(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_noticekind"), "notice")
    op.create_check_constraint(op.f("ck_notice_noticekind"), "notice", sa.column("notice_kind").in_(kinds))


def upgrade() -> None:
    allow_notices(BEFORE + NEW)
    op.create_table(
        "information_request",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_information_request_another")),
        sa.CheckConstraint("length(question) BETWEEN 1 AND 4000", name=op.f("ck_information_request_question_length")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_information_request_business_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_information_request_collaboration_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["authority.id"], name=op.f("fk_information_request_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["authority.id"], name=op.f("fk_information_request_to_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_information_request_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
    )
    op.create_index("ix_information_request_from_id", "information_request", ["from_id"], unique=False)
    op.create_index("ix_information_request_to_id", "information_request", ["to_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_only", sa.Boolean(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum("granted", "refused", name="decision", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decision <> 'granted' OR (to_id IS NULL) = (legal_basis = 'PUBLIC')", name=op.f("ck_disclosure_public")
        ),
        sa.CheckConstraint(
            "decision <> 'refused' OR (to_id IS NOT NULL AND reason <> '')", name=op.f("ck_disclosure_refused")
        ),
        sa.CheckConstraint("from_id IS DISTINCT FROM to_id", name=op.f("ck_disclosure_another")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_disclosure_business_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_disclosure_collaboration_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["authority.id"], name=op.f("fk_disclosure_from_id")),
        sa.ForeignKeyConstraint(["request_id"], ["information_request.id"], name=op.f("fk_disclosure_request_id")),
        sa.ForeignKeyConstraint(["to_id"], ["authority.id"], name=op.f("fk_disclosure_to_id")),
        sa.ForeignKeyConstraint(
            ["visit_id", "operation_id"],
            ["visit.id", "visit.operation_id"],
            name=op.f("fk_disclosure_visit_id_operation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("id", "from_id", name=op.f("uq_disclosure_id_from_id")),
    )
    op.create_index("ix_disclosure_business_id", "disclosure", ["business_id"], unique=False)
    op.create_index("ix_disclosure_from_id_at", "disclosure", ["from_id", "at"], unique=False)
    op.create_index("ix_disclosure_to_id_at", "disclosure", ["to_id", "at"], unique=False)
    op.create_table(
        "disclosed_item",
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("copy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_disclosed_item_business_id")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "from_id"],
            ["disclosure.id", "disclosure.from_id"],
            name=op.f("fk_disclosed_item_disclosure_id_from_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosed_item")),
        sa.UniqueConstraint("disclosure_id", "position", name=op.f("uq_disclosed_item_disclosure_id_position")),
    )
    op.create_index("ix_disclosed_item_business_id", "disclosed_item", ["business_id"], unique=False)
    op.create_table(
        "disclosed_picture",
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_hmac", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "from_id"],
            ["disclosure.id", "disclosure.from_id"],
            name=op.f("fk_disclosed_picture_disclosure_id_from_id"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["disclosed_item.id"], name=op.f("fk_disclosed_picture_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosed_picture")),
    )
    op.create_index("ix_disclosed_picture_disclosure_id", "disclosed_picture", ["disclosure_id"], unique=False)
    op.create_table(
        "disclosure_ground",
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("balancing", sa.Text(), nullable=False),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "from_id"],
            ["disclosure.id", "disclosure.from_id"],
            name=op.f("fk_disclosure_ground_disclosure_id_from_id"),
        ),
        sa.PrimaryKeyConstraint("disclosure_id", name=op.f("pk_disclosure_ground")),
    )
    op.create_table(
        "disclosure_receipt",
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum("granted", "refused", name="decision", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "from_id"],
            ["disclosure.id", "disclosure.from_id"],
            name=op.f("fk_disclosure_receipt_disclosure_id_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["information_request.id"], name=op.f("fk_disclosure_receipt_request_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["authority.id"], name=op.f("fk_disclosure_receipt_to_id")),
        sa.PrimaryKeyConstraint("disclosure_id", name=op.f("pk_disclosure_receipt")),
    )
    op.create_index("ix_disclosure_receipt_request_id", "disclosure_receipt", ["request_id"], unique=False)
    op.create_index("ix_disclosure_receipt_to_id_at", "disclosure_receipt", ["to_id", "at"], unique=False)

    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    for table in (
        "disclosure_receipt",
        "disclosure_ground",
        "disclosed_picture",
        "disclosed_item",
        "disclosure",
        "information_request",
    ):
        op.drop_table(table)
    op.execute(
        "DELETE FROM notice_read WHERE notice_id IN (SELECT id FROM notice WHERE notice_kind = ANY (ARRAY['information_asked', 'information_refused', 'copy_received', 'copy_withdrawn']))"
    )
    op.execute(
        "DELETE FROM notice WHERE notice_kind = ANY (ARRAY['information_asked', 'information_refused', 'copy_received', 'copy_withdrawn'])"
    )
    allow_notices(BEFORE)
