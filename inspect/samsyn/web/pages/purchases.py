"""Test purchases at an own part: what was written, a new one, and that the trader was told."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from flask import Response

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_operation, get_part, targets_of, visits_of
from samsyn.purchases.queries import get_purchase, purchases_at
from samsyn.purchases.rules import WRITERS
from samsyn.purchases.service import NotePurchase, may_note, note_purchase, tell_trader
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("purchases")


class PurchaseForm(Body):
    """A purchase: the day, what was asked for, whether the seller asked about the age."""

    on_date: date
    asked_for: Prose
    age_asked: Literal["yes", "no"]


class ToldForm(Body):
    """On which day the trader was told."""

    told_on: date


def show(part_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the purchases of an own part; ``form`` is what came back."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        part = get_part(uow, part_id)
        if part.authority_id != uow.me:
            raise NotFoundError("no such part of yours")
        operation = get_operation(uow, part.operation_id)
        lines = purchases_at(uow, part_id)
        numbers = [visit.id for visit in visits_of(uow, operation.id)]
        names = {person: name for (person, _), name in staff_names(uow, {line.written_by for line in lines}).items()}
        said = {
            "op": operation,
            "part": part,
            "lines": lines,
            "names": names,
            "n": numbers.index(part.visit_id) + 1,
            "target": targets_of(uow, operation.id).get(part.visit_id),
            "own": authority_names(uow, {uow.me})[uow.me],
            "today": uow.today,
            "writes": may_note(part, uow.me, viewer.roles),
            "tells": bool(viewer.roles & WRITERS),
        }
    return page("purchases.html.j2", form=form or new_form({"on_date": said["today"]}), **said)


@blueprint.get("/parts/<uuid:part_id>/purchases")
@guarded("planner", "inspector", "decider")
def get_purchases(part_id: UUID) -> str:
    """The test purchases of an own part (logged)."""
    return show(part_id)


@blueprint.post("/parts/<uuid:part_id>/purchases")
@guarded("planner", "inspector", "decider")
def post_purchase(part_id: UUID) -> Response:
    """Write one down."""

    def make(uow: UnitOfWork, asked: PurchaseForm) -> str:
        said = NotePurchase(uuid4(), part_id, asked.on_date, asked.asked_for, asked.age_asked == "yes")
        return f"/parts/{part_id}/purchases#purchase-{note_purchase(uow, said)}"

    return answer_form(PurchaseForm, make, lambda form: show(part_id, form))


@blueprint.post("/purchases/<uuid:purchase_id>/told")
@guarded("planner", "inspector", "decider")
def post_told(purchase_id: UUID) -> Response:
    """Write down that the trader was told."""
    with unit_of_work(current_viewer()) as uow:
        part_id = get_purchase(uow, purchase_id).part_id

    def make(uow: UnitOfWork, asked: ToldForm) -> str:
        tell_trader(uow, purchase_id, asked.told_on)
        return f"/parts/{part_id}/purchases#purchase-{purchase_id}"

    return answer_form(ToldForm, make, lambda form: show(part_id, form))
