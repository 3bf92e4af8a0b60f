"""Working hours, hot spots, operation orders, held actions, notices, templates: what pages and the practice town need."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

POLICIES = Path(__file__).parents[1] / "policies" / "0002.sql"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["authority.id"], name=op.f("fk_draft_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_reader_id_person_id", "draft", ["reader_id", "person_id"], unique=False)
    op.create_table(
        "own_setting",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("length(value) <= 200", name=op.f("ck_own_setting_short")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_setting_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_own_setting")),
    )
    op.create_table(
        "template",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column(
            "template_kind",
            sa.Enum("operation", "answer", name="templatekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_template_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
    )
    op.create_index(
        "uq_template_authority_id_kind_name_version",
        "template",
        ["authority_id", "template_kind", "name", "version"],
        unique=True,
    )
    op.create_table(
        "hot_spot",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outline", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum("followed", "ended", name="hotspotstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_hot_spot_collaboration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_spot")),
        sa.UniqueConstraint("collaboration_id", "name", name=op.f("uq_hot_spot_collaboration_id_name")),
        sa.UniqueConstraint("id", "collaboration_id", name=op.f("uq_hot_spot_id_collaboration_id")),
    )
    op.create_table(
        "busy_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name=op.f("ck_busy_time_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_busy_time_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_authority_id_person_id", "busy_time", ["authority_id", "person_id"], unique=False)
    op.create_table(
        "held_action",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "step",
                "cancel",
                "move",
                "meeting",
                "ask",
                "let_go",
                "replace",
                name="heldkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("command", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "done",
                "withdrawn",
                "refused",
                name="heldstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_held_action_authority_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_held_action_operation_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_held_action_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_action")),
    )
    op.create_index("ix_held_action_operation_id", "held_action", ["operation_id"], unique=False)
    op.create_table(
        "hot_spot_event",
        sa.Column("hot_spot_id", sa.Uuid(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "identified",
                "changed",
                "confirmed",
                "ended",
                name="hotspotchange",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hot_spot_id", "collaboration_id"],
            ["hot_spot.id", "hot_spot.collaboration_id"],
            name=op.f("fk_hot_spot_event_hot_spot_id_collaboration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_spot_event")),
    )
    op.create_index("ix_hot_spot_event_hot_spot_id", "hot_spot_event", ["hot_spot_id"], unique=False)
    op.create_table(
        "hot_spot_premises",
        sa.Column("hot_spot_id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hot_spot_id", "collaboration_id"],
            ["hot_spot.id", "hot_spot.collaboration_id"],
            name=op.f("fk_hot_spot_premises_hot_spot_id_collaboration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["premises_id", "collaboration_id"],
            ["premises.id", "premises.collaboration_id"],
            name=op.f("fk_hot_spot_premises_premises_id_collaboration_id"),
        ),
        sa.PrimaryKeyConstraint("hot_spot_id", "premises_id", name=op.f("pk_hot_spot_premises")),
    )
    op.create_index("ix_hot_spot_premises_premises_id", "hot_spot_premises", ["premises_id"], unique=False)
    op.create_table(
        "leave",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "leave_kind",
            sa.Enum(
                "holiday",
                "training",
                "compensatory",
                "other",
                name="leavekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name=op.f("ck_leave_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_leave_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index("ix_leave_authority_id_person_id", "leave", ["authority_id", "person_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "notice_kind",
            sa.Enum(
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
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("code_word", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["authority.id"], name=op.f("fk_notice_from_id")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_notice_operation_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "to_id"], ["staff.person_id", "staff.authority_id"], name=op.f("fk_notice_person_id_to_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["authority.id"], name=op.f("fk_notice_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "subject_id", "person_id", "notice_kind", "n", name=op.f("uq_notice_subject_id_person_id_notice_kind_n")
        ),
    )
    op.create_index("ix_notice_person_id_at", "notice", ["person_id", "at"], unique=False)
    op.create_table(
        "operation_order",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("briefing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_word", sa.Text(), nullable=True),
        sa.Column("safety_note", sa.Text(), nullable=True),
        sa.Column("open_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f("fk_operation_order_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_operation_order")),
    )
    op.create_table(
        "shift",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name=op.f("ck_shift_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_shift_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_authority_id_person_id", "shift", ["authority_id", "person_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f("fk_team_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("id", "operation_id", name=op.f("uq_team_id_operation_id")),
        sa.UniqueConstraint("operation_id", "name", name=op.f("uq_team_operation_id_name")),
    )
    op.create_table(
        "unavailable",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("busy", "unknown", name="unavailability", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("ck_unavailable_bounded"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_unavailable_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailable")),
    )
    op.create_index("ix_unavailable_authority_id_person_id", "unavailable", ["authority_id", "person_id"], unique=False)
    op.create_table(
        "contact_card",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("shown_as", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id", "authority_id"],
            ["participation.operation_id", "participation.authority_id"],
            name=op.f("fk_contact_card_operation_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_contact_card_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("operation_id", "person_id", name=op.f("pk_contact_card")),
    )
    op.create_table(
        "message",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id", "authority_id"],
            ["participation.operation_id", "participation.authority_id"],
            name=op.f("fk_message_operation_id_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "authority_id"],
            ["staff.person_id", "staff.authority_id"],
            name=op.f("fk_message_person_id_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_operation_id_at", "message", ["operation_id", "at"], unique=False)
    op.create_table(
        "notice_read",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_read_person_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_read")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "opens >= 0 AND opens < 1440 AND closes > opens AND closes <= 2880", name=op.f("ck_opening_hours_minutes")
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_opening_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["business_id", "collaboration_id"],
            ["business.id", "business.collaboration_id"],
            name=op.f("fk_opening_hours_business_id_collaboration_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "weekday", "opens", name=op.f("pk_opening_hours")),
    )
    op.create_table(
        "visit_order",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 200", name=op.f("ck_visit_order_position")),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f("fk_visit_order_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "operation_id"],
            ["team.id", "team.operation_id"],
            name=op.f("fk_visit_order_team_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id", "operation_id"],
            ["visit.id", "visit.operation_id"],
            name=op.f("fk_visit_order_visit_id_operation_id"),
        ),
        sa.PrimaryKeyConstraint("team_id", "visit_id", name=op.f("pk_visit_order")),
    )
    op.create_index("ix_visit_order_operation_id", "visit_order", ["operation_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_team_member_assignment_id")),
        sa.ForeignKeyConstraint(
            ["operation_id", "lead_id"],
            ["operation.id", "operation.lead_id"],
            name=op.f("fk_team_member_operation_id_lead_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "operation_id"],
            ["team.id", "team.operation_id"],
            name=op.f("fk_team_member_team_id_operation_id"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_team_member")),
    )
    op.create_index("ix_team_member_operation_id", "team_member", ["operation_id"], unique=False)
    for statement in POLICIES.read_text("utf-8").splitlines():
        op.execute(statement.replace(":", r"\:"))


def downgrade() -> None:
    op.drop_table("team_member")
    op.drop_table("visit_order")
    op.drop_table("opening_hours")
    op.drop_table("notice_read")
    op.drop_table("message")
    op.drop_table("contact_card")
    op.drop_table("unavailable")
    op.drop_table("team")
    op.drop_table("shift")
    op.drop_table("operation_order")
    op.drop_table("notice")
    op.drop_table("leave")
    op.drop_table("hot_spot_premises")
    op.drop_table("hot_spot_event")
    op.drop_table("held_action")
    op.drop_table("busy_time")
    op.drop_table("hot_spot")
    op.drop_table("template")
    op.drop_table("own_setting")
    op.drop_table("draft")
