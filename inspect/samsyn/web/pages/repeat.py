"""Repeat an earlier operation at another time: the same visits, questions, quorum and order texts; nobody's answers."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.repeat import RepeatOperation, closed_then, next_time, plan_of, repeat_operation
from samsyn.operations.queries import targets_of
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import from_local
from samsyn.web.pages.operation_page import form_page, led
from samsyn.web.parsing import Body, Line, Moment
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("repeat")


class RepeatForm(Body):
    """When, and which of the visits."""

    starts_at: Moment
    meeting_place: Line | None = None
    visit_ids: list[UUID] = Field(default_factory=list, max_length=200)
    texts: bool = False
    despite_closed: bool = False


def typed_start(form: Form[Any]) -> datetime | None:
    """Return the start as it is typed, if it is one."""
    day, clock = form.text("starts_at_date"), form.text("starts_at_time")
    try:
        return from_local(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        return None


def show_repeat(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the earlier operation as a proposal, marked where a business is closed at the proposed time."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        plan = plan_of(uow, operation)
        starts_at = next_time(operation.starts_at, uow.now)
        if form is None:
            form = new_form(
                {
                    "starts_at": starts_at,
                    "meeting_place": operation.meeting_place,
                    "visit_ids": [visit.of_visit for visit in plan.visits],
                    "texts": "true",
                }
            )
        asked = typed_start(form) or starts_at
        closed = closed_then(uow, plan.visits, asked)
        targets = targets_of(uow, operation_id)
        ids = {part.authority_id for visit in plan.visits for part in visit.parts} | set(plan.quorum)
        names = authority_names(uow, ids)
    labels = {name: t(f"repeat.field.{name}") for name in RepeatForm.model_fields}
    return form_page(
        "repeat", operation, form, labels, plan=plan, closed=closed, names=names, targets=targets, asked=asked
    )


@blueprint.get("/operations/<uuid:operation_id>/repeat")
@guarded("planner")
def get_repeat(operation_id: UUID) -> str:
    """The form, with the next time of the same weekday and clock."""
    return show_repeat(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/repeat")
@guarded("planner")
def post_repeat(operation_id: UUID) -> Response:
    """Propose the operation again, and go to it; nobody is asked yet."""

    def make(uow: UnitOfWork, asked: RepeatForm) -> str:
        command = RepeatOperation(
            operation_id,
            asked.starts_at,
            frozenset(asked.visit_ids),
            asked.meeting_place,
            asked.texts,
            asked.despite_closed,
        )
        return f"/operations/{repeat_operation(uow, command)}"

    return answer_form(RepeatForm, make, lambda form: show_repeat(operation_id, form))
