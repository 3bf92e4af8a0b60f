"""Write campaigns: which businesses, which authorities, when; and what is wanted of each business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.authorities.queries import members_of, units_of
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
from samsyn.operations.rules import tells
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember
from samsyn.planning.queries.campaigns import MOST_ITEMS, MeetingPlace
from samsyn.planning.service.belonging import OUTSIDE, demand_there, demand_wanted
from samsyn.planning.service.item_state import forget, item_state, note_changed

LONGEST: Final = 56
QUARTER: Final = 15
DAY: Final = 1440
SHORTEST_VISIT, LONGEST_VISIT = 15, 480
MOST_LOAD_DAYS: Final = 90
OWN: Final = ("name", "first_on", "days", "opens", "closes", "weekends", "briefing", "per_shift", "load_days")
FAR: Final = timedelta(days=2 * 365)
TOO_FAR: Final = "at most two years from today"
PERSONAL: Final = "must not hold a personal identity number"
TELLS: Final = "must not name a place that is visited"


@dataclass(frozen=True, slots=True)
class AskMember:
    """An authority that is to take part, with how many people at a visit and how many visits at the same moment.

    ``unit_ids``: whose people may go, where it is not everybody's; ``competence``: what each of them has to have.
    """

    authority_id: UUID
    people: int = 1
    vehicles: int | None = None
    unit_ids: tuple[UUID, ...] = ()
    competence: str | None = None


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
    load_days: int = 0
    teams: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        """Return the campaign's own columns."""
        return {
            **{name: getattr(self, name) for name in OWN},
            "meeting_places": [asdict(one) for one in self.meeting_places],
            "teams": {name: [str(one) for one in people] for name, people in self.teams.items() if people},
        }


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """What is wanted of one business; ``excluded``: the next plan leaves it out, and why.

    ``authorities``: which members are wanted there, ``None`` for those who are; ``team``: whose people of the lead.
    """

    campaign_id: UUID
    item_id: UUID
    minutes: int
    seen_version: int
    mandatory: bool = False
    excluded: bool = False
    safety_note: str | None = None
    excluded_why: str | None = None
    due_on: date | None = None
    team: str | None = None
    authorities: tuple[UUID, ...] | None = None


def make_campaign(uow: UnitOfWork, command: MakeCampaign) -> UUID:
    """Write a campaign with its members and businesses.

    ``InvalidError`` names the field, also of a business or an authority outside the collaboration; ``NotFoundError``
    for a collaboration that is not the viewer's.
    """
    demand_planner(uow)
    demand_members(uow, command)
    known = businesses_by_id(uow, set(command.business_ids[:MOST_ITEMS]))
    if faults := faults_of(uow, command, list(known.values())):
        raise InvalidError("that campaign cannot be", fields=faults)
    demand_there(command.collaboration_id, set(command.business_ids), known, "business_ids")
    row = Campaign(
        id=uuid4(),
        lead_id=uow.me,
        collaboration_id=command.collaboration_id,
        made_at=uow.now,
        changed_at=uow.now,
        version=1,
        **command.shape(),
    )
    uow.session.add(row)
    uow.session.flush()
    write_members(uow, row.id, command)
    write_items(uow, row.id, command)
    record(uow, "campaign.make", row.id)
    return row.id


def demand_members(uow: UnitOfWork, command: MakeCampaign) -> None:
    """Raise ``InvalidError`` for an authority outside the collaboration, or a unit of another authority.

    ``NotFoundError`` for a collaboration that is not the viewer's.
    """
    members = {one.id for one in members_of(uow, command.collaboration_id)}
    if uow.me not in members:
        raise NotFoundError("no such collaboration")
    asked = {one.authority_id for one in command.members}
    units = {(one.authority_id, one.id) for one in units_of(uow, asked)}
    wanted = {(one.authority_id, unit) for one in command.members for unit in one.unit_ids}
    if not asked <= members or not wanted <= units:
        raise InvalidError("no such authority in the collaboration", fields={"members": [OUTSIDE]})


