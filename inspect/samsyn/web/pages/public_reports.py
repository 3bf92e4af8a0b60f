"""The public version of an operation's report: looked at, decided once by a decider, taken along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from flask import Response, make_response, request

from samsyn.core.errors import ChangedMeanwhileError, GateClosedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.dossiers.rendering import render_public
from samsyn.dossiers.rendering.public import about, tables
from samsyn.dossiers.report.public import PublicContent
from samsyn.dossiers.report.service import PublicReport, form_in, preview_public, public_body, publish_report
from samsyn.operations.queries import get_operation, is_recused
from samsyn.texts import LANGUAGES
from samsyn.web.api.dossiers import READERS
from samsyn.web.exports.public_sheets import public_xlsx
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page
from samsyn.web.shown.reports import PublicOut

blueprint = page_blueprint("public_reports")


@blueprint.get("/operations/<uuid:operation_id>/public-report")
@guarded(*READERS)
def get_public(operation_id: UUID) -> str:
    """What was decided, or to a decider what would be; to others that nothing is decided."""
    return shown(operation_id)


def shown(operation_id: UUID, *, changed: bool = False) -> str:
    """Return the page; ``changed``: another one was looked at before it was decided, and nothing is."""
    why, digest = "", ""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        kept = public_body(uow, operation_id, "json")
        content: PublicContent | None = json.loads(kept) if kept is not None else None
        if content is None:
            found, why = begun(uow, operation_id)
            content, digest = (found.content, found.digest) if found else (None, "")
    language = current_language()
    return page(
        "operations/public-report.html.j2",
        op=operation,
        decided=kept is not None,
        done="done" in request.args,
        changed=changed,
        content=content,
        digest=digest,
        why=why,
        about=about(content, language) if content else (),
        tables=list(tables(content, language)) if content else [],
    )


def begun(uow: UnitOfWork, operation_id: UUID) -> tuple[PublicReport | None, str]:
    """Return what a decider would publish, or why there is nothing to show yet, as a word under ``report.public``."""
    if is_recused(uow, operation_id):
        return None, "recused"  # to whom the database shows no document of it, decided or not
    if "decider" not in uow.viewer.roles:
        return None, "none"
    try:
        return preview_public(uow, operation_id), ""
    except GateClosedError as closed:
        return None, next((f"not_{one}" for one in ("built", "wait") if one in closed.missing), "not_yet")


@blueprint.post("/operations/<uuid:operation_id>/public-report")
@guarded("decider")
def post_public(operation_id: UUID) -> Response:
    """Decide that everybody may read it; it is kept in each form as it is given."""

    def render(uow: UnitOfWork, content: PublicContent) -> Mapping[str, bytes]:
        made = {"json": PublicOut.of(content).model_dump_json().encode()}
        for language in LANGUAGES:  # Swedish is what an authority gives (språklagen 10 §); the same numbers beside it
            made[form_in("pdf", language)] = render_public(content, language, uow.now)
            made[form_in("xlsx", language)] = public_xlsx(content, language)
        return made

    def make(uow: UnitOfWork) -> str:
        publish_report(uow, operation_id, request.form.get("seen", ""), lambda content: render(uow, content))
        return f"/operations/{operation_id}/public-report?done"

    try:
        return once_then_go(make)
    except ChangedMeanwhileError as changed:
        return make_response(shown(operation_id, changed=True), STATUS[changed.code])
