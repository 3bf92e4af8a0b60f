"""Campaigns and their plans as JSON; own people by their keys, of others how many (SECRECY R7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from samsyn.planning.queries.campaigns import CampaignCard, ItemLine, MemberLine, PlanLine
from samsyn.planning.queries.plan_jobs import JobLine
from samsyn.web.parsing import Shown


class CampaignOut(Shown):
    """A campaign; ``businesses``: how many it goes to."""

    id: UUID
    lead_id: UUID
    collaboration_id: UUID
    name: str
    first_on: date
    last_on: date
    businesses: int

    @classmethod
    def of(cls, one: CampaignCard, n: int) -> CampaignOut:
        """Return one as it is listed."""
        return cls(
            id=one.id,
            lead_id=one.lead_id,
            collaboration_id=one.collaboration_id,
            name=one.name,
            first_on=one.first_on,
            last_on=one.last_on,
            businesses=n,
        )


class CampaignList(Shown):
    """Some of them."""

    items: list[CampaignOut]
    next_cursor: str | None


class PlaceOut(Shown):
    """Where people meet."""

    name: str
    latitude: float | None
    longitude: float | None


class MemberOut(Shown):
    """An authority that is asked."""

    authority_id: UUID
    people: int
    vehicles: int | None
    unit_ids: list[UUID]
    competence: str | None


class ItemOut(Shown):
    """A business that is to be visited; ``version`` is what changes of it name (``If-Match``)."""

    id: UUID
    business_id: UUID
    name: str
    minutes: int
    authorities: list[UUID]
    mandatory: bool
    due_on: date | None
    team: str | None
    excluded_why: str | None
    excluded: bool
    pinned_at: datetime | None
    operation_id: UUID | None
    visit_id: UUID | None
    version: int


class PlanCardOut(Shown):
    """A plan; ``stale``: what is asked was changed after it was asked for."""

    id: UUID
    made_at: datetime
    by_hand: bool
    baseline_id: UUID | None
    visits: int
    left_out: int
    objective: int
    risk: int
    risk_at_most: int
    stale: bool

    @classmethod
    def card(cls, campaign: CampaignCard, one: PlanLine) -> dict[str, Any]:
        """Return what is said of a plan."""
        return {
            "id": one.id,
            "made_at": one.made_at,
            "by_hand": one.made_by is not None,
            "baseline_id": one.baseline_id,
            "visits": one.number,
            "left_out": len(one.plan["unscheduled"]),
            "objective": one.objective,
            "risk": one.risk,
            "risk_at_most": one.risk_at_most,
            "stale": one.stale(campaign),
        }


class CampaignDetailOut(CampaignOut):
    """A campaign whole; ``opens`` and ``closes`` are minutes after midnight."""

    opens: int
    closes: int
    weekends: bool
    briefing: int
    per_shift: int
    load_days: int
    version: int
    meeting_places: list[PlaceOut]
    members: list[MemberOut]
    items: list[ItemOut]
    plans: list[PlanCardOut]

    @classmethod
    def whole(
        cls,
        campaign: CampaignCard,
        members: Sequence[MemberLine],
        items: Sequence[ItemLine],
        plans: Sequence[PlanLine],
    ) -> CampaignDetailOut:
        """Return it with whom it asks, where it goes and its plans."""
        own = ("opens", "closes", "weekends", "briefing", "per_shift", "load_days", "version")
        return cls(
            **CampaignOut.of(campaign, len(items)).model_dump(),
            **{name: getattr(campaign, name) for name in own},
            meeting_places=[PlaceOut.model_validate(one) for one in campaign.meeting_places],
            members=[MemberOut.model_validate(one) for one in members],
            items=[item_out(one) for one in items],
            plans=[PlanCardOut(**PlanCardOut.card(campaign, one)) for one in plans],
        )


def item_out(one: ItemLine) -> ItemOut:
    """Return a business of a campaign."""
    same = (
        "id",
        "minutes",
        "mandatory",
        "due_on",
        "team",
        "excluded_why",
        "pinned_at",
        "operation_id",
        "visit_id",
        "version",
    )
    return ItemOut(
        **{name: getattr(one, name) for name in same},
        business_id=one.business.id,
        name=one.business.name,
        authorities=list(one.authorities),
        excluded=one.excluded_at is not None,
    )


class SendsOut(Shown):
    """How many people an authority sends; ``people`` are named where they are the caller's own."""

    authority_id: UUID
    number: int
    people: list[UUID]


