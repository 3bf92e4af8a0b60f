"""Ask for a time, answer, take the question back. Choosing by hand is moving the operation (``reschedule``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from samsyn.access.queries import planners_of, staff_names
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.polls.ending import finish
from samsyn.lifecycle.polls.queries import may_answer_as_person
from samsyn.lifecycle.polls.rules import FEWEST, LATEST, MOST, SOONEST
from samsyn.operations.queries import OperationCard, get_operation, is_recused, participations
from samsyn.operations.queries.period import GoerLine, goers_of
from samsyn.operations.rules import BEFORE_ONGOING
from samsyn.operations.service.holds import HoldOption, hold_again, hold_options, release_options
from samsyn.planning.queries.polls import AskLine, OptionLine, PollLine, get_poll, open_poll_of
from samsyn.planning.rules import PollAnswer, PollState, Span
from samsyn.planning.service.polls import OpenPoll, stand_alone, write_asks, write_poll, write_votes

CLOSE_POLL = "samsyn.lifecycle.close_poll"
"""Subject: the poll. Planned for its deadline."""


def open_poll(uow: UnitOfWork, command: OpenPoll) -> PollLine:
    """Ask everybody whom the operation needs for three to five times, and hold them where they are free.

    Who is named answers for oneself; an authority that has named too few is asked through its planners. Each gets one
    mail. ``InvalidError`` names the field, ``ConflictError`` where a poll is open already.
    """
    operation = demand_lead(uow, command.operation_id)
    check(uow, operation, command)
    if open_poll_of(uow, operation.id) is not None:
        raise ConflictError("a poll is open already", missing=("poll",))
    poll = write_poll(uow, command)
    put_to(uow, operation, poll, asked_of(uow, operation, goers_of(uow, {operation.id})))
    emit(uow, CLOSE_POLL, poll.id, acts_for=uow.me, after=poll.deadline_at - uow.now)
    return poll


def put_to(uow: UnitOfWork, operation: OperationCard, poll: PollLine, asked: Sequence[tuple[UUID, UUID, bool]]) -> None:
    """As the lead: ask people, each by one mail, and hold the time of who answers for oneself."""
    asks = write_asks(uow, poll, asked)
    people = [one for one in asks if not one.for_authority]
    # Of an authority outside every shared collaboration the lead sees no staff: its people are held when they answer.
    seen = staff_names(uow, {one.person_id for one in people})
    ours = [one for one in people if (one.person_id, one.authority_id) in seen]
    hold_options(uow, [held(operation, option, one) for one in ours for option in poll.options])
    for one in asks:
        tell = Tell(NoticeKind.POLL_ASKED, operation.id, operation.code_word, one.id, 1)
        notify(uow, tell, [(one.person_id, one.authority_id)])


def demand_lead(uow: UnitOfWork, operation_id: UUID) -> OperationCard:
    """Return an operation that may still move, for a planner of its lead; refuse anybody else, and who is recused."""
    operation = get_operation(uow, operation_id)
    if operation.lead_id != uow.me or "planner" not in uow.viewer.roles:
        raise NotAllowedError("only a planner of the lead authority asks for a time")
    if is_recused(uow, operation_id):
        raise NotAllowedError("you declared a conflict of interest in this operation; a colleague has to do it")
    if operation.state not in BEFORE_ONGOING:
        raise GateClosedError(f"not while the operation is {operation.state}", ("state",))
    return operation


def check(uow: UnitOfWork, operation: OperationCard, command: OpenPoll) -> None:
    """Raise ``InvalidError`` for too few, too many or overlapping times, and for a deadline that cannot be."""
    spans = sorted(set(command.spans))
    told = {"options": fault_of_times(spans), "deadline_at": ""}
    before = operation.starts_at - operation.begins_at
    if not uow.now + SOONEST <= command.deadline_at <= uow.now + LATEST:
        told["deadline_at"] = "from a quarter of an hour to sixty days from now"
    elif spans and command.deadline_at >= spans[0][0] - before:
        told["deadline_at"] = "must be before the first of the times"
    if faults := {name: [words] for name, words in told.items() if words}:
        raise InvalidError("that cannot be asked", fields=faults)


def fault_of_times(spans: Sequence[Span]) -> str:
    """Return what is wrong with some times, which are in their order; nothing where nothing is."""
    if not FEWEST <= len(spans) <= MOST:
        return "from three to five times"
    if any(end <= start for start, end in spans) or any(one[1] > after[0] for one, after in pairwise(spans)):
        return "times must not overlap"
    return ""


def asked_of(uow: UnitOfWork, operation: OperationCard, goers: list[GoerLine]) -> list[tuple[UUID, UUID, bool]]:
    """Return who is asked: the named people; of authorities that have named too few the planners, but not who asks."""
    people = {(one.person_id, one.authority_id) for one in goers}
    short = set()
    for line in participations(uow, operation.id):
        named = sum(authority == line.authority_id for _, authority in people)
        if not line.withdrawn and named < max(1, line.minimum if line.required else 1):
            short.add(line.authority_id)
    planners = set(planners_of(uow, short)) - people if short else set()
    whole = {one for one in planners if one[0] != uow.viewer.person_id}
    asked = [(person, authority, False) for person, authority in sorted(people)]
    return asked + [(person, authority, True) for person, authority in sorted(whole)]


def held(operation: OperationCard, option: OptionLine, one: AskLine) -> HoldOption:
    """Return what of a person's time a proposal needs: from the meeting on."""
    begins_at = option.starts_at - (operation.starts_at - operation.begins_at)
    return HoldOption(option.id, one.person_id, one.authority_id, (begins_at, option.ends_at))


