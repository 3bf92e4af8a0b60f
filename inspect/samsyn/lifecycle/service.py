"""The use cases that cross rooms: gates, inviting, rescheduling, answering, handing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samsyn.authorities.queries import authority_names
from samsyn.calendars.queries import sendings
from samsyn.calendars.rules import Method, Said, Via
from samsyn.calendars.service import About, Wanted, answer_here, cancel, invite
from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.dossiers.rules import COMPILE_OPERATION
from samsyn.findings.queries import part_progress, summary_of_part
from samsyn.lifecycle.facts import gate_facts
from samsyn.lifecycle.notices import plan_answer_reminder, plan_hand_in_reminders, tell_in_danger
from samsyn.lifecycle.polls.ending import end_by_move, end_by_step, release_person
from samsyn.lifecycle.polls.joining import follow_naming
from samsyn.lifecycle.rules import FIELD_STEPS, GATES, missing_to_confirm
from samsyn.operations.queries import (
    OperationCard,
    PersonLine,
    answers_given,
    get_assignment,
    get_operation,
    participations,
    people_of,
)
from samsyn.operations.rules import BEFORE_ONGOING, TOLD, OperationState
from samsyn.operations.service import (
    AskPerson,
    PlanMeeting,
    ask_again,
    ask_person,
    mark_handed_in,
    open_targets,
    plan_meeting,
    set_state,
    set_times,
    withdraw_assignment,
)
from samsyn.operations.service.plan import mark_danger


@dataclass(frozen=True, slots=True)
class MoveOperation:
    """Take an operation to another state."""

    operation_id: UUID
    to: OperationState
    seen_version: int


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Move an operation, with its meeting and visits, to another start; ``ends_at``: where its length changes too."""

    operation_id: UUID
    starts_at: datetime
    seen_version: int
    ends_at: datetime | None = None


def about(uow: UnitOfWork, operation: OperationCard) -> About:
    """Return what messages say of an operation: nothing of where it goes (R7)."""
    asked = {part.authority_id for part in answers_given(uow, operation.id)} | {operation.lead_id}
    names = authority_names(uow, asked)
    return About(
        operation.id,
        operation.code_word,
        operation.meeting_place or "",
        names.get(operation.lead_id, ""),
        tuple(sorted(names.values())),
    )


def wanted(people: Sequence[PersonLine]) -> list[Wanted]:
    """Return what the people should know."""
    return [Wanted(p.assignment_id, p.person_id, p.authority_id, p.uid, p.role, p.starts_at, p.ends_at) for p in people]


def tell_goers(uow: UnitOfWork, operation_id: UUID, *, anew: UUID | None = None) -> int:
    """Invite everybody whose time is held and who does not know it yet, knows something else, or is asked anew."""
    goers = [p for p in people_of(uow, operation_id) if p.goes]
    return invite(uow, about(uow, get_operation(uow, operation_id)), wanted(goers), anew=anew)


def tell_invited(uow: UnitOfWork, operation_id: UUID) -> int:
    """Tell who holds an invitation what it says otherwise now, whatever the state: no old time stands anywhere."""
    hold = {s.person_id for s in sendings(uow, operation_id) if s.method is Method.REQUEST}
    goers = [p for p in people_of(uow, operation_id) if p.goes and p.person_id in hold]
    return invite(uow, about(uow, get_operation(uow, operation_id)), wanted(goers)) if goers else 0


def move_operation(uow: UnitOfWork, command: MoveOperation) -> OperationCard:
    """Move through the gate, or raise ``GateClosedError`` naming what is missing and change nothing."""
    before = get_operation(uow, command.operation_id)
    demand_mover(uow, before, command.to)
    gate = GATES.get((before.state, command.to))
    if gate is None:
        raise GateClosedError(f"no way from {before.state} to {command.to}", ("state",))
    if missing := gate(gate_facts(uow, before.id)):
        raise GateClosedError(f"{before.state} to {command.to}", missing)
    set_state(uow, before.id, command.to, seen_version=command.seen_version)
    arrive(uow, before.id, command.to)
    return get_operation(uow, before.id)


def demand_mover(uow: UnitOfWork, operation: OperationCard, to: OperationState) -> None:
    """Refuse anyone but the lead's planner, or on site the lead person."""
    on_site = to in FIELD_STEPS and uow.viewer.person_id == operation.lead_person_id
    if operation.lead_id != uow.me or not ("planner" in uow.viewer.roles or on_site):
        raise NotAllowedError("only a planner of the lead authority moves an operation")


def arrive(uow: UnitOfWork, operation_id: UUID, state: OperationState) -> None:
    """Do what a state brings with it."""
    if state not in BEFORE_ONGOING:
        end_by_step(uow, get_operation(uow, operation_id))
    match state:
        case OperationState.INVITED:
            tell_goers(uow, operation_id)
            plan_answer_reminder(uow, operation_id)
        case OperationState.CONFIRMED:
            mark_danger(uow, operation_id, in_danger=False)
        case OperationState.CANCELLED:
            call_off(uow, operation_id)
        case OperationState.ONGOING:
            open_targets(uow, operation_id)
        case OperationState.DONE:
            plan_hand_in_reminders(uow, operation_id)
        case OperationState.REPORTED:
            for line in participations(uow, operation_id):
                emit(uow, COMPILE_OPERATION, operation_id, acts_for=line.authority_id)
        case _:
            pass


