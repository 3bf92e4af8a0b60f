"""What is said about the plan, the places of visits in the evening, and the invitation as it leaves."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from samsyn.calendars.letters import preview
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.service import about
from samsyn.operations.queries import get_operation, get_visit
from samsyn.operations.service import Way, move_visit, post_message
from samsyn.web.forms import answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.operation_page import form_page, led, show_operation
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint

blueprint = page_blueprint("talk")


class MessageForm(Body):
    """What somebody says about the plan."""

    text: Prose


class WayForm(Body):
    """With which neighbour a visit changes places."""

    way: Way


@blueprint.post("/operations/<uuid:operation_id>/messages")
@guarded("planner", "inspector", "decider")
def post_to_all(operation_id: UUID) -> Response:
    """Say something about the plan to all that take part."""

    def make(uow: UnitOfWork, asked: MessageForm) -> str:
        return f"/operations/{operation_id}#message-{post_message(uow, operation_id, asked.text)}"

    return answer_form(MessageForm, make, lambda form: show_operation(operation_id, form))


@blueprint.post("/visits/<uuid:visit_id>/order")
@guarded()
def post_order(visit_id: UUID) -> Response:
    """Let a visit change places with its neighbour."""
    with unit_of_work(current_viewer()) as uow:
        operation_id = get_visit(uow, visit_id).operation_id

    def make(uow: UnitOfWork, asked: WayForm) -> str:
        move_visit(uow, visit_id, asked.way)
        return f"/operations/{operation_id}#visit-{visit_id}"

    return answer_form(WayForm, make, lambda form: show_operation(operation_id, form))


@blueprint.get("/operations/<uuid:operation_id>/invitation")
@guarded("planner")
def get_invitation(operation_id: UUID) -> str:
    """The mail as somebody would read it who was invited now."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        words = about(uow, get_operation(uow, operation_id))
    hours = (operation.begins_at, operation.ends_at)
    subject, text = preview(words, hours, house().settings.base_url, current_language())
    return form_page("invitation", operation, new_form(), {}, subject=subject, text=text)
