"""Who is named while a poll is open is asked as well."""

from __future__ import annotations

from uuid import UUID

from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.polls.queries import planner_for
from samsyn.lifecycle.polls.service import put_to
from samsyn.operations.queries import OperationCard, get_operation
from samsyn.operations.queries.period import goers_of
from samsyn.planning.queries.polls import asks_of, open_poll_of
from samsyn.planning.service.polls import stand_alone

ASK_NAMED = "samsyn.lifecycle.ask_named"
"""Subject: the operation. As its lead, for an own authority may name its people too."""


def follow_naming(uow: UnitOfWork, operation: OperationCard) -> None:
    """Leave word that somebody was named, where a poll is open."""
    if open_poll_of(uow, operation.id) is not None:
        emit(uow, ASK_NAMED, operation.id, acts_for=operation.lead_id)


def ask_named(uow: UnitOfWork, operation_id: UUID) -> None:
    """As the lead's worker: put the open poll to who goes and was not asked yet, in a planner's name. Twice is once.

    Who is asked for the authority already keeps that question. Nothing where the poll is over, somebody else leads, or
    no planner of the lead may ask.
    """
    poll = open_poll_of(uow, operation_id)
    planner = planner_for(uow, poll) if poll is not None and poll.lead_id == uow.me else None
    if poll is not None and planner is not None:
        with unit_of_work(planner, uow.now) as theirs:
            stand_alone(theirs, poll.id)
            ask_newcomers(theirs, operation_id)


def ask_newcomers(uow: UnitOfWork, operation_id: UUID) -> None:
    """As a planner of the lead: ask and hold who goes and was not asked; the poll may have ended while this waited."""
    poll = open_poll_of(uow, operation_id)
    if poll is None or not poll.takes_answers(uow.now):
        return
    before = {(one.person_id, one.authority_id) for one in asks_of(uow, poll.id)}
    going = {(one.person_id, one.authority_id) for one in goers_of(uow, {operation_id})}
    named = [(person, authority, False) for person, authority in sorted(going - before)]
    put_to(uow, get_operation(uow, operation_id), poll, named)