def write_members(uow: UnitOfWork, campaign_id: UUID, command: MakeCampaign) -> None:
    """Write who is to take part."""
    values = [
        {
            "campaign_id": campaign_id,
            "authority_id": one.authority_id,
            "lead_id": uow.me,
            "people": one.people,
            "vehicles": one.vehicles,
            "unit_ids": list(one.unit_ids),
            "competence": one.competence,
        }
        for one in command.members
    ]
    uow.session.execute(insert(CampaignMember), values)


def write_items(uow: UnitOfWork, campaign_id: UUID, command: MakeCampaign) -> list[UUID]:
    """Write where it goes, each business once, everybody wanted everywhere; return the keys."""
    values: list[dict[str, Any]] = [
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
    return [one["id"] for one in values]


def faults_of(uow: UnitOfWork, command: MakeCampaign, businesses: list[BusinessCard]) -> dict[str, list[str]]:
    """Return what is wrong, by field."""
    faults = faults_of_days(command, uow.today)
    if not 0 <= command.opens < command.closes <= DAY:
        faults["closes"] = ["must be after opens"]
    if not command.business_ids:
        faults["business_ids"] = ["at least one"]
    elif len(command.business_ids) > MOST_ITEMS:
        faults["business_ids"] = ["too many"]
    if not command.members:
        faults["members"] = ["at least one"]
    if not 0 <= command.load_days <= MOST_LOAD_DAYS:
        faults["load_days"] = ["too many"]
    if has_personal_number(command.name):
        faults["name"] = [PERSONAL]
    if fault := fault_of_places(command.meeting_places, businesses):
        faults["meeting_places"] = [fault]
    return faults


def faults_of_days(command: MakeCampaign, today: date) -> dict[str, list[str]]:
    """Return what is wrong with its days."""
    faults = {} if 1 <= command.days <= LONGEST else {"last_on": ["at most eight weeks after first_on"]}
    if abs(command.first_on - today) > FAR:
        faults["first_on"] = [TOO_FAR]
    elif not faults and command.first_on + timedelta(days=command.days - 1) <= today:
        faults["first_on"] = ["must not be in the past"]
    return faults


def fault_of_places(places: Sequence[MeetingPlace], businesses: Sequence[BusinessCard]) -> str:
    """Return what is wrong with where people meet: it will stand in mails and calendars."""
    if not places:
        return "missing"
    if any(has_personal_number(one.name) for one in places):
        return PERSONAL
    told = any(tells(one.name, business.name, business.address) for one in places for business in businesses)
    return TELLS if told else ""


def change_item(uow: UnitOfWork, command: ChangeItem) -> None:
    """Change what is wanted of a business; before it is published.

    ``ChangedMeanwhileError`` where somebody changed it after the viewer read it.
    """
    row = led_item(uow, command.campaign_id, command.item_id, command.seen_version)
    was = item_state(row)
    said = {"safety_note": command.safety_note, "excluded_why": command.excluded_why if command.excluded else None}
    if faults := {name: [PERSONAL] for name, text in said.items() if text and has_personal_number(text)}:
        raise InvalidError("not that", fields=faults)
    if command.due_on and command.due_on != row.due_on and abs(command.due_on - uow.today) > FAR:
        raise InvalidError("not then", fields={"due_on": [TOO_FAR]})
    if command.excluded and not command.excluded_why:
        raise InvalidError("no reason", fields={"excluded_why": ["required"]})
    demand_wanted(uow, row, command.authorities)
    row.minutes, row.mandatory, row.safety_note = command.minutes, command.mandatory, command.safety_note
    row.due_on, row.team, row.excluded_why = command.due_on, command.team, said["excluded_why"]
    row.excluded_at = (row.excluded_at or uow.now) if command.excluded else None
    if command.authorities is not None and set(command.authorities) != set(row.authorities):
        row.authorities = sorted(set(command.authorities), key=str)
    if command.excluded:
        row.pinned_at, row.pinned_people = None, []
    if item_state(row) != was:
        note_changed(uow, row, was)
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
        forget(uow, row)
    uow.session.flush()
    record(uow, "campaign.publish", campaign_id)
