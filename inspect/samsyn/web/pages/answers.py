"""The personal answer page: no account, a secret address. Opening it answers nothing; the button does.

The address of a time poll's question begins otherwise, and is answered in ``poll_answers``.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request
from pydantic import AfterValidator, StringConstraints

from samsyn.access.rules import Purpose
from samsyn.authorities.queries import authority_names
from samsyn.calendars.letters import POLL_LINK
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here, pass_on, passed_on
from samsyn.core.errors import GateClosedError, InvalidError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import OperationCard, PersonLine, get_assignment, get_operation
from samsyn.operations.rules import AFTERWARDS, AssignmentState, OperationState
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import open_by_secret
from samsyn.web.idempotency import landing
from samsyn.web.identity import Identified, present
from samsyn.web.pages.operation_page import role_word
from samsyn.web.pages.poll_answers import get_by_link, post_by_link
from samsyn.web.parsing import Address, Body, printable
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("answers")
OFFERED: Final = (Said.ACCEPTED, Said.DECLINED, Said.TENTATIVE)


class AnswerForm(Body):
    """Yes, no or perhaps, with a line of text; or ``other``, and the address of a colleague who is to go instead."""

    said: Said
    comment: Annotated[str, StringConstraints(max_length=1000), AfterValidator(printable)] = ""
    colleague: Address | None = None


def closed_because(place: PersonLine, operation: OperationCard) -> str:
    """Return why no answer is wanted any more, as the name of a text; nothing while one is."""
    if operation.state is OperationState.CANCELLED:
        return "cancelled"
    if operation.state is OperationState.ABORTED or operation.state in AFTERWARDS:
        return "over"
    return "removed" if place.state is AssignmentState.WITHDRAWN else ""


def demand_open(uow: UnitOfWork, assignment_id: UUID) -> None:
    """Refuse an answer that nobody waits for any more."""
    place = get_assignment(uow, assignment_id)
    if closed_because(place, get_operation(uow, place.operation_id)):
        raise GateClosedError("no answer is wanted any more", ("state",))


def show(who: Identified, token: str, form: Form[Any]) -> str:
    """Render the page: what the invitation says, and nothing of where it goes (R7)."""
    assignment_id = who.credential.assignment_id
    if assignment_id is None:
        raise NotFoundError("no such address")
    with unit_of_work(who.viewer) as uow:
        place = get_assignment(uow, assignment_id)
        operation = get_operation(uow, place.operation_id)
        asks = authority_names(uow, {operation.lead_id}).get(operation.lead_id, "")
        passed = bool(passed_on(uow, assignment_id))
    return page(
        "answer.html.j2",
        place=place,
        operation=operation,
        asks=asks,
        token=token,
        form=form,
        closed=closed_because(place, operation),
        role=role_word(place.role),
        offered=OFFERED,
        passed=passed,
        proposed=request.args.get("said", ""),
    )


def take(uow: UnitOfWork, assignment_id: UUID, asked: AnswerForm) -> None:
    """Take an answer, or the wish that a colleague goes instead: the two are never one."""
    if asked.said is not Said.OTHER:
        answer_here(uow, assignment_id, asked.said, Via.LINK, asked.comment)
    elif asked.colleague is None:
        raise InvalidError("nobody is named", fields={"colleague": ["colleague_missing"]})
    else:
        pass_on(uow, assignment_id, asked.colleague, asked.comment)


@blueprint.get("/svar/<token>")
@open_by_secret
def get_answer(token: str) -> str:
    """The invitation and three buttons, or the proposals of a time poll."""
    if token.startswith(POLL_LINK):
        return get_by_link(token)
    who = present(token, Purpose.ANSWER)
    return show(who, token, new_form())


@blueprint.post("/svar/<token>")
@open_by_secret
def post_answer(token: str) -> Response:
    """Take the answer; people may change their minds until the operation ends, or the poll."""
    if token.startswith(POLL_LINK):
        return post_by_link(token)
    who = present(token, Purpose.ANSWER)
    form = read_form(AnswerForm)
    if form.value is None or who.credential.assignment_id is None:
        return make_response(show(who, token, form), 422)
    try:
        with unit_of_work(who.viewer) as uow:
            demand_open(uow, who.credential.assignment_id)
            take(uow, who.credential.assignment_id, form.value)
    except (GateClosedError, InvalidError) as error:
        return make_response(show(who, token, form.refused(error)), STATUS[error.code])
    return make_response(redirect(landing(f"/svar/{token}"), 303))