def call_off(uow: UnitOfWork, operation_id: UUID) -> None:
    """Free everybody's time and tell all who got an invitation and were not removed, also those who declined."""
    people = people_of(uow, operation_id)
    operation = get_operation(uow, operation_id)
    cancel(uow, about(uow, operation), wanted(people), whole=True)
    for person in people:
        if person.goes:
            withdraw_assignment(uow, person.assignment_id)


def reschedule(uow: UnitOfWork, command: Reschedule) -> OperationCard:
    """Move the operation back to ``scheduled`` at a new time; every hold moves with it or nothing changes.

    Who had an invitation is told at once: the old time must not stand in anybody's calendar. Answers are void. A time
    poll that is open ends with it: moving to one of its proposals is how that is chosen.
    """
    before = get_operation(uow, command.operation_id)
    end_by_move(uow, before, command.starts_at, command.ends_at)
    set_times(uow, before.id, command.starts_at, seen_version=command.seen_version, ends_at=command.ends_at)
    ask_again(uow, before.id)
    if before.state in TOLD:
        set_state(uow, before.id, OperationState.SCHEDULED)
    tell_invited(uow, before.id)
    return get_operation(uow, before.id)


def change_meeting(uow: UnitOfWork, command: PlanMeeting) -> OperationCard:
    """Set the meeting; people who are invited already are told, and asked again where their time moved."""
    plan_meeting(uow, command)
    ask_again(uow, command.operation_id)
    after = get_operation(uow, command.operation_id)
    tell_invited(uow, after.id)
    if after.state in TOLD:
        weigh_quorum(uow, after.id)
    return get_operation(uow, after.id)


def ask_for_person(uow: UnitOfWork, command: AskPerson) -> PersonLine:
    """Hold a person's time; in an operation whose people are invited already, invite this one too.

    Where a poll is open, this one is asked as well.

    With ``accepted`` the own authority says yes for the person in the same transaction; for anybody else's people that
    is ``NotFoundError``, and nothing changes.
    """
    assignment_id = ask_person(uow, command)
    operation = get_operation(uow, command.operation_id)
    follow_naming(uow, operation)
    if operation.state in TOLD:
        tell_goers(uow, command.operation_id, anew=command.person_id)
    if command.accepted:
        answer_here(uow, assignment_id, Said.ACCEPTED, Via.PAGE)
    return get_assignment(uow, assignment_id)


def let_go(uow: UnitOfWork, assignment_id: UUID) -> PersonLine:
    """Withdraw a person, who is told so if an invitation stands; nobody else is."""
    place = get_assignment(uow, assignment_id)
    operation = get_operation(uow, place.operation_id)
    if operation.state not in BEFORE_ONGOING | {OperationState.ONGOING}:
        # Who was there is history from then on.
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    cancel(uow, about(uow, operation), wanted([place]), whole=False)
    withdraw_assignment(uow, assignment_id)
    release_person(uow, operation.id, place.person_id)
    return get_assignment(uow, assignment_id)


def replace_person(uow: UnitOfWork, assignment_id: UUID, by_person_id: UUID, *, accepted: bool = False) -> PersonLine:
    """Swap a colleague in one transaction of their own authority; quorum is counted after it, so nothing wobbles.

    With ``accepted`` the own authority says yes for the new one at once. ``NotFoundError`` for anybody else, the lead
    too: which places there are is the lead's, who fills them is the asked authority's.
    """
    old = get_assignment(uow, assignment_id)
    if old.authority_id != uow.me:
        raise NotFoundError("no such booking of yours")
    let_go(uow, assignment_id)
    return ask_for_person(
        uow, AskPerson(old.operation_id, old.authority_id, by_person_id, old.role, assignment_id, accepted)
    )


def weigh_quorum(uow: UnitOfWork, operation_id: UUID) -> OperationState:
    """Let a confirmed operation that lost its quorum fall back to ``invited``, marked as in danger; as the lead."""
    facts = gate_facts(uow, operation_id)
    if facts.operation.lead_id != uow.me:
        return facts.operation.state  # handed over meanwhile: the new lead weighs it
    lost = bool(missing_to_confirm(facts)) or any(p.accepted is False for p in facts.parts)
    if facts.operation.state is OperationState.CONFIRMED and lost:
        set_state(uow, operation_id, OperationState.INVITED)
        mark_danger(uow, operation_id, in_danger=True)
        tell_in_danger(uow, facts.operation)
    elif facts.operation.state is OperationState.INVITED and not lost:
        mark_danger(uow, operation_id, in_danger=False)
    return get_operation(uow, operation_id).state


def hand_in(uow: UnitOfWork, part_id: UUID, *, nothing_to_report: bool = False) -> None:
    """Close the own part: from now on the others read its one summary word, and nothing else (R2).

    A part in which nothing is answered says "no remark" to the others: ``InvalidError`` unless that is meant.
    """
    if not uow.viewer.roles & {"inspector", "planner", "decider"}:
        raise NotAllowedError("your role does not hand in")
    progress = part_progress(uow, part_id)
    if not (nothing_to_report or progress.answered or progress.free):
        raise InvalidError("nothing is answered", fields={"nothing_to_report": ["answer something or tick this"]})
    mark_handed_in(uow, part_id, summary_of_part(uow, part_id), nothing_to_report=nothing_to_report)