class PlannedOut(Shown):
    """A planned visit."""

    item_id: UUID
    business_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    sends: list[SendsOut]


class LeftOut(Shown):
    """A visit that has no place; ``why`` is a code."""

    item_id: UUID
    why: str | None


class PlanOut(PlanCardOut):
    """A plan line by line."""

    lines: list[PlannedOut]
    unscheduled: list[LeftOut]

    @classmethod
    def of(
        cls, campaign: CampaignCard, plan: PlanLine, items: Sequence[ItemLine], problem: Mapping[str, Any], me: UUID
    ) -> PlanOut:
        """Return a plan as its lead's planner reads it."""
        business = {str(one.id): one.business.id for one in items}  # no line of what the reader may not see (R13)
        minutes = {one["id"]: one["duration"] for one in problem["visits"]}
        sent_by = {one["id"]: one["agency"] for one in problem["inspectors"]}
        then, lines = plan.of(campaign), []
        for one in plan.plan["visits"]:
            if one["id"] not in business:
                continue
            starts_at = then.moment(one["start"])
            lines.append(
                PlannedOut(
                    item_id=one["id"],
                    business_id=business[one["id"]],
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=minutes.get(one["id"], 0)),
                    sends=sends_of(one["inspectors"], sent_by, me),
                )
            )
        left = [
            LeftOut(item_id=one["id"], why=one.get("why")) for one in plan.plan["unscheduled"] if one["id"] in business
        ]
        ordered = sorted(lines, key=lambda one: (one.starts_at, str(one.item_id)))
        return cls(**PlanCardOut.card(campaign, plan), lines=ordered, unscheduled=left)


def sends_of(people: Sequence[str], sent_by: Mapping[str, str], me: UUID) -> list[SendsOut]:
    """Return whom each authority sends, as far as the caller may know."""
    found: dict[str, list[str]] = {}
    for person in people:
        found.setdefault(sent_by[person], []).append(person)
    return [
        SendsOut(authority_id=UUID(key), number=len(of), people=[UUID(n) for n in of] if key == str(me) else [])
        for key, of in sorted(found.items())
    ]


class PlanningOut(Shown):
    """How far a plan is: ``done`` of ``budget`` iterations, visits of the best so far, and the plan that was kept.

    ``asked_by`` is one of the lead's own people: while it is ``open`` nobody else asks for another.
    ``error``: why it came to nothing, or to less than was asked, and the items that are ``missing``.
    """

    job_id: UUID | None
    budget: int
    done: int
    planned: int
    taken: bool
    plan_id: UUID | None
    open: bool = False
    asked_by: UUID | None = None
    asked_at: datetime | None = None
    error: str | None = None
    missing: list[UUID] = Field(default_factory=list)

    @classmethod
    def of(cls, job: JobLine | None, plan_id: UUID | None, *, being_made: bool) -> PlanningOut:
        """Return how far the last one is; all noughts where none was asked for."""
        if job is None:
            return cls(job_id=None, budget=0, done=0, planned=0, taken=False, plan_id=None)
        return cls(
            job_id=job.id,
            budget=job.budget,
            done=job.done,
            planned=job.planned,
            taken=job.taken,
            plan_id=plan_id,
            open=being_made,
            asked_by=job.asked_by,
            asked_at=job.asked_at,
            error=job.error,
            missing=list(job.missing),
        )
