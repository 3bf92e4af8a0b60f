"""Time polls: ask for some of the times that were found, see how it stands, answer, choose, take it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import Field, StringConstraints

from samsyn.authorities.queries import authority_names
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.polls.closing import by_hand
from samsyn.lifecycle.polls.queries import newest_poll
from samsyn.lifecycle.polls.service import answer_poll, open_poll, withdraw_poll
from samsyn.operations.rules import BEFORE_ONGOING
from samsyn.planning.queries.polls import PollLine
from samsyn.planning.rules import PollState, Span
from samsyn.planning.service.polls import OpenPoll
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.consequences import affected, says_of_move
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.pages.poll_view import AnswersForm, PollPage, answer_choices, answers_form
from samsyn.web.pages.times import show_times
from samsyn.web.parsing import Body, Moment, written_moment
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("polls")
PROPOSALS: Final = 50
"""Ticks that are read at all; how many there may be says the service."""


class AskForm(Body):
    """The times that are asked for (start and end, a slash between), and until when answers are taken."""

    options: list[Annotated[str, StringConstraints(max_length=100)]] = Field(default_factory=list, max_length=PROPOSALS)
    deadline_at: Moment


class ChoiceForm(Body):
    """The proposal that is chosen."""

    option_id: UUID


def spans_of(said: list[str]) -> list[Span]:
    """Read the ticked times; ``InvalidError`` for what is none."""
    found = []
    for one in said:
        first, _, last = one.partition("/")
        try:
            span = written_moment(first), written_moment(last)
        except ValueError as error:
            raise InvalidError("no such time", fields={"options": ["unknown"]}) from error
        if not (isinstance(span[0], datetime) and isinstance(span[1], datetime) and span[0].tzinfo and span[1].tzinfo):
            raise InvalidError("no such time", fields={"options": ["unknown"]})
        found.append((span[0], span[1]))
    return found


@blueprint.post("/operations/<uuid:operation_id>/times/poll")
@guarded("planner")
def post_poll(operation_id: UUID) -> Response:
    """Ask for the ticked times, and go to the poll."""

    def make(uow: UnitOfWork, asked: AskForm) -> str:
        open_poll(uow, OpenPoll(operation_id, spans_of(asked.options), asked.deadline_at))
        return f"/operations/{operation_id}/poll?done=asked"

    return answer_form(AskForm, make, lambda form: show_times(operation_id, form)[0])


def show_poll(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render an operation's newest poll; ``form`` is answers or a button that was refused."""
    with unit_of_work(current_viewer()) as uow:
        view = newest_poll(uow, operation_id)
        if view is None:
            raise NotFoundError("no poll")
        leads = view.operation.lead_id == uow.me
        may = leads and "planner" in uow.viewer.roles and view.operation.state in BEFORE_ONGOING
        names = authority_names(uow, {row.side.authority_id for row in view.rows} | {view.operation.lead_id})
        says = says_of_move(view.operation, affected(uow, operation_id)) if may else []
        takes = view.poll.takes_answers(uow.now)
    whole = view.as_authority and (not view.as_person or request.values.get("whole") in {"1", "true"})
    return page(
        "operations/poll.html.j2",
        op=view.operation,
        shown=PollPage(view, names),
        poll=view.poll,
        form=form or answers_form(view.poll, view.whole if whole else view.own),
        choices=answer_choices(),
        leads=leads,
        arranges=may and view.poll.state is PollState.OPEN,
        answers=takes and (view.as_person or view.as_authority),
        whole=whole,
        other=view.as_person and view.as_authority,
        asks=names.get(view.operation.lead_id, ""),
        says=says,
        receipt=receipt(),
        labels=labels_of(view.poll),
    )


def labels_of(poll: PollLine) -> dict[str, str]:
    """Return what the fields of the answers are called."""
    return {f"answer_{n}": t("polls.proposal", n=n) for n in range(1, len(poll.options) + 1)} | {
        "answers": t("polls.answers")
    }


def receipt() -> str:
    """Return in words what was just done, as the address says it."""
    done = request.args.get("done", "")
    return t(f"polls.done.{done}") if done in {"asked", "answered"} else ""


@blueprint.get("/operations/<uuid:operation_id>/poll")
@guarded()
def get_poll(operation_id: UUID) -> str:
    """How the newest poll of an operation stands, and the own answers."""
    return show_poll(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/poll")
@guarded()
def post_answers(operation_id: UUID) -> Response:
    """Take answers, for oneself or for the own authority; again is a change of mind."""

    def make(uow: UnitOfWork, asked: AnswersForm) -> str:
        view = newest_poll(uow, operation_id)
        if view is None:
            raise NotFoundError("no poll")
        answer_poll(uow, view.poll.id, asked.given(view.poll), whole=asked.whole)
        return f"/operations/{operation_id}/poll?done=answered{'&whole=1' if asked.whole else ''}"

    return answer_form(AnswersForm, make, lambda form: show_poll(operation_id, form))


@blueprint.post("/operations/<uuid:operation_id>/poll/choose")
@guarded("planner")
def post_choice(operation_id: UUID) -> Response:
    """Choose a proposal by hand, whatever the answers say; the usual ten seconds to take it back."""

    def make(uow: UnitOfWork, asked: ChoiceForm) -> str:
        command = by_hand(uow, operation_id, asked.option_id, seen_version())
        if command is not None:
            hold_here(uow, command)
        return f"/operations/{operation_id}"

    return answer_form(ChoiceForm, make, lambda form: show_poll(operation_id, form_without_answers(form)))


@blueprint.post("/operations/<uuid:operation_id>/poll/withdraw")
@guarded("planner")
def post_withdrawal(operation_id: UUID) -> Response:
    """Take the question back; nothing moves."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        withdraw_poll(uow, operation_id)
        return f"/operations/{operation_id}/poll"

    return answer_form(Nothing, make, lambda form: show_poll(operation_id, form_without_answers(form)))


def form_without_answers(form: Form[Any]) -> Form[Any]:
    """Return a refused button's form: its message, and no field of the answers."""
    empty = new_form()
    return Form(typed=empty.typed, faults=form.faults, message=form.message, missing=form.missing)
