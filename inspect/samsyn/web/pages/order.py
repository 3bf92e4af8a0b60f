"""The operation order: the sheet that people carry, and the form that writes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import OperationCard, PersonLine, get_operation, is_recused, order_of, people_of
from samsyn.operations.rules import AssignmentState, usual_opening
from samsyn.operations.service import PlanOrder, give_contact, plan_order, take_back_contact
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.field_session import may_begin
from samsyn.web.pages.operation_page import Nothing, form_page, led, role_word
from samsyn.web.pages.operation_view import OperationView, read_view
from samsyn.web.pages.order_sheet import sheet_of
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("order")
FIELDS = ("title", "briefing_at", "stop_word", "safety_note", "open_at")


class OrderForm(Body):
    """What the order says; an empty opening is the usual one."""

    title: Line | None = Field(default=None, max_length=200)
    briefing_at: Moment | None = None
    stop_word: Line | None = Field(default=None, max_length=200)
    safety_note: Prose | None = Field(default=None, max_length=2000)
    open_at: Moment | None = None


def may_read(view: OperationView) -> bool:
    """Say whether the sheet is open to the viewer: where the order is, or to planners before it is written."""
    return not view.recused and (view.order is not None or bool(view.may.viewer.roles & {"planner", "decider"}))


def closed_page(operation_id: UUID) -> str:
    """Render what somebody knows already to whom the order is not open, and when it opens; nothing of its content."""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        recused = is_recused(uow, operation_id)
        mine = next((p for p in people_of(uow, operation_id) if p.goes and p.person_id == uow.viewer.person_id), None)
        names, now = authority_names(uow, {operation.lead_id}), uow.now
    opens_at = usual_opening(operation.meets_at, operation.starts_at)
    return page(
        "operations/order-closed.html.j2",
        op=operation,
        why=why_closed(mine, recused=recused, late=opens_at <= now),
        opens_at=opens_at,
        lead=names.get(operation.lead_id, ""),
        mine=mine,
        role=role_word(mine.role) if mine else "",
    )


def why_closed(mine: PersonLine | None, *, recused: bool, late: bool) -> str:
    """Return the word for why somebody does not read it; ``late``: the usual time of its opening is over."""
    if recused:
        return "recused"
    if mine is None:
        return "others"
    why = "going" if mine.state is AssignmentState.ACCEPTED else "asked"
    return f"{why}_late" if late else why


def show_order(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the order for who may read it, else what they may know."""
    with unit_of_work(current_viewer()) as uow:
        view = read_view(uow, operation_id)
        now = uow.now
    if not may_read(view):
        return closed_page(operation_id)
    return page(
        "operations/order.html.j2",
        view=view,
        op=view.seen.operation,
        may=view.may,
        sheet=sheet_of(view),
        form=form or new_form(),
        role_word=role_word,
        now=now,
        begins=view.goes and may_begin(view.seen.operation, now),
    )


@blueprint.get("/operations/<uuid:operation_id>/order")
@guarded()
def get_order(operation_id: UUID) -> str:
    """The order, from its opening on; before it a page that says when that is."""
    return show_order(operation_id)


def show_edit(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form with what stands."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        order = order_of(uow, operation_id)
    stands = {name: getattr(order, name) for name in FIELDS} if order else first_words(operation)
    labels = {name: t(f"operation.field_of.{name}") for name in FIELDS}
    version = order.version if order else 0
    return form_page("order-edit", operation, form or new_form(stands), labels, version=version)


def first_words(operation: OperationCard) -> dict[str, object]:
    """Return what a new order begins with: the briefing at the meeting."""
    return {"briefing_at": operation.meets_at}


@blueprint.get("/operations/<uuid:operation_id>/order/edit")
@guarded("planner")
def get_edit(operation_id: UUID) -> str:
    """The form."""
    return show_edit(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/order/edit")
@guarded("planner")
def post_edit(operation_id: UUID) -> Response:
    """Write the order; nobody is told anew."""

    def make(uow: UnitOfWork, asked: OrderForm) -> str:
        opens = asked.open_at or usual_of(uow, operation_id)
        words = (asked.title, asked.briefing_at, asked.stop_word, asked.safety_note)
        plan_order(uow, PlanOrder(operation_id, *words, open_at=opens, seen_version=seen_version()))
        return f"/operations/{operation_id}/order"

    return answer_form(OrderForm, make, lambda form: show_edit(operation_id, form))


def usual_of(uow: UnitOfWork, operation_id: UUID) -> Any:
    """Return when the order opens where its writer names no time; None where an ad-hoc one opens at once."""
    operation = get_operation(uow, operation_id)
    return None if operation.ad_hoc else usual_opening(operation.meets_at, operation.starts_at)


@blueprint.post("/operations/<uuid:operation_id>/contact")
@guarded()
def post_contact(operation_id: UUID) -> Response:
    """Put the own number into the order."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        give_contact(uow, operation_id)
        return f"/operations/{operation_id}/order#people"

    return answer_form(Nothing, make, lambda form: show_order(operation_id, form))


@blueprint.post("/operations/<uuid:operation_id>/contact/withdraw")
@guarded()
def post_contact_back(operation_id: UUID) -> Response:
    """Take the own number out of the order."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        take_back_contact(uow, operation_id)
        return f"/operations/{operation_id}/order#people"

    return answer_form(Nothing, make, lambda form: show_order(operation_id, form))
