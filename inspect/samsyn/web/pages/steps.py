"""The steps of an operation: through its gates, called off, and what closes it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from samsyn.core.errors import NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.status import approve_common_part, close_follow_ups, operation_status
from samsyn.lifecycle.service import MoveOperation
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.consequences import affected, says_of_stop
from samsyn.web.pages.held import hold_here
from samsyn.web.pages.may import May
from samsyn.web.pages.operation_page import form_page, led, show_operation
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("steps")


class StepForm(Body):
    """The state to go to."""

    to: OperationState


class CommonForm(Body):
    """The lead's words for all readers."""

    text: Prose


@blueprint.post("/operations/<uuid:operation_id>/step")
@guarded()
def post_step(operation_id: UUID) -> Response:
    """Go through a gate; a refusal names on the page what is missing."""

    def make(uow: UnitOfWork, asked: StepForm) -> str:
        hold_here(uow, MoveOperation(operation_id, asked.to, seen_version()))
        return f"/operations/{operation_id}#way"

    return answer_form(StepForm, make, lambda form: show_operation(operation_id, form))


@blueprint.get("/operations/<uuid:operation_id>/stop")
@guarded()
def get_stop(operation_id: UUID) -> str:
    """Ask once more before an operation is called off."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        operation = get_operation(uow, operation_id)
        to = May(viewer, operation).stop
        if to is None:
            raise NotAllowedError("not yours to stop, or not any more")
        says = says_of_stop(to, affected(uow, operation_id))
    return form_page("stop", operation, new_form(), {}, to=to, says=says)


def show_common(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of the common part with the words that stand."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        stands = operation_status(uow, operation_id).common_text
    labels = {"text": t("operations.field_of.text")}
    return form_page("common", operation, form or new_form({"text": stands}), labels)


@blueprint.get("/operations/<uuid:operation_id>/common")
@guarded("planner", "decider")
def get_common(operation_id: UUID) -> str:
    """The form."""
    return show_common(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/common")
@guarded("planner", "decider")
def post_common(operation_id: UUID) -> Response:
    """Approve the common part; a new version each time."""

    def make(uow: UnitOfWork, asked: CommonForm) -> str:
        approve_common_part(uow, operation_id, asked.text)
        return f"/operations/{operation_id}?done=common"

    return answer_form(CommonForm, make, lambda form: show_common(operation_id, form))


class CloseForm(Body):
    """That the own follow-ups are closed; ``carry``: what is open is carried over."""

    carry: bool = False


@blueprint.post("/operations/<uuid:operation_id>/follow-ups")
@guarded("planner", "decider")
def post_follow_ups(operation_id: UUID) -> Response:
    """Say that the own follow-ups are closed, or with ``carry`` carried over."""

    def make(uow: UnitOfWork, asked: CloseForm) -> str:
        close_follow_ups(uow, operation_id, carry=asked.carry)
        return f"/operations/{operation_id}#after"

    return answer_form(CloseForm, make, lambda form: show_operation(operation_id, form))