def answer_poll(
    uow: UnitOfWork, poll_id: UUID, answers: Mapping[UUID, PollAnswer], *, whole: bool, ask: AskLine | None = None
) -> None:
    """Take answers for oneself, or (``whole``) for the own authority; again is a change of mind, until the deadline.

    ``ask``: the question that a personal link answers, which says for whom. A person's time is let go of where the
    answer is no, and held again where it is not. ``GateClosedError`` when it is over.
    """
    stand_alone(uow, poll_id)
    poll = get_poll(uow, poll_id)
    if not poll.takes_answers(uow.now):
        raise GateClosedError("the poll is over", ("poll",))
    demand_seat(uow, poll, whole=whole, ask=ask)
    options = {one.id: one for one in poll.options}
    if not answers or not answers.keys() <= options.keys():
        raise InvalidError("no answer", fields={"answers": ["answer at least one of the times"]})
    write_votes(uow, poll, None if whole else uow.person, answers)
    if whole:
        return
    operation = get_operation(uow, poll.operation_id)
    me = AskLine(poll.id, poll.id, uow.me, uow.person, for_authority=False)
    for option_id, answer in answers.items():
        if answer is PollAnswer.NO:
            release_options(uow, {option_id}, uow.person)
        else:
            hold_again(uow, held(operation, options[option_id], me))


def demand_seat(uow: UnitOfWork, poll: PollLine, *, whole: bool, ask: AskLine | None) -> None:
    """Refuse who was not asked and has no part in it, or none any more."""
    allowed = ask is None or (ask.poll_id == poll.id and ask.for_authority == whole)
    if whole:
        allowed = allowed and (ask is not None or "planner" in uow.viewer.roles)
    else:
        allowed = allowed and may_answer_as_person(uow, poll.operation_id)
    if not allowed:
        raise NotAllowedError("you are not asked")


def withdraw_poll(uow: UnitOfWork, operation_id: UUID) -> None:
    """Take the question back: nothing moves, and nothing is held any more. ``GateClosedError`` where none is open."""
    operation = demand_lead(uow, operation_id)
    poll = open_poll_of(uow, operation_id)
    if poll is None or not finish(uow, operation, poll, PollState.WITHDRAWN, None):
        raise GateClosedError("the poll is over", ("poll",))
