"""Pledges with what they promise, what was done for them, and counts that a silo hands in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import samsyn.pledges.evaluation.models  # noqa: F401  its tables belong to this room's
from samsyn.authorities.rules import OF_WORK
from samsyn.businesses.rules import PermitKind
from samsyn.core.base import Base, Keyed
from samsyn.core.house_kinds import PLEDGE, SILO_PLAIN, TALLY
from samsyn.core.pledge_kinds import ACTIVITY, AGREEMENT_FILE, COMMITMENT, FOCUS_AREA, OPERATION_FOCUS, PROMISE
from samsyn.pledges.rules import ActivityKind, ActivityState, CommitmentForm, PledgeState

TO_FOCUS_AREA = ["focus_area.id", "focus_area.collaboration_id"]


class Tally(Base):
    """How many of a measure an authority did in a quarter ("2026-Q4"), in a dimension ("" is all)."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)
    kind = TALLY
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    frozen_at: Mapped[datetime | None]


class Agreement(Keyed, Base):
    """A cooperation agreement of several years; ``signatories``: of which party, as what, and who signed.

    A draft has no day of signing, and may be removed and put back.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("id", "collaboration_id"),
        CheckConstraint("until_on > from_on", name="until"),
        CheckConstraint("removed_at IS NULL OR signed_on IS NULL", name="removed"),
        Index("ix_agreement_collaboration_id", "collaboration_id"),
    )
    kind = PLEDGE
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    name: Mapped[str]
    signed_on: Mapped[date | None]
    from_on: Mapped[date]
    until_on: Mapped[date]
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    signatories: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    removed_at: Mapped[datetime | None]
    version: Mapped[int]


class AgreementFile(Keyed, Base):
    """A document of an agreement; its bytes lie encrypted on the disk, under the collaboration."""

    __tablename__ = "agreement_file"
    __table_args__ = (
        ForeignKeyConstraint(["agreement_id", "collaboration_id"], ["agreement.id", "agreement.collaboration_id"]),
        UniqueConstraint("agreement_id", "content_hmac"),
        CheckConstraint("size > 0", name="size"),
    )
    kind = AGREEMENT_FILE
    agreement_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content_hmac: Mapped[str]
    key_name: Mapped[str]
    added_at: Mapped[datetime]


class Pledge(Keyed, Base):
    """What the parties promise the citizens for a year (medborgarlöfte); a draft may be removed, and put back."""

    __tablename__ = "pledge"
    __table_args__ = (
        ForeignKeyConstraint(["agreement_id", "collaboration_id"], ["agreement.id", "agreement.collaboration_id"]),
        UniqueConstraint("id", "collaboration_id"),
        CheckConstraint("(state = 'draft') OR signed_on IS NOT NULL", name="signed"),
        CheckConstraint("removed_at IS NULL OR state = 'draft'", name="removed"),
        Index("uq_pledge_year", "collaboration_id", "year", unique=True, postgresql_where=text("removed_at IS NULL")),
    )
    kind = PROMISE
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    agreement_id: Mapped[UUID | None]
    year: Mapped[int]
    name: Mapped[str]
    state: Mapped[PledgeState]
    signed_on: Mapped[date | None]
    place: Mapped[str]
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    signatories: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    removed_at: Mapped[datetime | None]
    version: Mapped[int]


class FocusArea(Keyed, Base):
    """What a pledge is about, with the picture (lägesbild) that justifies it."""

    __tablename__ = "focus_area"
    __table_args__ = (
        ForeignKeyConstraint(["pledge_id", "collaboration_id"], ["pledge.id", "pledge.collaboration_id"]),
        UniqueConstraint("id", "collaboration_id"),
        Index("uq_focus_area_name", "pledge_id", "name", unique=True, postgresql_where=text("removed_at IS NULL")),
    )
    kind = FOCUS_AREA
    pledge_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    name: Mapped[str]
    picture: Mapped[str]
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class Commitment(Keyed, Base):
    """One countable promise of a focus area; what it counts is said by its columns, its numbers are never typed.

    ``target``: how many, or how many per cent; ``fields``: of work that must have taken part, each (of a place: any);
    ``least``: how many authorities must; ``not_led_by``: the authority whose lead does not count; ``whole``: over all
    areas; ``within_days``: of a return visit; ``serious``: only where a deficiency was.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        ForeignKeyConstraint(["focus_area_id", "collaboration_id"], TO_FOCUS_AREA),
        ForeignKeyConstraint(["carried_to_id", "collaboration_id"], ["commitment.id", "commitment.collaboration_id"]),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], ["hot_spot.id", "hot_spot.collaboration_id"]),
        UniqueConstraint("id", "collaboration_id"),
        CheckConstraint("form NOT IN ('occasions', 'share') OR target > 0", name="target"),
        CheckConstraint("form <> 'share' OR (target <= 100 AND not_led_by IS NOT NULL)", name="share"),
        CheckConstraint("form <> 'coverage' OR (permit_kind IS NOT NULL AND fields <> '{}')", name="coverage"),
        CheckConstraint("form <> 'date' OR by_on IS NOT NULL", name="date"),
        CheckConstraint("form = 'date' OR done_on IS NULL", name="done"),
        CheckConstraint("(form = 'return_visit') = (within_days IS NOT NULL)", name="return_visit"),
        CheckConstraint("within_days BETWEEN 1 AND 366", name="within_days"),
        CheckConstraint("form = 'return_visit' OR NOT serious", name="serious"),
        CheckConstraint("least >= 1", name="least"),
        CheckConstraint(OF_WORK, name="fields"),
        Index("ix_commitment_focus_area_id", "focus_area_id"),
    )
    kind = COMMITMENT
    focus_area_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    form: Mapped[CommitmentForm]
    text: Mapped[str]
    target: Mapped[int | None]
    counts: Mapped[ActivityKind]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    least: Mapped[int]
    not_led_by: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    permit_kind: Mapped[PermitKind | None]
    hot_spot_id: Mapped[UUID | None]
    whole: Mapped[bool]
    within_days: Mapped[int | None]
    serious: Mapped[bool]
    by_on: Mapped[date | None]
    done_on: Mapped[date | None]
    not_done_reason: Mapped[str | None]
    carried_to_id: Mapped[UUID | None]
    position: Mapped[int]
    removed_at: Mapped[datetime | None]
    version: Mapped[int]


