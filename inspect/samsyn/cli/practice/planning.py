"""Plan an operation as its people did: propose, ask authorities, answer, hold people's time, write the order."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from samsyn.cli.practice.case import Case, Part
from samsyn.cli.practice.promising import area_of
from samsyn.cli.practice.words import ROLES
from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.service import MoveOperation, ask_for_person, move_operation
from samsyn.operations.queries import get_operation, get_part, parts_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AddVisit,
    AnswerAssignment,
    AnswerPart,
    AskPart,
    AskPerson,
    PlanMeeting,
    PlanOrder,
    ProposeOperation,
    add_participation,
    add_visit,
    answer_assignment,
    answer_part,
    form_team,
    hand_over_lead,
    join_team,
    plan_meeting,
    plan_order,
    post_message,
    propose_operation,
)
from samsyn.pledges.service import choose_focus

STOP_WORD: Final = "Vinterrast"
SAFETY: Final = "Ingen går in ensam. Vid hot lämnar alla platsen tillsammans; stoppordet gäller alla."


def move(uow: UnitOfWork, case: Case, to: OperationState) -> None:
    """Take the operation through a gate."""
    move_operation(uow, MoveOperation(case.id, to, get_operation(uow, case.id).version))


def propose(case: Case) -> None:
    """Write the operation with its visits; a guest gets the lead from the member that wrote it."""
    town, (starts_at, ends_at) = case.town, case.span
    ad_hoc = bool(case.said.get("ad_hoc"))
    writer = case.planner if case.proposer == case.lead else town.planner(case.proposer)
    if ad_hoc:
        writer = case.lead_person
    with town.at(writer, starts_at if ad_hoc else case.on(0, "09:10")) as uow:
        command = ProposeOperation(town.collaboration, starts_at, ends_at, ad_hoc=ad_hoc)
        case.id = propose_operation(uow, command)
        for stop in case.stops:
            day = town.clock.day_of(stop.starts_at.date())
            new = stop.said.get("new_operator")
            business = (
                town.businesses[stop.said["premises"], new["expected"]]
                if new
                else town.business_at(stop.said["premises"], min(day, 0))
            )
            parts = tuple(
                AskPart(town.authorities[p.authority], town.units[p.unit].id, max(1, len(p.people))) for p in stop.parts
            )
            announced = bool(stop.said.get("announced"))
            stop.id = add_visit(uow, AddVisit(case.id, business, stop.starts_at, stop.ends_at, announced, parts=parts))
        know_parts(uow, case)
        settle_quorum(uow, case)
        if case.proposer != case.lead:
            ask_guest(uow, case)


def know_parts(uow: UnitOfWork, case: Case) -> None:
    """Remember the keys of what was asked."""
    found = {(p.visit_id, p.unit_id): p.id for p in parts_of(uow, case.id)}
    for stop, part in case.parts:
        part.id = found[stop.id, case.town.units[part.unit].id]


def settle_quorum(uow: UnitOfWork, case: Case) -> None:
    """Say how many of each authority there must be; where the data names a quorum, nobody else is required."""
    told = case.said.get("quorum")
    for authority in dict.fromkeys(part.authority for _, part in case.parts):
        wanted = [n for unit, n in (told or {}).items() if case.town.authority_of(unit) == authority]
        minimum = max(wanted, default=0) if told else int(bool(case.people.get(authority)))
        add_participation(uow, case.id, case.town.authorities[authority], required=minimum > 0, minimum=minimum)


def ask_guest(uow: UnitOfWork, case: Case) -> None:
    """Hand the lead over to a guest, who takes part in this one operation."""
    guest = case.town.authorities[case.lead]
    if case.lead not in {part.authority for _, part in case.parts}:
        add_participation(uow, case.id, guest, required=False, minimum=0)
    if (area := area_of(case)) is not None:
        choose_focus(uow, case.id, area)
    hand_over_lead(uow, case.id, guest, seen_version=get_operation(uow, case.id).version)


def prepare(case: Case) -> None:
    """Take it on, write the order, and let the authorities answer."""
    town = case.town
    with town.at(case.planner, case.on(0, "10:00")) as uow:
        move(uow, case, OperationState.PREPARING)
    with town.at(case.planner, case.on(2, "08:40")) as uow:
        set_meeting(uow, case)
        post_message(uow, case.id, "Planen är skriven. Svara gärna på era delar före torsdag.")
    # While it is prepared the last one asked still thinks about it; what lacks a ground in the data too.
    units = list(dict.fromkeys(part.unit for _, part in case.parts))
    silent = units[-1:] if case.state == "preparing" and len(units) > 1 else []
    for hour, unit in enumerate(units):
        answered = [part for _, part in case.parts if part.unit == unit and "legal_basis" in part.said]
        if unit in silent or not answered:
            continue
        answerer = town.planner(town.authority_of(unit), unit)
        with town.at(answerer, case.on(1, f"{9 + hour % 7:02}:20")) as uow:
            for part in answered:
                answer(uow, part)


def answer(uow: UnitOfWork, part: Part, role: str | None = None) -> None:
    """Say yes for an authority: on which ground, announced or not and why, in which police role."""
    said = part.said
    told = role or said.get("police_role")
    command = AnswerPart(
        part.id,
        accepted=True,
        legal_basis=said["legal_basis"],
        announced=said["announced"],
        no_notice_reason=said.get("unannounced_reason"),
        police_role=ROLES[told] if told else None,
        seen_version=get_part(uow, part.id).version if role or part.answered else 0,
    )
    part.answered = True
    answer_part(uow, command)


def write_order(case: Case) -> None:
    """Write the order: its title may name trade and street, so only those read it who must know where it goes."""
    starts_at, _ = case.span
    ad_hoc = bool(case.said.get("ad_hoc"))
    with case.town.at(case.planner, starts_at if ad_hoc else case.on(0, "09:40")) as uow:
        briefing = starts_at + timedelta(minutes=5) if case.said["meeting_place"] else None
        plan_order(uow, PlanOrder(case.id, case.said["title"], briefing, STOP_WORD, SAFETY))
        for reason in case.said.get("reasons", ()):
            post_message(uow, case.id, f"Förslaget bygger på: {reason}.")


def set_meeting(uow: UnitOfWork, case: Case) -> None:
    """Say where the people meet at the start, and who leads on site."""
    lead = case.town.persons[case.said["lead"]].id
    seen = get_operation(uow, case.id).version
    plan_meeting(uow, PlanMeeting(case.id, case.span[0], case.said["meeting_place"], lead, seen))


def ask_people(case: Case) -> None:
    """Hold people's time: the lead asks members' people, an authority its own; then form the teams."""
    for authority, people in case.people.items():
        asker = case.planner if may_ask(case, authority) else case.town.planner(authority)
        with case.town.at(asker, case.on(2, "13:00")) as uow:
            for person in people:
                ask_one(uow, case, person)
    teams = list(dict.fromkeys(stop.said["team"] for stop in case.stops if "team" in stop.said))
    if teams:
        with case.town.at(case.planner, case.on(2, "15:00")) as uow:
            for team in teams:
                gather(uow, case, team)


def may_ask(case: Case, authority: str) -> bool:
    """Say whether the lead sees the people of an authority: both are members, or it is the lead's own."""
    return authority == case.lead or {authority, case.lead} <= case.town.members


