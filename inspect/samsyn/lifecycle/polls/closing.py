"""At the deadline a poll closes by itself: with the best of its proposals that can still be had, or without any."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from samsyn.access.queries import planners_of
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import notify
from samsyn.core.errors import BusyError, GateClosedError, NotFoundError, SamsynError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.polls.ending import finish, telling
from samsyn.lifecycle.polls.queries import planner_for, view_of
from samsyn.lifecycle.polls.service import CLOSE_POLL, demand_lead
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.operations.queries import OperationCard, get_operation
from samsyn.operations.queries.held_actions import waiting_of
from samsyn.planning.queries.polls import OptionLine, PollLine, get_poll, open_poll_of
from samsyn.planning.rules import PollState

SOON: Final = timedelta(seconds=15)
GRACE: Final = timedelta(minutes=2)
"""For how long after the deadline it waits for what a planner did, who may still undo it."""


def close_due(uow: UnitOfWork, poll_id: UUID) -> None:
    """As the lead's worker: close a poll whose deadline has come, and tell the lead's planners. Twice is once.

    It closes for the lead authority, not for who asked: the time is set in that person's name, or of another planner
    where that person plans no more or is recused. Where nobody may, it ends without a time. A proposal that somebody
    took meanwhile is passed over for the next best.
    """
    poll = get_poll(uow, poll_id)
    operation = get_operation(uow, poll.operation_id)
    if poll.lead_id != uow.me:  # handed over meanwhile: the new lead closes it
        emit(uow, CLOSE_POLL, poll_id, acts_for=poll.lead_id)
    elif poll.state is not PollState.OPEN:
        tell_lead(uow, operation, poll)
    elif poll.deadline_at > uow.now:
        emit(uow, CLOSE_POLL, poll_id, acts_for=uow.me, after=poll.deadline_at - uow.now)
    elif uow.now < poll.deadline_at + GRACE and waiting_of(uow, operation.id):
        emit(uow, CLOSE_POLL, poll_id, acts_for=uow.me, after=SOON)  # what a planner just did comes first
    else:
        if not any(chosen(uow, poll, option) for option in view_of(uow, operation, poll).best):
            finish(uow, operation, poll, PollState.NONE, None)
        tell_lead(uow, operation, get_poll(uow, poll_id))


def chosen(uow: UnitOfWork, poll: PollLine, option: OptionLine) -> bool:
    """Move the operation to a proposal, in a transaction of a planner's own; False where that cannot be."""
    planner = planner_for(uow, poll)
    if planner is None:
        return False
    try:
        with unit_of_work(planner, uow.now) as theirs:
            choose(theirs, poll, option)
    except BusyError:
        raise  # tried again in two seconds
    except SamsynError:
        return get_poll(uow, poll.id).state is not PollState.OPEN
    return True


def choose(uow: UnitOfWork, poll: PollLine, option: OptionLine) -> None:
    """Let a proposal be the operation's time; ``GateClosedError`` where the poll ended meanwhile."""
    if open_poll_of(uow, poll.operation_id) is None:
        raise GateClosedError("the poll is over", ("poll",))
    operation = get_operation(uow, poll.operation_id)
    if (option.starts_at, option.ends_at) == (operation.starts_at, operation.ends_at):
        finish(uow, operation, poll, PollState.CHOSEN, option.id)  # it stands there already
    else:
        reschedule(uow, Reschedule(operation.id, option.starts_at, operation.version, option.ends_at))


def tell_lead(uow: UnitOfWork, operation: OperationCard, poll: PollLine) -> None:
    """Tell the own planners how a poll ended by itself; what a planner did is known to that planner."""
    kinds = {PollState.CHOSEN: NoticeKind.POLL_CHOSEN, PollState.NONE: NoticeKind.POLL_NONE}
    by_itself = poll.ended_at is not None and poll.ended_at >= poll.deadline_at
    if by_itself and poll.state in kinds:
        notify(uow, telling(kinds[poll.state], operation, poll), planners_of(uow, {uow.me}))


def by_hand(uow: UnitOfWork, operation_id: UUID, option_id: UUID, seen_version: int) -> Reschedule | None:
    """Return the move that chooses a proposal of the open poll, for a planner of the lead.

    None where the operation stands at that time already: the poll ends with it here and now. ``GateClosedError`` where
    the poll is over, ``NotFoundError`` where the proposal is none of it.
    """
    operation, poll = demand_lead(uow, operation_id), open_poll_of(uow, operation_id)
    if poll is None:
        raise GateClosedError("the poll is over", ("poll",))
    option = next((one for one in poll.options if one.id == option_id), None)
    if option is None:
        raise NotFoundError("no such proposal")
    if (option.starts_at, option.ends_at) == (operation.starts_at, operation.ends_at):
        choose(uow, poll, option)
        return None
    return Reschedule(operation_id, option.starts_at, seen_version, option.ends_at)
