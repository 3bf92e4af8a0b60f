"""Ask another authority for what it wrote, and see what was asked and answered."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import authority_names
from samsyn.businesses.queries import get_business
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.disclosures.queries import askable, get_request
from samsyn.disclosures.service import AskFor
from samsyn.lifecycle.handing_over import ask_authority
from samsyn.operations.queries import traces_at
from samsyn.web.api.dossiers import READERS
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, one_line, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("information")
Short = Annotated[str, StringConstraints(max_length=80), AfterValidator(one_line)]


class AskForm(Body):
    """Whom, on which ground, what."""

    visit: UUID
    to: UUID
    question: Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(printable)]
    law: Short = ""
    reference: Short = ""
    mask: bool = False
    confirmed: bool = False


class AskQuery(Body):
    """The visit and the authority that the question is about."""

    visit: UUID | None = None
    to: UUID | None = None
    lang: str | None = None


@blueprint.get("/businesses/<uuid:business_id>/ask")
@guarded(*READERS)
@blueprint.input(AskQuery, location="query", arg_name="query")
def get_ask(business_id: UUID, query: AskQuery) -> str:
    """The form."""
    return show(business_id, new_form({"visit": query.visit, "to": query.to}))


@blueprint.post("/businesses/<uuid:business_id>/ask")
@guarded(*READERS)
def post_ask(business_id: UUID) -> Response:
    """Ask."""

    def make(uow: UnitOfWork, asked: AskForm) -> str:
        words = (asked.question, asked.law, asked.reference, asked.mask, asked.confirmed)
        made = ask_authority(uow, AskFor(uuid4(), business_id, asked.visit, asked.to, *words))
        return f"/information-requests/{made}"

    return answer_form(AskForm, make, lambda form: show(business_id, form))


def show(business_id: UUID, form: Form[Any]) -> str:
    """Render the form."""
    with unit_of_work(current_viewer()) as uow:
        business = get_business(uow, business_id)
        there = askable(uow, business)
        names = authority_names(uow, {one for who in there.values() for one in who})
        days = {one.visit_id: one.on_date for one in traces_at(uow, business.premises_id)}
    return page("disclosures/ask.html.j2", business=business, there=there, names=names, days=days, form=form)


@blueprint.get("/information-requests/<uuid:request_id>")
@guarded(*READERS)
def get_one(request_id: UUID) -> str:
    """A question as both sides read it; who decides answers from here."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        asked = get_request(uow, request_id)
        names = authority_names(uow, {asked.from_id, asked.to_id})
        mine = asked.to_id == uow.me
    return page("disclosures/request.html.j2", asked=asked, names=names, mine=mine, decides="decider" in viewer.roles)
