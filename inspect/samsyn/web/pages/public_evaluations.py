"""What a council and everybody read of a pledge's year: looked at, decided once by a party's decider, taken along."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Response, make_response, request

from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import ChangedMeanwhileError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.evaluation.documents import public_pdf
from samsyn.pledges.evaluation.open_data import described
from samsyn.pledges.evaluation.preview import WRITTEN_IN, Public, read_public
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.service import publish
from samsyn.pledges.evaluation.telling import Teller, public_sections
from samsyn.web.api.dossiers import as_document
from samsyn.web.exports.open_data import public_csv, public_xlsx
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("public_evaluations")


def shown(evaluation_id: UUID, *, changed: bool = False) -> str:
    """Return the page; ``changed``: another one was looked at before it was decided, and nothing is."""
    with unit_of_work(current_viewer()) as uow:
        found = read_public(uow, evaluation_id)
        by = found.decided_by
        decided_by = authority_names(uow, {by}).get(by, "") if by else ""
        decides = "decider" in uow.viewer.roles and uow.me in found.card.pledge.parties
    return page(
        "pledges/evaluation-public.html.j2",
        told=found.card,
        teller=Teller(found.card, current_language()),
        sections=public_sections(found.content, current_language(), found.content.get("said", ())),
        whole=found.content.get("whole", ""),
        decided_at=found.decided_at,
        decided_by=decided_by,
        asked=found.asked,
        decides=decides and found.card.approved and found.decided_at is None,
        digest=digest_of(found.content),
        done="done" in request.args,
        changed=changed,
    )


@blueprint.get("/evaluations/<uuid:evaluation_id>/public")
@guarded()
def get_page(evaluation_id: UUID) -> str:
    """What was decided, or what would be, with the words that the parties wrote."""
    return shown(evaluation_id)


@blueprint.post("/evaluations/<uuid:evaluation_id>/public")
@guarded("decider")
def post_page(evaluation_id: UUID) -> Response:
    """Decide that everybody may read it."""

    def make(uow: UnitOfWork) -> str:
        publish(uow, evaluation_id, request.form.get("seen", ""))
        return f"/evaluations/{evaluation_id}/public?done"

    try:
        return once_then_go(make)
    except ChangedMeanwhileError as changed:
        return make_response(shown(evaluation_id, changed=True), STATUS[changed.code])


@blueprint.get("/evaluations/<uuid:evaluation_id>/public.pdf")
@guarded()
def get_pdf(evaluation_id: UUID) -> Response:
    """The version for a council: the numbers that everybody may read, with the parties' words."""
    return hand_out(evaluation_id, "pdf", lambda one, at: public_pdf(one.content, WRITTEN_IN, at))


@blueprint.get("/evaluations/<uuid:evaluation_id>/public.xlsx")
@guarded()
def get_xlsx(evaluation_id: UUID) -> Response:
    """The numbers that everybody may read, as a workbook."""
    return hand_out(evaluation_id, "xlsx", lambda one, at: public_xlsx(one.content, WRITTEN_IN, at))


@blueprint.get("/evaluations/<uuid:evaluation_id>/public.csv")
@guarded()
def get_csv(evaluation_id: UUID) -> Response:
    """The same as open data, a line per number."""
    return hand_out(evaluation_id, "csv", lambda one, _: public_csv(one.content))


@blueprint.get("/evaluations/<uuid:evaluation_id>/public.json")
@guarded()
def get_json(evaluation_id: UUID) -> Response:
    """The same as data."""
    return hand_out(
        evaluation_id, "json", lambda one, _: json.dumps(one.content, ensure_ascii=False, indent=1).encode()
    )


@blueprint.get("/evaluations/<uuid:evaluation_id>/public-columns.json")
@guarded()
def get_columns(evaluation_id: UUID) -> Response:
    """What the columns of the open data mean, to lie beside the file."""
    return hand_out(
        evaluation_id, "json", lambda one, _: described(f"{name_of(one)}.csv", one.content), ending="-columns"
    )


def hand_out(evaluation_id: UUID, form: str, render: Callable[[Public, datetime], bytes], ending: str = "") -> Response:
    """Answer with a document of what was decided, as it was decided (logged); ``NotFoundError`` before it is."""
    with unit_of_work(current_viewer()) as uow:
        found = read_public(uow, evaluation_id)
        if found.decided_at is None:
            raise NotFoundError("no public version")
        record(uow, "evaluation.download", found.card.line.id, reason=f"public{ending}_{form}".replace("-", "_"))
    return as_document(render(found, found.decided_at), form, f"{name_of(found)}{ending}")


def name_of(one: Public) -> str:
    """Return the file's name."""
    return f"medborgarlofte-{one.content['year']}"
