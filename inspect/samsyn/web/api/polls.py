"""Time polls of an operation; addresses of the operations' own group, so that their scope covers them."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.polls.closing import by_hand
from samsyn.lifecycle.polls.queries import newest_poll
from samsyn.lifecycle.polls.service import answer_poll, open_poll, withdraw_poll
from samsyn.lifecycle.service import reschedule
from samsyn.planning.rules import PollAnswer
from samsyn.planning.service.polls import OpenPoll
from samsyn.web.api.common_times import blueprint
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Moment
from samsyn.web.shown.polls import PollOut

__all__ = ["blueprint"]


class ProposalIn(Body):
    """When the operation would be."""

    starts_at: Moment
    ends_at: Moment


class PollIn(Body):
    """Three to five times that do not overlap, and until when answers are taken."""

    options: list[ProposalIn] = Field(max_length=50)
    deadline_at: Moment


class AnswerIn(Body):
    """An answer to one proposal."""

    option_id: UUID
    answer: PollAnswer


class AnswersIn(Body):
    """Answers to some of the proposals; ``whole``: for the own authority, as its planner."""

    answers: list[AnswerIn] = Field(max_length=50)
    whole: bool = False


class ChoiceIn(Body):
    """The proposal that is chosen."""

    option_id: UUID


def standing(uow: UnitOfWork, operation_id: UUID) -> PollOut:
    """Return an operation's newest poll, or raise ``NotFoundError``."""
    found = newest_poll(uow, operation_id)
    if found is None:
        raise NotFoundError("no poll")
    return PollOut.of(found)


@blueprint.get("/operations/<uuid:operation_id>/poll")
@guarded()
@blueprint.output(PollOut)
def get_poll(operation_id: UUID) -> PollOut:
    """The newest poll of an operation: for its lead all answers, for others their own."""
    with unit_of_work(current_viewer()) as uow:
        return standing(uow, operation_id)


@blueprint.post("/operations/<uuid:operation_id>/poll")
@guarded("planner")
@blueprint.input(PollIn, arg_name="body")
@blueprint.output(PollOut, status_code=201)
def post_poll(operation_id: UUID, body: PollIn) -> Response:
    """Ask for times: held for who is named, and one mail to everybody who is asked."""
    spans = tuple((one.starts_at, one.ends_at) for one in body.options)

    def make(uow: UnitOfWork) -> PollOut:
        open_poll(uow, OpenPoll(operation_id, spans, body.deadline_at))
        return standing(uow, operation_id)

    return once(make, status=201, location=lambda _: f"/api/v1/operations/{operation_id}/poll")


@blueprint.post("/operations/<uuid:operation_id>/poll/answers")
@guarded()
@blueprint.input(AnswersIn, arg_name="body")
@blueprint.output(PollOut)
def post_answers(operation_id: UUID, body: AnswersIn) -> Response:
    """Answer, for oneself or for the own authority; again is a change of mind, until the deadline."""

    def make(uow: UnitOfWork) -> PollOut:
        poll_id = standing(uow, operation_id).id
        answer_poll(uow, poll_id, {one.option_id: one.answer for one in body.answers}, whole=body.whole)
        return standing(uow, operation_id)

    return once(make)


@blueprint.post("/operations/<uuid:operation_id>/poll/choice")
@guarded("planner")
@blueprint.input(ChoiceIn, arg_name="body")
@blueprint.output(PollOut)
def post_choice(operation_id: UUID, body: ChoiceIn) -> Response:
    """Let a proposal be the operation's time now, whatever the answers say."""

    def make(uow: UnitOfWork) -> PollOut:
        command = by_hand(uow, operation_id, body.option_id, seen_version())
        if command is not None:
            reschedule(uow, command)
        return standing(uow, operation_id)

    return once(make)


@blueprint.post("/operations/<uuid:operation_id>/poll/withdraw")
@guarded("planner")
@blueprint.output(PollOut)
def post_withdrawal(operation_id: UUID) -> Response:
    """Take the question back; nothing moves."""

    def make(uow: UnitOfWork) -> PollOut:
        withdraw_poll(uow, operation_id)
        return standing(uow, operation_id)

    return once(make)
