"""A refusal lies in its authority's silo; a request for help is read by who asks and by the police, by nobody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.core.assistance_kinds import HELP_ANSWER, HELP_REQUEST
from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import FINDING

PART = ["part_id", "visit_id", "operation_id", "authority_id"]
TO_PART = ["visit_part.id", "visit_part.visit_id", "visit_part.operation_id", "visit_part.authority_id"]
ASKED = ["request_id", "visit_id", "operation_id", "authority_id", "asker_id"]
TO_ASKED = [f"help_request.{name}" for name in ("id", "visit_id", "operation_id", "answers_id", "authority_id")]


class EntryRefusal(Keyed, Base):
    """That somebody refused entry at a visit: when, in which role, and what was said. Never changed (FL 27 §)."""

    __tablename__ = "entry_refusal"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        UniqueConstraint("id", "part_id"),
        CheckConstraint("length(by_role) BETWEEN 1 AND 200 AND length(said) <= 2000", name="text_length"),
        Index("ix_entry_refusal_part_id", "part_id"),
    )
    kind = FINDING
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    unit_only: Mapped[bool]
    at: Mapped[datetime]
    by_role: Mapped[str]
    said: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class HelpRequest(Keyed, Base):
    """A request for the help of the police at a visit, by act and section. ``answers_id``: the police authority.

    Where no police takes part it is asked for by phone, and who asked notes the answer: ``answers_id`` is its own.
    ``ground``: what the conditional sections ask for. Never changed; what came of it stands beside it.
    """

    __tablename__ = "help_request"
    __table_args__ = (
        ForeignKeyConstraint(PART, TO_PART),
        ForeignKeyConstraint(["refusal_id", "part_id"], ["entry_refusal.id", "entry_refusal.part_id"]),
        ForeignKeyConstraint(
            ["operation_id", "answers_id"], ["participation.operation_id", "participation.authority_id"]
        ),
        UniqueConstraint("id", "visit_id", "operation_id", "answers_id", "authority_id"),
        CheckConstraint(
            "(law IN ('ltlp_7_19', 'ltn_34', 'alkl_9_9', 'livsl_27')) = (ground IS NOT NULL)", name="conditional"
        ),
        CheckConstraint("length(reason) BETWEEN 1 AND 2000", name="reason_length"),
        Index("ix_help_request_part_id", "part_id"),
        Index("ix_help_request_answers_id_at", "answers_id", "at"),
    )
    kind = HELP_REQUEST
    part_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    refusal_id: Mapped[UUID | None]
    answers_id: Mapped[UUID]
    answers_unit_id: Mapped[UUID | None]
    law: Mapped[HelpLaw]
    ground: Mapped[HelpGround | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class HelpAnswer(Keyed, Base):
    """What came of a request: they come and when, they cannot, help was given and what it was; a log.

    ``presence_id``: the note with which an officer went over to the role of helping (DOMAIN 0.8).
    """

    __tablename__ = "help_answer"
    __table_args__ = (
        ForeignKeyConstraint(ASKED, TO_ASKED),
        CheckConstraint("presence_id IS NULL OR what = 'given'", name="role_when_given"),
        CheckConstraint("length(text) <= 2000", name="text_length"),
        Index("ix_help_answer_request_id", "request_id"),
        Index("ix_help_answer_presence_id", "presence_id"),
    )
    kind = HELP_ANSWER
    request_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    operation_id: Mapped[UUID]
    authority_id: Mapped[UUID]
    asker_id: Mapped[UUID]
    what: Mapped[Helped]
    at: Mapped[datetime]
    text: Mapped[str]
    presence_id: Mapped[UUID | None] = mapped_column(ForeignKey("presence.id"))
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
