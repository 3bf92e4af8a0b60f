"""Read campaigns, whom they ask, where they go, and the plans that the viewer's authority made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, true

from samsyn.businesses.queries import BusinessCard, businesses_by_id
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember, PlanJob, PlanResult
from samsyn.planning.queries.plan_jobs import JobLine
from samsyn.planning.slots.grid import Grid

MOST: Final = 200
MOST_ITEMS: Final = 300
MOST_PLANS: Final = 50
EARLY: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """Where people meet; without a place on the map it counts as lying in the middle."""

    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign; ``opens`` and ``closes`` are minutes after midnight on its days."""

    id: UUID
    lead_id: UUID
    collaboration_id: UUID
    name: str
    first_on: date
    days: int
    opens: int
    closes: int
    weekends: bool
    meeting_places: tuple[MeetingPlace, ...]
    briefing: int
    per_shift: int
    load_days: int = 0
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed_at: datetime = EARLY
    undo: bool = False
    version: int = 1

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.first_on + timedelta(days=self.days - 1)

    @property
    def grid(self) -> Grid:
        """Its quarters."""
        return Grid(self.first_on, self.days)

    def moment(self, minute: int) -> datetime:
        """Return when a minute of its plans is."""
        return self.grid.begins_at + timedelta(minutes=minute)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An authority that is to take part, with how many people at a visit."""

    authority_id: UUID
    people: int
    vehicles: int | None
    unit_ids: tuple[UUID, ...] = ()
    competence: str | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A business of a campaign, as the register has it now."""

    id: UUID
    business: BusinessCard
    minutes: int
    authorities: tuple[UUID, ...]
    mandatory: bool
    safety_note: str | None
    excluded_at: datetime | None
    excluded_why: str | None
    due_on: date | None
    team: str | None
    pinned_at: datetime | None
    pinned_people: tuple[UUID, ...]
    operation_id: UUID | None
    visit_id: UUID | None
    version: int
    called_off: bool = False
    """Its operation was called off; known where ``as_seen`` was asked."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan that was kept: what it holds, how good it is known to be, and what makes it again."""

    id: UUID
    plan_job_id: UUID
    baseline_id: UUID | None
    made_by: UUID | None
    made_at: datetime
    iterations: int
    seed: int
    budget: int
    objective: int
    risk: int
    risk_wanted: int
    risk_at_most: int
    parts: dict[str, Any]
    plan: dict[str, Any]
    asked_at: datetime
    asked_of: dict[str, Any] | None = field(default=None)

    def of(self, campaign: CampaignCard) -> CampaignCard:
        """Return the campaign with the days and the meeting places that it had when this plan was asked for."""
        if self.asked_of is None:
            return campaign
        places = tuple(MeetingPlace(**one) for one in self.asked_of["meeting_places"])
        first_on = date.fromisoformat(self.asked_of["first_on"])
        return replace(campaign, first_on=first_on, days=self.asked_of["days"], meeting_places=places)

    @property
    def too_soon(self) -> frozenset[str]:
        """The visits that could have begun only before anybody may be asked for them."""
        return frozenset((self.asked_of or {}).get("too_soon", ()))

    def stale(self, campaign: CampaignCard) -> bool:
        """Say whether what is asked was changed after this plan was asked for."""
        return campaign.changed_at > self.asked_at

    @property
    def number(self) -> int:
        """How many visits are planned."""
        return len(self.plan["visits"])


def _card(row: Campaign) -> CampaignCard:
    places = tuple(MeetingPlace(one["name"], one["latitude"], one["longitude"]) for one in row.meeting_places)
    return CampaignCard(
        row.id,
        row.lead_id,
        row.collaboration_id,
        row.name,
        row.first_on,
        row.days,
        row.opens,
        row.closes,
        row.weekends,
        places,
        row.briefing,
        row.per_shift,
        row.load_days,
        row.teams,
        row.changed_at,
        row.before is not None,
        row.version,
    )


def list_campaigns(uow: UnitOfWork) -> list[tuple[CampaignCard, int]]:
    """Return campaigns with how many businesses each has, the latest first; two statements, for planners."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("campaigns are for planners")
    rows = uow.session.scalars(select(Campaign).order_by(Campaign.first_on.desc(), Campaign.id).limit(MOST)).all()
    per = (
        select(CampaignItem.campaign_id, func.count())
        .where(CampaignItem.campaign_id.in_([one.id for one in rows]))
        .group_by(CampaignItem.campaign_id)
    )
    counted: dict[UUID, int] = {row[0]: row[1] for row in uow.session.execute(per)}
    return [(_card(one), counted.get(one.id, 0)) for one in rows]


def get_campaign(uow: UnitOfWork, campaign_id: UUID) -> CampaignCard:
    """Return a campaign; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Campaign, campaign_id)
    if row is None:
        raise NotFoundError("no such campaign")
    return _card(row)