class Activity(Keyed, Base):
    """Something done, or to be done, for a pledge; of an operation what its lead's worker counted, and no title.

    ``operation_id`` has no key: most readers may not see the operation. ``authorities`` and ``fields``: who took part
    in visits that were done; ``guests``: how many from outside the collaboration did, who stay unnamed here, as they
    leave no trace; ``guest_led``: whether such a one led it; ``together``: how many came, guests too, to the
    visit to which most did; ``visits``: how many of those there were; ``counted_at``:
    when, as a lead that went over may leave two lines; of what is typed, when it was last said.
    """

    __tablename__ = "activity"
    __table_args__ = (
        ForeignKeyConstraint(["focus_area_id", "collaboration_id"], TO_FOCUS_AREA),
        ForeignKeyConstraint(["hot_spot_id", "collaboration_id"], ["hot_spot.id", "hot_spot.collaboration_id"]),
        UniqueConstraint("authority_id", "operation_id"),
        CheckConstraint("(activity_kind = 'operation') = (operation_id IS NOT NULL)", name="operation"),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("visits >= 0", name="visits"),
        CheckConstraint("together >= 0", name="together"),
        CheckConstraint(OF_WORK, name="fields"),
        Index("ix_activity_collaboration_id_on_date", "collaboration_id", "on_date"),
    )
    kind = ACTIVITY
    collaboration_id: Mapped[UUID] = mapped_column(ForeignKey("collaboration.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    focus_area_id: Mapped[UUID | None]
    activity_kind: Mapped[ActivityKind]
    state: Mapped[ActivityState]
    on_date: Mapped[date]
    operation_id: Mapped[UUID | None]
    hot_spot_id: Mapped[UUID | None]
    title: Mapped[str]
    authorities: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    guests: Mapped[int]
    guest_led: Mapped[bool]
    together: Mapped[int] = mapped_column(server_default=text("1"))
    visits: Mapped[int]
    counted_at: Mapped[datetime]
    reason: Mapped[str | None]
    version: Mapped[int]


class ActivityTime(Base):
    """How many minutes an authority planned and spent on an activity; its own, of which only sums leave the house."""

    __tablename__ = "activity_time"
    __table_args__ = (
        CheckConstraint("planned BETWEEN 0 AND 60000", name="planned"),
        CheckConstraint("spent BETWEEN 0 AND 60000", name="spent"),
        Index("ix_activity_time_activity_id", "activity_id"),
    )
    kind = SILO_PLAIN
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    planned: Mapped[int]
    spent: Mapped[int]
    version: Mapped[int]


class OperationFocus(Base):
    """Which focus area an operation serves, as its lead says; before it is done known only to who takes part."""

    __tablename__ = "operation_focus"
    __table_args__ = (
        ForeignKeyConstraint(["operation_id", "lead_id"], ["operation.id", "operation.lead_id"], onupdate="CASCADE"),
        ForeignKeyConstraint(["focus_area_id", "collaboration_id"], TO_FOCUS_AREA),
    )
    kind = OPERATION_FOCUS
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    collaboration_id: Mapped[UUID]
    focus_area_id: Mapped[UUID | None]
