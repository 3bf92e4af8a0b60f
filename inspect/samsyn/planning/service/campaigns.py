"""Write campaigns: which businesses, which authorities, when; and what is wanted of each business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of
from samsyn.businesses.queries import BusinessCard, businesses_by_id
from samsyn.core.errors import (
    ChangedMeanwhileError,
    GateClosedError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.operations.rules import local_day, tells
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember, CandidateWeights
from samsyn.planning.queries.campaigns import MOST_ITEMS, MeetingPlace
from samsyn.planning.queries.weights import weights_in
from samsyn.planning.scores import MOST_POINTS, Fact

LONGEST: Final = 56
QUARTER: Final = 15
DAY: Final = 1440
SHORTEST_VISIT, LONGEST_VISIT = 15, 480
MOST_PEOPLE: Final = 10
PERSONAL: Final = "must not hold a personal identity number"
TELLS: Final = "must not name a place that is visited"


@dataclass(frozen=True, slots=True)
class AskMember:
    """An authority that is to take part, with how many people at a visit and how many visits at the same moment."""

    authority_id: UUID
    people: int = 1
    vehicles: int | None = None


@dataclass(frozen=True, slots=True)
class MakeCampaign:
    """A campaign of the viewer's authority; ``minutes``: how long a visit is."""

    collaboration_id: UUID
    name: str
    first_on: date
    days: int
    opens: int
    closes: int
    meeting_places: tuple[MeetingPlace, ...]
    members: tuple[AskMember, ...]
    business_ids: tuple[UUID, ...]
    weekends: bool = False
    minutes: int = 60
    briefing: int = 15
    per_shift: int = 4


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """What is wanted of one business; ``excluded``: the next plan leaves it out."""

    campaign_id: UUID
    item_id: UUID
    minutes: int
    seen_version: int
    mandatory: bool = False
    excluded: bool = False
    safety_note: str | None = None


