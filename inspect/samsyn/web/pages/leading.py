"""Hand the lead of an operation over to another authority that takes part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.leading import hand_over
from samsyn.operations.queries import participations
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.operation_page import form_page, led
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("leading")
SAYS = ("new_lead", "own_part", "silos", "on_site", "told")


class LeadForm(Body):
    """Who leads from now on."""

    authority_id: UUID


def show_lead(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        others = {
            one.authority_id
            for one in participations(uow, operation_id)
            if not one.withdrawn and one.authority_id != uow.me
        }
        names = authority_names(uow, others)
    options = sorted(((str(key), name) for key, name in names.items()), key=lambda one: one[1])
    says = [t(f"operation.lead.{name}") for name in SAYS]
    labels = {"authority_id": t("operation.lead.to")}
    return form_page("lead", operation, form or new_form(), labels, options=options, says=says)


@blueprint.get("/operations/<uuid:operation_id>/lead")
@guarded("planner")
def get_lead(operation_id: UUID) -> str:
    """The form."""
    return show_lead(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/lead")
@guarded("planner")
def post_lead(operation_id: UUID) -> Response:
    """Hand it over: from the next request on the own authority has its own part and no more."""
    seen = seen_version()

    def make(uow: UnitOfWork, asked: LeadForm) -> str:
        hand_over(uow, operation_id, asked.authority_id, seen_version=seen)
        return f"/operations/{operation_id}?done=lead#meeting"

    return answer_form(LeadForm, make, lambda form: show_lead(operation_id, form))
