"""Publish a campaign's plan: its visits become operations whose people are asked; each authority answers for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from samsyn.access.queries import staff_of
from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.evenings import Evenings, Step, steps_of
from samsyn.operations.queries import HeldTime, held_times
from samsyn.operations.service import (
    AddVisit,
    AskPart,
    AskPerson,
    ProposeOperation,
    add_participation,
    add_visit,
    ask_person,
    form_team,
    join_team,
    propose_operation,
)
from samsyn.planning.queries.asked_plan import able_at, asked_at
from samsyn.planning.queries.campaigns import (
    CampaignCard,
    ItemLine,
    MemberLine,
    get_campaign,
    items_of,
    members_asked,
    problem_of_plan,
)
from samsyn.planning.service.campaigns import led_campaign, note_published
from samsyn.planning.service.moving import fixed_of
from samsyn.planning.service.plans import get_plan

AT_ONCE: Final = 60
STAFF: Final = 2_000


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """Publish some visits of a plan."""

    campaign_id: UUID
    plan_id: UUID
    item_ids: tuple[UUID, ...]


def publish_plan(uow: UnitOfWork, command: PublishPlan) -> list[UUID]:
    """Write the operations of a plan's visits, with their people asked; return them in the order of their times.

    Visits that the same people do one after the other are one operation. ``InvalidError`` for nothing, too much at
    once; ``ConflictError`` for what is published already, for what was left out, fixed otherwise or whose authority was
    let go after it was planned, or where somebody is held by others by now. All, or nothing.
    """
    led_campaign(uow, command.campaign_id)
    plan = get_plan(uow, command.campaign_id, command.plan_id)
    campaign = plan.of(get_campaign(uow, command.campaign_id))
    problem = problem_of_plan(uow, plan)
    items = {str(one.id): one for one in items_of(uow, campaign.id)}
    chosen = {str(one) for one in command.item_ids}
    entries = [one for one in plan.plan["visits"] if one["id"] in chosen and one["id"] in items]
    if not entries or len(entries) > AT_ONCE:
        raise InvalidError("nothing, or too much", fields={"item_ids": ["at least one" if not entries else "too many"]})
    sent_by = {one["id"]: one["agency"] for one in problem["inspectors"]}
    members = {one.authority_id: one for one in members_asked(uow, campaign.id)}
    demand_still_wanted(items, entries, sent_by, members)
    demand_as_fixed(campaign, problem, items, entries)
    units = {(one.authority_id, one.person_id): one.unit_id for one in staff_of(uow, set(members), STAFF)}
    done: dict[UUID, tuple[UUID, UUID]] = {}
    found = []
    steps = steps_of(campaign, problem, items, entries)
    demand_as_wanted(campaign, problem, list(members.values()), steps)
    held = held_then(uow, steps)
    for evening in Evenings(campaign, problem, plan.plan["visits"], held).of(steps):
        operation_id, visits = write_evening(uow, campaign, evening, sent_by, members, units)
        done |= {step.item.id: (operation_id, visit_id) for step, visit_id in zip(evening, visits, strict=True)}
        found.append(operation_id)
    note_published(uow, campaign.id, done)
    return found


def demand_still_wanted(
    items: Mapping[str, ItemLine],
    entries: Sequence[Mapping[str, Any]],
    sent_by: Mapping[str, str],
    members: Mapping[UUID, MemberLine],
) -> None:
    """Raise ``ConflictError`` for what is published already, and for what the campaign wants no longer."""
    said = ""
    if any(items[one["id"]].operation_id for one in entries):
        said = "published already"
    elif any(items[one["id"]].excluded_at for one in entries):
        said = "left out since"
    elif not {UUID(sent_by[person]) for one in entries for person in one["inspectors"]} <= members.keys():
        said = "no longer asked"
    if said:
        raise ConflictError(said, fields={"item_ids": [said]})


def demand_as_fixed(
    campaign: CampaignCard,
    problem: Mapping[str, Any],
    items: Mapping[str, ItemLine],
    entries: Sequence[Mapping[str, Any]],
) -> None:
    """Raise ``ConflictError`` for a visit that lies fixed at another time, or with others, than a plan has it, and for
    one whose people are wanted by then where another visit lies fixed.
    """
    lasts = {one["id"]: one["duration"] for one in problem["visits"]}
    fixed = {key: found for key, one in items.items() if not one.operation_id and (found := fixed_of(campaign, one))}
    for one in entries:
        start, ends, people = one["start"], one["start"] + lasts[one["id"]], set(one["inspectors"])
        for key, other in fixed.items():
            theirs, begins = set(other["inspectors"]), other["start"]
            moved = key == one["id"] and (begins, theirs) != (start, people)
            elsewhere = key != one["id"] and begins < ends and start < begins + lasts.get(key, 0) and theirs & people
            if moved or elsewhere:
                said = "fixed otherwise since"
                raise ConflictError(said, fields={"item_ids": [said]})


def demand_as_wanted(
    campaign: CampaignCard, problem: Mapping[str, Any], members: Sequence[MemberLine], steps: Sequence[Step]
) -> None:
    """Raise ``ConflictError`` with the visits for which others, or other minutes, are wanted now than were then."""
    then = {one["id"]: one for one in problem["visits"]}
    changed = []
    for step in steps:
        visit, able = then[str(step.item.id)], able_at(campaign, members, step.item)
        now = {key: (n, set(able.get(key, ()))) for key, n in asked_at(members, step.item).items()}
        was = {unit["agency"]: (unit["count"], set(unit["skills"])) for unit in visit["units"]}
        if (visit["duration"], was) != (step.item.minutes, now):
            changed.append(step)
    if changed:
        raise ConflictError("changed since", fields={"item_ids": ["changed since", *map(named, changed)]})


def held_then(uow: UnitOfWork, steps: Sequence[Step]) -> list[HeldTime]:
    """Return what is held of the people of some visits around them.

    ``ConflictError`` with the visits and their days where one is held at the time of a visit or of the way to it.
    """
    people = {UUID(one) for step in steps for one in step.people}
    held = held_times(uow, people, (min(one.meets_at for one in steps), max(one.ends_at for one in steps)))
    clashes = [
        step
        for step in steps
        if any(
            str(one.person_id) in step.people and one.starts_at < step.ends_at and step.meets_at < one.ends_at
            for one in held
        )
    ]
    if clashes:
        raise ConflictError("held then", missing=("time",), fields={"item_ids": ["held then", *map(named, clashes)]})
    return held


def named(step: Step) -> str:
    """Return a visit's name, day and time."""
    return f"{step.item.business.name}, {step.starts_at.astimezone(HOME):%Y-%m-%d %H:%M}"


