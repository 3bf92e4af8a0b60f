"""End a poll: whatever moves, stops or begins the operation ends it, and nothing is held for it any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard
from samsyn.operations.service.holds import release_options
from samsyn.planning.queries.polls import OptionLine, PollLine, asks_of, open_poll_of, options_of
from samsyn.planning.rules import PollState
from samsyn.planning.service.polls import end_poll, stand_alone


def finish(uow: UnitOfWork, operation: OperationCard, poll: PollLine, state: PollState, chosen: UUID | None) -> bool:
    """End an open poll as its lead, let go of what is held, and tell who was asked that a time is chosen, if one is.

    False, and nothing changed, where it has ended meanwhile.
    """
    stand_alone(uow, poll.id)
    if not end_poll(uow, poll, state, chosen):
        return False
    release_options(uow, {one.id for one in poll.options})
    if chosen is not None:
        asked = [(one.person_id, one.authority_id) for one in asks_of(uow, poll.id)]
        notify(uow, telling(NoticeKind.POLL_CHOSEN, operation, poll), asked)
    return True


def telling(kind: NoticeKind, operation: OperationCard, poll: PollLine) -> Tell:
    """Return a telling about a poll: each person hears it once."""
    return Tell(kind, operation.id, operation.code_word, poll.id, 1)


def end_by_move(
    uow: UnitOfWork, operation: OperationCard, starts_at: datetime, ends_at: datetime | None = None
) -> None:
    """Before an operation moves: a poll that is open ends, with the proposal that is the new time if it is one."""
    poll = open_poll_of(uow, operation.id)
    if poll is None:
        return
    ends_at = ends_at or starts_at + (operation.ends_at - operation.starts_at)
    chosen = proposal_at(poll, starts_at, ends_at)
    state = PollState.CHOSEN if chosen else PollState.WITHDRAWN
    finish(uow, operation, poll, state, chosen.id if chosen else None)


def proposal_at(poll: PollLine, starts_at: datetime, ends_at: datetime) -> OptionLine | None:
    """Return the proposal of a time, if it is one."""
    return next((one for one in poll.options if (one.starts_at, one.ends_at) == (starts_at, ends_at)), None)


def end_by_step(uow: UnitOfWork, operation: OperationCard) -> None:
    """When an operation begins or is called off, nobody is asked for its time any more."""
    if (poll := open_poll_of(uow, operation.id)) is not None:
        finish(uow, operation, poll, PollState.WITHDRAWN, None)


def release_person(uow: UnitOfWork, operation_id: UUID, person_id: UUID) -> None:
    """When somebody is let go: nothing of that person is held for the operation's proposals either."""
    options = uow.session.scalars(options_of((operation_id,))).all()
    if options:
        release_options(uow, options, person_id)