def ask_one(uow: UnitOfWork, case: Case, person: str) -> None:
    """Hold one person's time."""
    one = case.town.persons[person]
    role = "lead" if person == case.said["lead"] else "inspector"
    command = AskPerson(case.id, case.town.authorities[one.authority], one.id, role)
    case.assignments[person] = ask_for_person(uow, command).assignment_id


def gather(uow: UnitOfWork, case: Case, name: str) -> None:
    """Form a team of its visits and the people of their parts."""
    mine = [stop for stop in case.stops if stop.said.get("team") == name]
    team = form_team(uow, case.id, name.capitalize(), [stop.id for stop in mine])
    for person in dict.fromkeys(p for stop in mine for part in stop.parts for p in part.people):
        if person in case.assignments:
            join_team(uow, case.assignments[person], team)


def schedule(case: Case) -> None:
    """Take it through the gate that asks for every answer."""
    with case.town.at(case.planner, case.on(3, "10:00")) as uow:
        move(uow, case, OperationState.SCHEDULED)


def wish(case: Case) -> None:
    """Ask for somebody whose time is taken: the database refuses, or the town is not what its data says."""
    for person in next(part.people for _, part in case.parts):
        try:
            with case.town.at(case.planner, case.on(8, "13:00")) as uow:
                ask_one(uow, case, person)
                raise NotTakenError(person)
        except ConflictError:
            return


class NotTakenError(Exception):
    """Somebody was free whose time the data says is taken."""


def answer_on_the_spot(case: Case) -> None:
    """In an ad-hoc operation: every authority answers as it arrives, and its people are booked from now on."""
    starts_at, _ = case.span
    for number, unit in enumerate(dict.fromkeys(part.unit for _, part in case.parts)):
        answerer = case.town.planner(case.town.authority_of(unit), unit)
        with case.town.at(answerer, starts_at + timedelta(minutes=2 + number)) as uow:
            for _, part in case.parts:
                if part.unit == unit:
                    answer(uow, part)
    for authority, people in case.people.items():
        asker = case.planner if may_ask(case, authority) else case.town.planner(authority)
        with case.town.at(asker, starts_at + timedelta(minutes=6)) as uow:
            for person in people:
                if person != case.said["lead"]:
                    ask_one(uow, case, person)
    for person, assignment in case.assignments.items():
        with case.town.at(case.town.viewer(person), starts_at + timedelta(minutes=7)) as uow:
            answer_assignment(uow, AnswerAssignment(assignment, accepted=True))
