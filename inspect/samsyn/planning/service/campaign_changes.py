"""Change a campaign before and after it is planned: its days, whom it asks, where it goes; and take a change back.

What is fixed stays fixed, and what is published stays as it is. Plans stay too, each of what the campaign was then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import all_, case, func, literal, null, select, update

from samsyn.audit.service import record
from samsyn.businesses.queries import businesses_by_id
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember
from samsyn.planning.queries.campaigns import MOST_ITEMS, ItemLine, MemberLine, get_campaign, items_of, members_asked
from samsyn.planning.service.belonging import demand_there
from samsyn.planning.service.campaigns import (
    OWN,
    TELLS,
    AskMember,
    MakeCampaign,
    demand_members,
    fault_of_places,
    faults_of,
    led_campaign,
    write_items,
    write_members,
)
from samsyn.planning.service.item_state import put_back
from samsyn.planning.slots.grid import Grid

FIXED_OUTSIDE: Final = "a fixed visit lies outside"
TEAM_WANTED: Final = "a visit is for that team"
NAMED: Final = "the meeting place names it"


@dataclass(frozen=True, slots=True)
class EditCampaign:
    """What a campaign is to be; its collaboration, its businesses and how long each visit is stay as they are."""

    campaign_id: UUID
    seen_version: int
    said: MakeCampaign


def edit_campaign(uow: UnitOfWork, command: EditCampaign) -> None:
    """Change days, hours, places, teams and whom it asks; whoever comes new is wanted everywhere.

    ``ChangedMeanwhileError`` where somebody changed it after the viewer read it; ``InvalidError`` names the field, also
    where something that is fixed would lie outside.
    """
    row = led_campaign(uow, command.campaign_id)
    if row.version != command.seen_version:
        raise ChangedMeanwhileError(f"you saw version {command.seen_version}, it is now {row.version}")
    items = items_of(uow, row.id)
    ids = tuple(one.business.id for one in items)
    said = replace(command.said, collaboration_id=row.collaboration_id, business_ids=ids)
    demand_members(uow, said)
    faults = faults_of(uow, said, [one.business for one in items])
    if row.first_on == said.first_on and row.days == said.days:
        faults.pop("first_on", None)  # one whose days have passed may still get another name
    if not faults and any_outside(items, Grid(said.first_on, said.days)):
        faults["last_on"] = [FIXED_OUTSIDE]
    if any_without_team(items, said):
        faults["teams"] = [TEAM_WANTED]
    if faults:
        raise InvalidError("that campaign cannot be", fields=faults)
    before = state_of(uow, row)
    put_state(uow, row, said.shape(), said.members)
    if state_of(uow, row) != before:
        keep(uow, row, before)
    uow.session.flush()
    record(uow, "campaign.change", row.id)


def any_outside(items: Sequence[ItemLine], days: Grid) -> bool:
    """Say whether one that lies fixed and is not published would lie outside some days."""
    fixed = [one.pinned_at for one in items if one.pinned_at is not None and one.visit_id is None]
    return not all(map(days.holds, fixed))


def any_without_team(items: Sequence[ItemLine], said: MakeCampaign) -> bool:
    """Say whether a visit that is not published is for a team that nobody would be in."""
    teams = {name for name, people in said.teams.items() if people}
    return any(one.team and one.team not in teams and one.visit_id is None and not one.excluded_at for one in items)


def add_businesses(uow: UnitOfWork, campaign_id: UUID, business_ids: Sequence[UUID], minutes: int) -> int:
    """Let a campaign go to further businesses too; return how many are new.

    One that was left out is wanted again. ``InvalidError`` where none is named, they become too many, one is outside
    the collaboration, or a meeting place names it.
    """
    row = led_campaign(uow, campaign_id)
    there = {one.business.id: one for one in items_of(uow, campaign_id)}
    wanted = list(dict.fromkeys(business_ids))
    new = [one for one in wanted if one not in there]
    again = [there[one].id for one in wanted if one in there and there[one].excluded_at is not None]
    if not new and not again:
        raise InvalidError("none", fields={"business": ["at least one"]})
    if len(there) + len(new) > MOST_ITEMS:
        raise InvalidError("too many", fields={"business": ["too many"]})
    known = businesses_by_id(uow, set(new))
    demand_there(row.collaboration_id, set(new), known, "business")
    command = command_of(uow, row, tuple(new), minutes)
    if told := sorted(one.name for one in known.values() if fault_of_places(command.meeting_places, [one]) == TELLS):
        raise InvalidError("a meeting place names it", fields={"business": [NAMED, *told]})
    before = state_of(uow, row)
    added = write_items(uow, row.id, command) if new else []
    want_again(uow, row, again)
    keep(uow, row, before, added=[str(one) for one in (*added, *again)])
    uow.session.flush()
    record(uow, "campaign.change", row.id)
    return len(new) + len(again)


def undo_change(uow: UnitOfWork, campaign_id: UUID, seen_version: int) -> None:
    """Take the last change of a campaign back; once more brings it again. ``NotFoundError`` where there is none.

    ``ConflictError`` where it would ask an authority that has left the collaboration, or a unit that is no more, or
    take the days from under a visit that lies fixed. Who is asked again is wanted where it was.
    """
    row = led_campaign(uow, campaign_id)
    if row.version != seen_version:
        raise ChangedMeanwhileError(f"you saw version {seen_version}, it is now {row.version}")
    if row.before is None:
        raise NotFoundError("nothing was changed")
    if "item" in row.before:
        put_back(uow, row, UUID(row.before["item"]))
    else:
        state_put_back(uow, row, row.before)
    row.changed_at = uow.now
    uow.session.flush()
    record(uow, "campaign.change", row.id)


def state_put_back(uow: UnitOfWork, row: Campaign, was: Mapping[str, Any]) -> None:
    """Let a campaign be what it was, and keep what it is now."""
    now = state_of(uow, row)
    fields = {**was["fields"], "first_on": date.fromisoformat(was["fields"]["first_on"])}
    members = members_before(uow, row.id)
    demand_there_still(uow, row, members)
    if any_outside(items_of(uow, row.id), Grid(fields["first_on"], fields["days"])):
        raise ConflictError(FIXED_OUTSIDE, fields={"last_on": [FIXED_OUTSIDE]})
    put_state(uow, row, fields, members, again=True)
    added, taken = was.get("added", []), was.get("taken", [])
    leave_out_again(uow, row.id, [UUID(one) for one in added])
    want_again(uow, row, [UUID(one) for one in taken])
    keep(uow, row, now, taken=added, added=taken)


def demand_there_still(uow: UnitOfWork, row: Campaign, members: Sequence[AskMember]) -> None:
    """Raise ``ConflictError`` where one of them, or a unit of theirs, is no longer in the collaboration."""
    try:
        demand_members(uow, replace(command_of(uow, row, (), 60), members=tuple(members)))
    except (InvalidError, NotFoundError):
        said = "somebody has left"
        raise ConflictError(said, fields={"members": [said]}) from None


def leave_out_again(uow: UnitOfWork, campaign_id: UUID, item_ids: Sequence[UUID]) -> None:
    """Leave some places out, for the reason that each had before it was wanted again; what is published stays."""
    i = CampaignItem
    why = func.coalesce(i.before["excluded_why"].astext, "")
    values = {"excluded_at": uow.now, "excluded_why": why, "pinned_at": None, "pinned_people": []}
    put_items(uow, campaign_id, item_ids, values)


def want_again(uow: UnitOfWork, row: Campaign, item_ids: Sequence[UUID]) -> None:
    """Want some places again, each with the reason kept for the way back; what is published stays.

    One for a team that nobody is in any more is for no team.
    """
    i = CampaignItem
    kept = func.jsonb_build_object("excluded_why", i.excluded_why)
    team = case((i.team.in_(list(row.teams)), i.team), else_=null())
    put_items(uow, row.id, item_ids, {"excluded_at": None, "excluded_why": None, "before": kept, "team": team})


def put_items(uow: UnitOfWork, campaign_id: UUID, item_ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Write the same columns of some places of a campaign that are not published."""
    if item_ids:
        i = CampaignItem
        mine = (i.campaign_id == campaign_id, i.id.in_(item_ids), i.visit_id.is_(None))
        uow.session.execute(update(i).where(*mine).values(**values, version=i.version + 1))


