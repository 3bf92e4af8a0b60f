"""Entry that was refused, and the help of the police that is asked for; under the findings' scope."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.assistance.queries import help_at, refusals_at
from samsyn.assistance.rules import MOST_ROLE, MOST_TEXT, WRITERS, Helped, HelpGround, HelpLaw
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_visit
from samsyn.web.api.presence import blueprint
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Moment, one_line, printable
from samsyn.web.shown.assistance import HelpList, RefusalList, WrittenOut

__all__ = ["blueprint"]

Text = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


class RefusalIn(Body):
    """Entry was refused; ``refusal_id`` is made by the caller. By whom: a role, no name.

    ``mask``, here and below: personal numbers in the texts become asterisks; without it such a text is refused.
    """

    refusal_id: UUID
    at: Moment
    by_role: Annotated[str, StringConstraints(min_length=1, max_length=MOST_ROLE), AfterValidator(one_line)]
    said: Text = ""
    mask: bool = False


class HelpIn(Body):
    """Help is asked for by a section; ``ground`` goes with a conditional one, and is needed there."""

    request_id: UUID
    law: HelpLaw
    ground: HelpGround | None = None
    reason: Annotated[Text, StringConstraints(min_length=1)]
    refusal_id: UUID | None = None
    at: Moment
    mask: bool = False


class HelpAnswerIn(Body):
    """What comes of a request; ``presence_id`` is the key that the officer's change of role gets with ``given``."""

    answer_id: UUID
    request_id: UUID
    what: Helped
    at: Moment
    text: Text = ""
    presence_id: UUID | None = None
    mask: bool = False


@blueprint.get("/visits/<uuid:visit_id>/refusals")
@guarded(*WRITERS)
@blueprint.output(RefusalList)
def get_refusals(visit_id: UUID) -> Any:
    """The own authority's refused entries at a visit; logged. Others' are never here."""
    with unit_of_work(current_viewer()) as uow:
        get_visit(uow, visit_id)
        return {"items": refusals_at(uow, [visit_id]).get(visit_id, [])}


@blueprint.post("/visits/<uuid:visit_id>/refusals")
@guarded(*WRITERS)
@blueprint.input(RefusalIn, arg_name="body")
@blueprint.output(WrittenOut, status_code=201)
def post_refusal(visit_id: UUID, body: RefusalIn) -> Response:
    """Write it at the own part; the own authority reads it."""

    def make(uow: UnitOfWork) -> WrittenOut:
        written = refuse_entry(uow, RefuseEntry(visit_id=visit_id, **dict(body)))
        return WrittenOut(id=body.refusal_id, written=written)

    return once(make, status=201)


@blueprint.get("/visits/<uuid:visit_id>/help-requests")
@guarded(*WRITERS)
@blueprint.output(HelpList)
def get_help_requests(visit_id: UUID) -> Any:
    """The requests of the own authority, or to it, with what came of them; logged. Other authorities' are not here."""
    with unit_of_work(current_viewer()) as uow:
        get_visit(uow, visit_id)
        return {"items": help_at(uow, [visit_id]).get(visit_id, [])}


@blueprint.post("/visits/<uuid:visit_id>/help-requests")
@guarded(*WRITERS)
@blueprint.input(HelpIn, arg_name="body")
@blueprint.output(WrittenOut, status_code=201)
def post_help_request(visit_id: UUID, body: HelpIn) -> Response:
    """Ask the police that take part, who are told at once; nobody else is."""

    def make(uow: UnitOfWork) -> WrittenOut:
        written = ask_help(uow, AskHelp(visit_id=visit_id, **dict(body)))
        return WrittenOut(id=body.request_id, written=written)

    return once(make, status=201)


@blueprint.post("/visits/<uuid:visit_id>/help-answers")
@guarded(*WRITERS)
@blueprint.input(HelpAnswerIn, arg_name="body")
@blueprint.output(WrittenOut, status_code=201)
def post_help_answer(visit_id: UUID, body: HelpAnswerIn) -> Response:
    """Answer a request that the own authority is asked, or say that help was given."""

    def make(uow: UnitOfWork) -> WrittenOut:
        written = answer_help(uow, AnswerHelp(visit_id=visit_id, **dict(body)))
        return WrittenOut(id=body.answer_id, written=written)

    return once(make, status=201)
