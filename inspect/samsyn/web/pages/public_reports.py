"""The public version of an operation's report: looked at, decided once by a decider, taken along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from flask import Response, request

from samsyn.core.errors import GateClosedError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.rendering import render_public
from samsyn.dossiers.rendering.public import about, tables
from samsyn.dossiers.report.public import PublicContent
from samsyn.dossiers.report.service import preview_public, public_body, publish_report
from samsyn.operations.queries import get_operation
from samsyn.web.api.dossiers import READERS
from samsyn.web.exports.public_sheets import public_xlsx
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page
from samsyn.web.shown.reports import PublicOut

blueprint = page_blueprint("public_reports")
WRITTEN_IN = "sv"
"""What an authority gives to everybody is written in Swedish (språklagen 10 §)."""


@blueprint.get("/operations/<uuid:operation_id>/public-report")
@guarded(*READERS)
def get_public(operation_id: UUID) -> str:
    """What was decided, or to a decider what would be; to others that nothing is decided."""
    viewer, why = current_viewer(), ""
    with unit_of_work(viewer) as uow:
        operation = get_operation(uow, operation_id)
        kept = public_body(uow, operation_id, "json")
        content: PublicContent | None = json.loads(kept) if kept is not None else None
        if content is None:
            content, why = begun(uow, operation_id)
    language = current_language()
    return page(
        "operations/public-report.html.j2",
        op=operation,
        decided=kept is not None,
        done="done" in request.args,
        content=content,
        why=why,
        about=about(content, language) if content else (),
        tables=list(tables(content, language)) if content else [],
    )


def begun(uow: UnitOfWork, operation_id: UUID) -> tuple[PublicContent | None, str]:
    """Return what a decider would publish, or why there is nothing to show yet, as a word under ``report.public``."""
    if "decider" not in uow.viewer.roles:
        return None, "none"
    try:
        return preview_public(uow, operation_id).content, ""
    except GateClosedError as closed:
        return None, "not_built" if "built" in closed.missing else "not_yet"
    except NotAllowedError:
        return None, "recused"


@blueprint.post("/operations/<uuid:operation_id>/public-report")
@guarded("decider")
def post_public(operation_id: UUID) -> Response:
    """Decide that everybody may read it; it is kept in each form as it is given."""

    def render(uow: UnitOfWork, content: PublicContent) -> Mapping[str, bytes]:
        return {
            "pdf": render_public(content, WRITTEN_IN, uow.now),
            "xlsx": public_xlsx(content, WRITTEN_IN),
            "json": PublicOut.of(content).model_dump_json().encode(),
        }

    def make(uow: UnitOfWork) -> str:
        publish_report(uow, operation_id, lambda content: render(uow, content))
        return f"/operations/{operation_id}/public-report?done"

    return once_then_go(make)