def make_campaign(uow: UnitOfWork, command: MakeCampaign) -> UUID:
    """Write a campaign with its members and businesses.

    ``InvalidError`` names the field; ``NotFoundError`` for a business or an authority outside the collaboration.
    """
    demand_planner(uow)
    members = {one.id for one in members_of(uow, command.collaboration_id)}
    if not {one.authority_id for one in command.members} <= members:
        raise NotFoundError("no such authority in the collaboration")
    known = businesses_by_id(uow, set(command.business_ids[:MOST_ITEMS]))
    if faults := faults_of(uow, command, list(known.values())):
        raise InvalidError("that campaign cannot be", fields=faults)
    if len(known) < len(set(command.business_ids)) or any(
        one.collaboration_id != command.collaboration_id for one in known.values()
    ):
        raise NotFoundError("no such business in the collaboration")
    row = Campaign(
        id=uuid4(),
        lead_id=uow.me,
        collaboration_id=command.collaboration_id,
        name=command.name,
        first_on=command.first_on,
        days=command.days,
        opens=command.opens,
        closes=command.closes,
        weekends=command.weekends,
        meeting_places=[
            {"name": one.name, "latitude": one.latitude, "longitude": one.longitude} for one in command.meeting_places
        ],
        briefing=command.briefing,
        per_shift=command.per_shift,
        made_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    write_members(uow, row.id, command)
    write_items(uow, row.id, command)
    record(uow, "campaign.make", row.id)
    return row.id


def write_members(uow: UnitOfWork, campaign_id: UUID, command: MakeCampaign) -> None:
    """Write who is to take part."""
    values = [
        {
            "campaign_id": campaign_id,
            "authority_id": one.authority_id,
            "lead_id": uow.me,
            "people": one.people,
            "vehicles": one.vehicles,
        }
        for one in command.members
    ]
    uow.session.execute(insert(CampaignMember), values)


def write_items(uow: UnitOfWork, campaign_id: UUID, command: MakeCampaign) -> None:
    """Write where it goes, each business once, everybody wanted everywhere."""
    values = [
        {
            "id": uuid4(),
            "campaign_id": campaign_id,
            "lead_id": uow.me,
            "collaboration_id": command.collaboration_id,
            "business_id": one,
            "minutes": command.minutes,
            "authorities": [member.authority_id for member in command.members],
            "mandatory": False,
            "pinned_people": [],
            "version": 1,
        }
        for one in dict.fromkeys(command.business_ids)
    ]
    uow.session.execute(insert(CampaignItem), values)


def faults_of(uow: UnitOfWork, command: MakeCampaign, businesses: list[BusinessCard]) -> dict[str, list[str]]:
    """Return what is wrong, by field."""
    faults: dict[str, list[str]] = {}
    if not 1 <= command.days <= LONGEST:
        faults["last_on"] = ["at most eight weeks after first_on"]
    elif command.first_on + timedelta(days=command.days - 1) <= local_day(uow.now):
        faults["first_on"] = ["must not be in the past"]
    if not 0 <= command.opens < command.closes <= DAY:
        faults["closes"] = ["must be after opens"]
    if not command.business_ids:
        faults["business_ids"] = ["at least one"]
    elif len(command.business_ids) > MOST_ITEMS:
        faults["business_ids"] = ["too many"]
    if not command.members:
        faults["members"] = ["at least one"]
    if has_personal_number(command.name):
        faults["name"] = [PERSONAL]
    if fault := fault_of_places(command.meeting_places, businesses):
        faults["meeting_place"] = [fault]
    return faults


def fault_of_places(places: Sequence[MeetingPlace], businesses: Sequence[BusinessCard]) -> str:
    """Return what is wrong with where people meet: it will stand in mails and calendars."""
    if not places:
        return "at least one"
    if any(has_personal_number(one.name) for one in places):
        return PERSONAL
    told = any(tells(one.name, business.name, business.address) for one in places for business in businesses)
    return TELLS if told else ""


def change_item(uow: UnitOfWork, command: ChangeItem) -> None:
    """Change what is wanted of a business; before it is published.

    ``ChangedMeanwhileError`` where somebody changed it after the viewer read it.
    """
    row = led_item(uow, command.campaign_id, command.item_id, command.seen_version)
    if command.safety_note and has_personal_number(command.safety_note):
        raise InvalidError("not that", fields={"safety_note": [PERSONAL]})
    row.minutes, row.mandatory, row.safety_note = command.minutes, command.mandatory, command.safety_note
    row.excluded_at = (row.excluded_at or uow.now) if command.excluded else None
    if command.excluded:
        row.pinned_at, row.pinned_people = None, []
    uow.session.flush()
    record(uow, "campaign.change", row.id)


def led_campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """Return a campaign that the viewer plans; ``NotFoundError`` for one of others."""
    demand_planner(uow)
    row = uow.session.get(Campaign, campaign_id)
    if row is None:
        raise NotFoundError("no such campaign")
    if row.lead_id != uow.me:
        raise NotAllowedError("only the lead authority plans a campaign")
    return row


def led_item(uow: UnitOfWork, campaign_id: UUID, item_id: UUID, seen: int) -> CampaignItem:
    """Return a business of a campaign that the viewer plans, as that person saw it, not yet published."""
    led_campaign(uow, campaign_id)
    row = uow.session.get(CampaignItem, item_id)
    if row is None or row.campaign_id != campaign_id:
        raise NotFoundError("no such business in the campaign")
    if row.version != seen:
        raise ChangedMeanwhileError(f"you saw version {seen}, it is now {row.version}")
    if row.visit_id is not None:
        raise GateClosedError("it is published already", ("state",))
    return row


def demand_planner(uow: UnitOfWork) -> None:
    """Refuse anyone but a planner."""
    if "planner" not in uow.viewer.roles:
        raise NotAllowedError("campaigns are for planners")


def note_published(uow: UnitOfWork, campaign_id: UUID, visits: Mapping[UUID, tuple[UUID, UUID]]) -> None:
    """Note which visit of which operation each item became."""
    led_campaign(uow, campaign_id)
    for item_id, (operation_id, visit_id) in visits.items():
        row = uow.session.get(CampaignItem, item_id)
        if row is None or row.campaign_id != campaign_id or row.visit_id is not None:
            raise NotFoundError("no such business in the campaign")
        row.operation_id, row.visit_id = operation_id, visit_id
    uow.session.flush()
    record(uow, "campaign.publish", campaign_id)


def write_weights(uow: UnitOfWork, collaboration_id: UUID, weights: Mapping[Fact, int], seen_version: int) -> int:
    """Write a new version of the weights; return its number. ``ChangedMeanwhileError`` where another was written."""
    demand_planner(uow)
    if any(abs(points) > MOST_POINTS for points in weights.values()):
        raise InvalidError("too much", fields={"weights": ["too many"]})
    stands = weights_in(uow, collaboration_id).version
    if stands != seen_version:
        raise ChangedMeanwhileError(f"you saw version {seen_version}, it is now {stands}")
    row = {"collaboration_id": collaboration_id, "version": stands + 1, "authority_id": uow.me, "written_at": uow.now}
    said = {fact.value: points for fact, points in weights.items()}
    uow.session.execute(insert(CandidateWeights).values(weights=said, **row))
    record(uow, "weights.write", collaboration_id)
    return stands + 1
