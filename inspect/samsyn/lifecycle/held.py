"""Ten seconds to change one's mind: what tells people is tried, rolled back, and done for good a little later.

Every refusal comes at once, because the action runs in a savepoint as if it were meant; what it would tell people is
only counted. The worker later runs the very same function as the person who made it, with that person's roles of then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError

from samsyn.access.queries import viewer_now
from samsyn.calendars.queries import deliveries_of
from samsyn.core.errors import BusyError, NotKnownError, SamsynError, WaitingError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, refusal, unit_of_work
from samsyn.lifecycle.notices import tell_held_refused
from samsyn.lifecycle.service import (
    MoveOperation,
    Reschedule,
    ask_for_person,
    change_meeting,
    let_go,
    move_operation,
    replace_person,
    reschedule,
)
from samsyn.operations.queries import OperationCard, PersonLine, get_assignment, get_operation
from samsyn.operations.queries.held_actions import Held, find_waiting, waiting_of
from samsyn.operations.rules import HeldKind, OperationState
from samsyn.operations.service import AskPerson, PlanMeeting
from samsyn.operations.service.held_actions import HoldAction, claim_action, hold_action, refuse_action

CARRY_OUT: Final = "samsyn.lifecycle.carry_out"


@dataclass(frozen=True, slots=True)
class LetGo:
    """Withdraw a person."""

    assignment_id: UUID


@dataclass(frozen=True, slots=True)
class ReplacePerson:
    """Let a colleague go instead; ``accepted``: the own authority says yes for the colleague at once."""

    assignment_id: UUID
    by_person_id: UUID
    accepted: bool = False


Command = MoveOperation | Reschedule | PlanMeeting | AskPerson | LetGo | ReplacePerson
Result = OperationCard | PersonLine


@dataclass(frozen=True, slots=True)
class Outcome:
    """Done, and then ``result`` is what the service returned; or held, and then ``held_id`` is what may be undone."""

    result: Result | None = None
    held_id: UUID | None = None


ACTIONS: Final[dict[HeldKind, tuple[type[Any], Callable[[UnitOfWork, Any], Result]]]] = {
    HeldKind.STEP: (MoveOperation, move_operation),
    HeldKind.CANCEL: (MoveOperation, move_operation),
    HeldKind.MOVE: (Reschedule, reschedule),
    HeldKind.MEETING: (PlanMeeting, change_meeting),
    HeldKind.ASK: (AskPerson, ask_for_person),
    HeldKind.LET_GO: (LetGo, lambda uow, it: let_go(uow, it.assignment_id)),
    HeldKind.REPLACE: (
        ReplacePerson,
        lambda uow, it: replace_person(uow, it.assignment_id, it.by_person_id, accepted=it.accepted),
    ),
}


@lru_cache
def shape(kind: HeldKind) -> TypeAdapter[Any]:
    """Return how a kind's command becomes JSON and comes back."""
    return TypeAdapter(ACTIONS[kind][0])


def kind_of(command: Command) -> HeldKind:
    """Return what a command is held as."""
    if isinstance(command, MoveOperation) and command.to is OperationState.CANCELLED:
        return HeldKind.CANCEL
    return next(kind for kind, (made_of, _) in ACTIONS.items() if isinstance(command, made_of))


def operation_of(uow: UnitOfWork, command: Command) -> UUID:
    """Return the operation that a command is about."""
    if isinstance(command, LetGo | ReplacePerson):
        return get_assignment(uow, command.assignment_id).operation_id
    return command.operation_id


def hold(uow: UnitOfWork, command: Command, seconds: float) -> Outcome:
    """Do what tells nobody at once; hold what tells somebody for ``seconds``, after trying that it can be done.

    What the same person has waiting about the operation is done first, in this transaction, so that the order stays
    and nobody waits for nothing; the very same again is the one that waits. ``WaitingError`` where a colleague's
    action waits, or one's own cannot be done.
    """
    kind, operation_id = kind_of(command), operation_of(uow, command)
    perform = ACTIONS[kind][1]
    if seconds <= 0:
        return Outcome(perform(uow, command))
    said = shape(kind).dump_python(command, mode="json")
    if again := waits_already(uow, operation_id, kind, said):
        return Outcome(held_id=again)
    command = after_earlier(uow, operation_id, command)
    before, trial = deliveries_of(uow, operation_id), uow.session.begin_nested()
    result = perform(uow, command)
    uow.session.flush()
    if deliveries_of(uow, operation_id) == before:
        trial.commit()
        return Outcome(result)
    trial.rollback()
    held_id = hold_action(uow, HoldAction(operation_id, kind, shape(kind).dump_python(command, mode="json"), seconds))
    emit(uow, CARRY_OUT, held_id, acts_for=uow.me, after=timedelta(seconds=seconds))
    return Outcome(held_id=held_id)


def waits_already(uow: UnitOfWork, operation_id: UUID, kind: HeldKind, said: object) -> UUID | None:
    """Return the viewer's waiting action that says the very same: a second press of a button is no second wish."""
    waiting = waiting_of(uow, operation_id)
    same = (one.id for one in waiting if (one.person_id, one.action, one.command) == (uow.person, kind, said))
    return next(same, None)


def after_earlier(uow: UnitOfWork, operation_id: UUID, command: Command) -> Command:
    """Do what the viewer has waiting, and return the command as seen after it: it is what the viewer did that changed.

    Somebody else's change in between still counts as unseen.
    """
    earlier = waiting_of(uow, operation_id)
    if not earlier:
        return command
    if any(one.person_id != uow.person for one in earlier):
        raise WaitingError("a colleague's action waits")
    seen = get_operation(uow, operation_id).version
    try:
        for one in earlier:
            if claimed := claim_action(uow, one.id):
                perform_held(uow, claimed)
    except (SamsynError, DBAPIError) as error:
        known = refusal(error) if isinstance(error, DBAPIError) else error
        if known is None or isinstance(known, BusyError):
            raise
        raise WaitingError("what you did before cannot be done any more") from error
    now = get_operation(uow, operation_id).version
    if isinstance(command, MoveOperation | Reschedule | PlanMeeting) and command.seen_version == seen:
        return replace(command, seen_version=now)
    return command


def perform_held(uow: UnitOfWork, held: Held) -> None:
    """Run the service function that was held."""
    ACTIONS[held.action][1](uow, shape(held.action).validate_python(held.command))


def carry_out(uow: UnitOfWork, held_id: UUID) -> None:
    """Do a held action as its maker, in a transaction of the maker's own; twice is once, and taken back is never.

    The action's state changes in that same transaction. Refused then, nothing of it is done and the maker is told.
    """
    held = find_waiting(uow, held_id)
    if held is None:
        return
    maker = viewer_now(uow, held.person_id)
    try:
        if maker is None:
            raise NotKnownError("has left")
        with unit_of_work(maker) as theirs:
            if (claimed := claim_action(theirs, held_id)) is not None:
                perform_held(theirs, claimed)
    except BusyError:
        raise  # tried again in two seconds
    except SamsynError as error:
        if refuse_action(uow, held_id, error.code):
            tell_held_refused(uow, held_id, held.operation_id, held.person_id, left=maker is None)
