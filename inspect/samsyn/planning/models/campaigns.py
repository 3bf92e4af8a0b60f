"""A campaign: which businesses some authorities are to visit in a period, and the plans that the lead made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samsyn.core.base import Base, Keyed
from samsyn.core.campaign_kinds import CAMPAIGN, CAMPAIGN_ITEM, CAMPAIGN_MEMBER, PLAN_JOB, PLAN_RESULT, WEIGHTS

LED = ["campaign.id", "campaign.lead_id"]
OF_READER = ["plan_job.id", "plan_job.reader_id"]


class Campaign(Keyed, Base):
    """The days, the hours of a day (minutes after midnight) and where people meet.

    ``meeting_places``: name, and latitude and longitude where somebody said them. ``per_shift``: visits a person goes
    to at most in one shift. ``load_days``: days before it whose joint visits count as carried. ``teams``: own people by
    the team's letter. ``changed_at``: plans that were asked for before are of what it was. ``before``: what the last
    change can be taken back to; where that was one place, only which.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("id", "lead_id"),
        UniqueConstraint("id", "collaboration_id"),
        CheckConstraint("days BETWEEN 1 AND 56", name="days"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="hours"),
        Index("ix_campaign_lead_id_first_on", "lead_id", "first_on"),
    )
    kind = CAMPAIGN
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    name: Mapped[str]
    first_on: Mapped[date]
    days: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
    weekends: Mapped[bool]
    meeting_places: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    briefing: Mapped[int]
    per_shift: Mapped[int]
    load_days: Mapped[int]
    teams: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class CampaignMember(Base):
    """That an authority is to take part, with how many people at a visit; ``vehicles``: visits at the same moment.

    ``unit_ids``: whose people may go, where it is not everybody's; ``competence``: what each of them has. ``before``:
    what was asked of it before the campaign's last change; nothing where it was not asked.
    """

    __tablename__ = "campaign_member"
    __table_args__ = (ForeignKeyConstraint(["campaign_id", "lead_id"], LED),)
    kind = CAMPAIGN_MEMBER
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    lead_id: Mapped[UUID]
    people: Mapped[int]
    vehicles: Mapped[int | None]
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    competence: Mapped[str | None]
    left_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class CampaignItem(Keyed, Base):
    """A business that is to be visited, and by whom; once published, the visit that it became.

    ``authorities``: who of the members is wanted there. ``due_on``: from the day after it each day costs. ``team``: the
    letter of the own people who go. ``pinned_at`` with ``pinned_people``: how it has to stay. ``before``: what the
    campaign's last change can be taken back to here.
    """

    __tablename__ = "campaign_item"
    __table_args__ = (
        ForeignKeyConstraint(["campaign_id", "lead_id"], LED),
        ForeignKeyConstraint(["campaign_id", "collaboration_id"], ["campaign.id", "campaign.collaboration_id"]),
        ForeignKeyConstraint(["business_id", "collaboration_id"], ["business.id", "business.collaboration_id"]),
        UniqueConstraint("campaign_id", "business_id"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes"),
        CheckConstraint("(operation_id IS NULL) = (visit_id IS NULL)", name="published"),
        Index("ix_campaign_item_visit_id", "visit_id"),
    )
    kind = CAMPAIGN_ITEM
    campaign_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    business_id: Mapped[UUID]
    minutes: Mapped[int]
    authorities: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    mandatory: Mapped[bool]
    safety_note: Mapped[str | None]
    excluded_at: Mapped[datetime | None]
    excluded_why: Mapped[str | None]
    due_on: Mapped[date | None]
    team: Mapped[str | None]
    pinned_at: Mapped[datetime | None]
    pinned_people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dict here


class PlanJob(Base):
    """A plan that is being made, under the key of its job: the problem as it was asked, and the best so far.

    ``taken``: somebody takes the best so far. ``asked_by``, ``ended_at``: what a colleague is told of it, who does not
    read its job. ``asked_of``: the campaign's first day, days and meeting places as they were then, and the
    items for which nobody could be asked in time (``too_soon``). ``failed``: the
    code of an error and the items that it is about. The same problem, seed and budget give the same plan.
    """

    __tablename__ = "plan_job"
    __table_args__ = (
        UniqueConstraint("id", "reader_id"),
        UniqueConstraint("reader_id", "problem_hash", "seed"),
        Index("ix_plan_job_campaign_id", "campaign_id"),
    )
    kind = PLAN_JOB
    id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    baseline_id: Mapped[UUID | None]
    seed: Mapped[int] = mapped_column(BigInteger)
    budget: Mapped[int]
    done: Mapped[int]
    problem_hash: Mapped[str]
    problem: Mapped[dict[str, Any]]
    asked_of: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    best: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    taken: Mapped[bool]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    failed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class PlanResult(Keyed, Base):
    """A plan that the verifier accepted, with all that makes it again. Insert only.

    ``made_by``: who moved something by hand; nothing where the planner made it. ``parts``: the objective's parts.
    """

    __tablename__ = "plan_result"
    __table_args__ = (
        ForeignKeyConstraint(["plan_job_id", "reader_id"], OF_READER),
        ForeignKeyConstraint(["baseline_id"], ["plan_result.id"]),
        Index("ix_plan_result_campaign_id_made_at", "campaign_id", "made_at"),
    )
    kind = PLAN_RESULT
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    plan_job_id: Mapped[UUID]
    baseline_id: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    iterations: Mapped[int]
    objective: Mapped[int] = mapped_column(BigInteger)
    risk: Mapped[int]
    risk_wanted: Mapped[int]
    risk_at_most: Mapped[int]
    parts: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]


class CandidateWeights(Base):
    """How much each fact speaks for a visit, as a collaboration agreed: versions, each as one planner wrote it."""

    __tablename__ = "candidate_weights"
    kind = WEIGHTS
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    weights: Mapped[dict[str, Any]]
    written_at: Mapped[datetime]