def state_of(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    """Return what a change of a campaign can be taken back to: its own columns, and what it asks of whom."""
    fields = {name: getattr(row, name) for name in (*OWN, "meeting_places", "teams")}
    fields["first_on"] = row.first_on.isoformat()
    return {"fields": fields, "members": {one.authority_id: plain(one) for one in members_asked(uow, row.id)}}


def keep(uow: UnitOfWork, row: Campaign, was: Mapping[str, Any], **more: list[str]) -> None:
    """Keep what a change can be taken back to, and note that what is asked has changed.

    What each member was asked lies in the member's own row: whom else the lead asks is not the others' to read.
    """
    row.before, row.changed_at = {"fields": was["fields"], **more}, uow.now
    m = CampaignMember
    said = [(m.authority_id == who, literal(one, m.before.type)) for who, one in was["members"].items()]
    before = case(*said, else_=null()) if said else null()
    uow.session.execute(update(m).where(m.campaign_id == row.id).values(before=before))


def members_before(uow: UnitOfWork, campaign_id: UUID) -> list[AskMember]:
    """Return whom a campaign asked before its last change."""
    m = CampaignMember
    rows = select(m.authority_id, m.before).where(m.campaign_id == campaign_id, m.before.is_not(None))
    found = uow.session.execute(rows.order_by(m.authority_id))
    return [asked_of(authority, was) for authority, was in found if was is not None]


def plain(one: MemberLine) -> dict[str, Any]:
    """Return what a member is asked as plain data."""
    return {
        "people": one.people,
        "vehicles": one.vehicles,
        "unit_ids": [str(unit) for unit in one.unit_ids],
        "competence": one.competence,
    }


def asked_of(authority_id: UUID, said: Mapping[str, Any]) -> AskMember:
    """Return a member from plain data."""
    units = tuple(UUID(one) for one in said["unit_ids"])
    return AskMember(authority_id, said["people"], said["vehicles"], units, said["competence"])


def put_state(
    uow: UnitOfWork, row: Campaign, fields: Mapping[str, Any], members: Sequence[AskMember], *, again: bool = False
) -> None:
    """Write a campaign's columns and whom it asks; with ``again`` they are wanted where they were."""
    for name, value in fields.items():
        setattr(row, name, value)
    uow.session.flush()
    there = {one.authority_id for one in members_asked(uow, row.id)}
    put_members(uow, row, members)
    if not again:
        want_everywhere(uow, row, {one.authority_id for one in members} - there)


def put_members(uow: UnitOfWork, row: Campaign, members: Sequence[AskMember]) -> None:
    """Write whom a campaign asks; who is named no longer has left, but stays wanted where it was if it comes back."""
    m, now = CampaignMember, {one.authority_id: one for one in members}
    known = set(uow.session.scalars(select(m.authority_id).where(m.campaign_id == row.id)))
    there = {one.authority_id for one in members_asked(uow, row.id)}
    for authority in known:
        asked = now.get(authority)
        values: dict[str, Any] = {"left_at": uow.now if authority in there else m.left_at}
        if asked is not None:
            values = {"left_at": None, "people": asked.people, "vehicles": asked.vehicles}
            values |= {"unit_ids": list(asked.unit_ids), "competence": asked.competence}
        uow.session.execute(update(m).where(m.campaign_id == row.id, m.authority_id == authority).values(**values))
    if new := [one for one in members if one.authority_id not in known]:
        write_members(uow, row.id, replace(command_of(uow, row, (), 60), members=tuple(new)))


def want_everywhere(uow: UnitOfWork, row: Campaign, authorities: Collection[UUID]) -> None:
    """Let authorities be wanted at every place that is not published."""
    i = CampaignItem
    for authority in authorities:
        grown = func.array_append(i.authorities, authority)
        mine = (i.campaign_id == row.id, i.visit_id.is_(None), literal(authority) != all_(i.authorities))
        uow.session.execute(update(i).where(*mine).values(authorities=grown, version=i.version + 1))


def command_of(uow: UnitOfWork, row: Campaign, business_ids: tuple[UUID, ...], minutes: int) -> MakeCampaign:
    """Return a campaign as what would make it."""
    card = get_campaign(uow, row.id)
    return MakeCampaign(
        collaboration_id=card.collaboration_id,
        name=card.name,
        first_on=card.first_on,
        days=card.days,
        opens=card.opens,
        closes=card.closes,
        meeting_places=card.meeting_places,
        members=tuple(AskMember(one.authority_id, one.people, one.vehicles) for one in members_asked(uow, row.id)),
        business_ids=business_ids,
        minutes=minutes,
    )