def members_asked(uow: UnitOfWork, campaign_id: UUID) -> list[MemberLine]:
    """Return who takes part: the lead reads all, a member itself; whom else the lead asks is the lead's to say."""
    m = CampaignMember
    rows = (
        select(m.authority_id, m.people, m.vehicles, m.unit_ids, m.competence)
        .where(m.campaign_id == campaign_id, m.left_at.is_(None))
        .order_by(m.authority_id)
        .limit(MOST)
    )
    return [
        MemberLine(who, people, vehicles, tuple(units), able)
        for who, people, vehicles, units, able in uow.session.execute(rows)
    ]


def items_of(uow: UnitOfWork, campaign_id: UUID) -> list[ItemLine]:
    """Return where a campaign goes, by the place's name, in two statements; never what jäv closes to the viewer."""
    rows = uow.session.scalars(
        select(CampaignItem).where(CampaignItem.campaign_id == campaign_id).limit(MOST_ITEMS)
    ).all()
    known = businesses_by_id(uow, {one.business_id for one in rows})
    found = [_item(one, known[one.business_id]) for one in rows if one.business_id in known]
    return sorted(found, key=lambda one: (one.business.name.casefold(), str(one.id)))


def get_item(uow: UnitOfWork, campaign_id: UUID, item_id: UUID) -> ItemLine:
    """Return one of them; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(CampaignItem, item_id)
    known = businesses_by_id(uow, {row.business_id}) if row is not None else {}
    if row is None or row.campaign_id != campaign_id or row.business_id not in known:
        raise NotFoundError("no such business in the campaign")
    return _item(row, known[row.business_id])


def _item(row: CampaignItem, business: BusinessCard) -> ItemLine:
    return ItemLine(
        row.id,
        business,
        row.minutes,
        tuple(row.authorities),
        row.mandatory,
        row.safety_note,
        row.excluded_at,
        row.excluded_why,
        row.due_on,
        row.team,
        row.pinned_at,
        tuple(row.pinned_people),
        row.operation_id,
        row.visit_id,
        row.version,
    )


def last_job(uow: UnitOfWork, campaign_id: UUID) -> JobLine | None:
    """Return the plan that was asked for last, with how far it is."""
    j = PlanJob
    planned = func.jsonb_array_length(j.best["visits"])
    rows = (
        select(
            *(j.id, j.seed, j.budget, j.done, j.taken, func.coalesce(planned, 0), j.baseline_id),
            *(j.asked_at, j.asked_by, j.ended_at, j.failed),
        )
        .where(j.campaign_id == campaign_id)
        .order_by(j.asked_at.desc(), j.id)
        .limit(1)
    )
    row = uow.session.execute(rows).one_or_none()
    return None if row is None else JobLine(*row)


def plans_of(uow: UnitOfWork, campaign_id: UUID, plan_id: UUID | None = None) -> list[PlanLine]:
    """Return the plans that the viewer's authority made of a campaign, the newest first, or just one of them."""
    r, j = PlanResult, PlanJob
    rows = (
        select(
            *(r.id, r.plan_job_id, r.baseline_id, r.made_by, r.made_at, r.iterations, j.seed, j.budget, r.objective),
            *(r.risk, r.risk_wanted, r.risk_at_most, r.parts, r.plan, j.asked_at, j.asked_of),
        )
        .join(j, j.id == r.plan_job_id)
        .where(r.campaign_id == campaign_id, true() if plan_id is None else r.id == plan_id)
        .order_by(r.made_at.desc(), r.id)
        .limit(MOST_PLANS)
    )
    return [PlanLine(*row) for row in uow.session.execute(rows)]


def problem_of_plan(uow: UnitOfWork, plan: PlanLine) -> dict[str, Any]:
    """Return the problem that a plan answers, as it was asked then."""
    found: dict[str, Any] | None = uow.session.scalar(select(PlanJob.problem).where(PlanJob.id == plan.plan_job_id))
    if found is None:
        raise NotFoundError("no such plan")
    return found
