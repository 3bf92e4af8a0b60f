"""Answering a time poll by the link in the mail: no account, and opening it answers nothing; the button does."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, request

from samsyn.access.rules import Purpose
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.polls.queries import may_answer_as_person
from samsyn.lifecycle.polls.service import answer_poll
from samsyn.operations.queries import get_operation
from samsyn.planning.queries.polls import get_ask, get_poll, votes_of
from samsyn.planning.rules import PollState
from samsyn.web.forms import Form, read_form
from samsyn.web.identity import Identified, present
from samsyn.web.pages.poll_view import AnswersForm, answer_choices, answers_form
from samsyn.web.pages.polls import labels_of
from samsyn.web.shell import page, t


def show_answers(who: Identified, token: str, form: Form[Any] | None = None) -> str:
    """Render the proposals with what was answered; nothing of where it goes, and nothing of others' answers (R7)."""
    if who.credential.poll_ask_id is None:
        raise NotFoundError("no such address")
    with unit_of_work(who.viewer) as uow:
        ask = get_ask(uow, who.credential.poll_ask_id)
        poll, votes = get_poll(uow, ask.poll_id), votes_of(uow, ask.poll_id)
        operation = get_operation(uow, poll.operation_id)
        names = authority_names(uow, {operation.lead_id, ask.authority_id})
        open_now = poll.takes_answers(uow.now)
        asked = ask.for_authority or may_answer_as_person(uow, operation.id)
    mine = None if ask.for_authority else ask.person_id
    given = {one.option_id: one.answer for one in votes if one.person_id == mine}
    closed = "over" if poll.state is PollState.OPEN else poll.state.value
    if open_now:
        closed = "" if asked else "not_asked"
    return page(
        "poll-answer.html.j2",
        operation=operation,
        poll=poll,
        token=token,
        form=form or answers_form(poll, given),
        choices=answer_choices(),
        asks=names.get(operation.lead_id, ""),
        whole=names.get(ask.authority_id, "") if ask.for_authority else "",
        closed=closed,
        labels=labels_of(poll),
        receipt=t("polls.done.answered") if request.args.get("done") == "answered" else "",
    )


def get_by_link(token: str) -> str:
    """The proposals."""
    return show_answers(present(token, Purpose.POLL), token)


def post_by_link(token: str) -> Response:
    """Take the answers; people may change their minds until the deadline. Late ones get a page that says so."""
    who = present(token, Purpose.POLL)
    form = read_form(AnswersForm)
    if form.value is None or who.credential.poll_ask_id is None:
        return make_response(show_answers(who, token, form), 422)
    try:
        with unit_of_work(who.viewer) as uow:
            ask = get_ask(uow, who.credential.poll_ask_id)
            poll = get_poll(uow, ask.poll_id)
            answer_poll(uow, poll.id, form.value.given(poll), whole=ask.for_authority, ask=ask)
    except (GateClosedError, InvalidError, NotAllowedError) as error:
        status = 422 if isinstance(error, InvalidError) else 409
        return make_response(show_answers(who, token, form.refused(error)), status)
    return make_response(redirect(f"/svar/{token}?done=answered", 303))
