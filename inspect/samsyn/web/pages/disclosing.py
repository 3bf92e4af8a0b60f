"""The dialogue: choose findings, receiver and ground, see the copy as it will be, decide or refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from flask import Response, make_response, request

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.disclosures.grounds import PUBLIC
from samsyn.disclosures.queries import open_requests
from samsyn.disclosures.service import Give, Refuse, begun_for, keep_begun
from samsyn.lifecycle.handing_over import give_copies, refuse_request
from samsyn.web.forms import Form, answer_form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import HOUSE_FIELDS, once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages.disclosing_view import EVERYBODY, OTHER, DiscloseForm, current_vault, read_dialogue
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("disclosing")
PATH: Final = "/visits/<uuid:visit_id>/disclose"


class DiscloseQuery(Body):
    """Where the dialogue begins: the request that it answers, one finding, and whether a draft was kept just now."""

    request: UUID | None = None
    finding: UUID | None = None
    kept: Literal["1"] | None = None
    lang: Literal["sv", "en"] | None = None


@blueprint.get(PATH)
@guarded("decider")
@blueprint.input(DiscloseQuery, location="query", arg_name="query")
def get_disclose(visit_id: UUID, query: DiscloseQuery) -> str:
    """The dialogue as it was begun, or anew."""
    return show(visit_id, None, query)


@blueprint.post(PATH)
@guarded("decider")
def post_disclose(visit_id: UUID) -> Response:
    """Show the copy as it would be, keep what was begun, decide, or refuse."""
    act = request.form.get("act", "preview")
    if act == "preview":
        return make_response(show(visit_id, read_form(DiscloseForm)))
    if act == "draft":
        return once_then_go(lambda uow: keep(uow, visit_id))
    return answer_form(DiscloseForm, lambda uow, asked: decide(uow, visit_id, asked), lambda form: show(visit_id, form))


def decide(uow: UnitOfWork, visit_id: UUID, asked: DiscloseForm) -> str:
    """Carry out what was decided; return where it can be read."""
    requests = {one.from_id: one.id for one in open_requests(uow) if one.visit_id == visit_id}
    words: dict[str, Any] = {"balancing": asked.balancing, "mask": asked.mask, "confirmed": asked.confirmed}
    refused = asked.request or (requests.get(asked.receiver) if asked.receiver else None)
    if asked.act == "refuse" and refused is not None:
        done = refuse_request(uow, Refuse(uuid4(), refused, asked.reason, asked.basis, **words))
    else:
        public = asked.to == EVERYBODY or asked.basis == PUBLIC
        command = Give(
            uuid4(),
            visit_id,
            frozenset(asked.findings),
            asked.receiver,
            PUBLIC if public else asked.basis,
            pictures=asked.pictures,
            request_id=requests.get(asked.receiver) if asked.receiver and not public else asked.request,
            asked_how=asked.asked_how,
            to_unit=asked.unit,
            **words,
        )
        done = give_copies(uow, current_vault(), command)
    return f"/disclosures/{done}?decided"


def keep(uow: UnitOfWork, visit_id: UUID) -> str:
    """Keep what was typed as the viewer's own draft."""
    said = {name: values for name, values in request.form.lists() if name not in HOUSE_FIELDS | {"act"}}
    keep_begun(uow, current_keys(), visit_id, said)
    return f"/visits/{visit_id}/disclose?kept=1"


def show(visit_id: UUID, form: Form[DiscloseForm] | None, query: DiscloseQuery | None = None) -> str:
    """Render the dialogue."""
    with unit_of_work(current_viewer()) as uow:
        filled = form if form is not None else begin(uow, visit_id, query or DiscloseQuery())
        asked = filled.value if isinstance(filled.value, DiscloseForm) else loosely(filled.typed)
        view = read_dialogue(uow, visit_id, asked)
    return page(
        "disclosures/dialogue.html.j2",
        form=filled,
        asked=asked,
        view=view,
        kept=query is not None and query.kept is not None,
        everybody=EVERYBODY,
        other=OTHER,
    )


def begin(uow: UnitOfWork, visit_id: UUID, query: DiscloseQuery) -> Form[Any]:
    """Return the form as it was kept, or anew with pictures going along."""
    kept = begun_for(uow, current_keys(), visit_id)
    if kept is not None and query.request is None and query.finding is None:
        return Form(typed=kept)
    return new_form(
        {"pictures": "true", "findings": [query.finding] if query.finding else [], "request": query.request}
    )


def loosely(typed: Mapping[str, Any]) -> DiscloseForm:
    """Return as much of what was typed as can be read, so that a fault elsewhere does not empty the preview."""
    said: dict[str, Any] = {}
    for name, values in typed.items():
        if name not in DiscloseForm.model_fields or name == "act":
            continue
        value = [v for v in values if v] if name == "findings" else next((v for v in values if v), None)
        try:
            DiscloseForm.model_validate({name: value})
        except ValueError:
            continue
        said[name] = value
    return DiscloseForm.model_validate({k: v for k, v in said.items() if v is not None})