def write_evening(
    uow: UnitOfWork,
    campaign: CampaignCard,
    evening: Sequence[Step],
    sent_by: Mapping[str, str],
    members: Mapping[UUID, MemberLine],
    units: Mapping[tuple[UUID, UUID], UUID],
) -> tuple[UUID, list[UUID]]:
    """Write one operation with its visits, and ask its people."""
    first, last = evening[0], evening[-1]
    operation_id = propose_operation(
        uow,
        ProposeOperation(campaign.collaboration_id, first.starts_at, last.ends_at, first.meets_at, first.place),
    )
    wanted: dict[UUID, list[UUID]] = {}
    for person in first.people:
        wanted.setdefault(UUID(sent_by[person]), []).append(UUID(person))
    parts = tuple(part_of(one, people, members.get(one), units) for one, people in sorted(wanted.items()))
    visits = [
        add_visit(
            uow,
            AddVisit(
                operation_id,
                step.item.business.id,
                step.starts_at,
                step.ends_at,
                safety_note=step.item.safety_note,
                parts=parts,
            ),
        )
        for step in evening
    ]
    for authority, people in sorted(wanted.items()):
        add_participation(uow, operation_id, authority, required=True, minimum=len(people))
    asked = {
        person: ask_person(uow, AskPerson(operation_id, UUID(sent_by[person]), UUID(person))) for person in first.people
    }
    send_teams(
        uow, campaign, operation_id, asked, [(step.item.team, one) for step, one in zip(evening, visits, strict=True)]
    )
    return operation_id, visits


def part_of(
    authority: UUID, people: Sequence[UUID], member: MemberLine | None, units: Mapping[tuple[UUID, UUID], UUID]
) -> AskPart:
    """Return what is asked of an authority: of the unit that all its people are of, with the competence.

    The field of work that is inspected is the unit's. Without one: people of several, where it is not just one's.
    """
    asked = set(member.unit_ids) if member else set()
    if len(asked) != 1:
        asked = {units[authority, one] for one in people if (authority, one) in units}
    return AskPart(
        authority, asked.pop() if len(asked) == 1 else None, len(people), member.competence if member else None
    )


def send_teams(
    uow: UnitOfWork,
    campaign: CampaignCard,
    operation_id: UUID,
    asked: Mapping[str, UUID],
    visits: Sequence[tuple[str | None, UUID]],
) -> None:
    """Form the teams that some of the visits are for; its people are in it where all visits are the same team's."""
    teams = {team for team, _ in visits if team in campaign.teams}
    for name in sorted(team for team in teams if team):
        team_id = form_team(uow, operation_id, name, [visit for team, visit in visits if team == name])
        if teams == {name} and all(team == name for team, _ in visits):
            for person in campaign.teams[name]:
                if person in asked:
                    join_team(uow, asked[person], team_id)
