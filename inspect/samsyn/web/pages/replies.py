"""Answers to look at: another time, a colleague, a sender in doubt; one press settles each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.held import Command, operation_of
from samsyn.lifecycle.reply_queue import (
    count_as_answer,
    leave_as_it_is,
    move_as_asked,
    queue_of,
    replace_as_asked,
)
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("replies")


def show(form: Form[Any] | None = None) -> str:
    """Render the queue; ``form`` is a press that was refused, whose message stands on top."""
    with unit_of_work(current_viewer()) as uow:
        lines = queue_of(uow)
        names = authority_names(uow, {one.reply.authority_id for one in lines})
    return page("replies.html.j2", lines=lines, names=names, form=form or new_form())


@blueprint.get("/replies")
@guarded("planner")
def get_replies() -> str:
    """What waits for the viewer's authority, newest first; a constant number of statements."""
    return show()


def press(reply_id: UUID, command_of: Callable[[UnitOfWork, UUID], Command]) -> Response:
    """Do, or hold, what an answer asks for, and lead to its operation."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        command = command_of(uow, reply_id)
        operation_id = operation_of(uow, command)
        hold_here(uow, command)
        return f"/operations/{operation_id}"

    return answer_form(Nothing, make, show)


@blueprint.post("/replies/<uuid:reply_id>/move")
@guarded("planner")
def post_move(reply_id: UUID) -> Response:
    """Move the operation to the time that was asked for; everybody is asked anew."""
    return press(reply_id, move_as_asked)


@blueprint.post("/replies/<uuid:reply_id>/replace")
@guarded("planner")
def post_replace(reply_id: UUID) -> Response:
    """Ask the colleague who was named instead."""
    return press(reply_id, replace_as_asked)


@blueprint.post("/replies/<uuid:reply_id>/count")
@guarded("planner")
def post_count(reply_id: UUID) -> Response:
    """Take it for the person's own answer."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        return f"/operations/{count_as_answer(uow, reply_id).operation_id}#people"

    return answer_form(Nothing, make, show)


@blueprint.post("/replies/<uuid:reply_id>/settle")
@guarded("planner")
def post_settle(reply_id: UUID) -> Response:
    """Leave things as they are."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        leave_as_it_is(uow, reply_id)
        return "/replies#queue"

    return answer_form(Nothing, make, show)
