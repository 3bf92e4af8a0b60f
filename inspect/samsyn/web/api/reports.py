"""The report of an operation: JSON, PDF and workbook for the reader's authority; each document is kept as it left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from samsyn.core.uow import unit_of_work
from samsyn.dossiers.rendering import render_report
from samsyn.dossiers.renderings import store_report
from samsyn.dossiers.report.queries import ReportCard, read_report
from samsyn.dossiers.report.service import read_public
from samsyn.web.api.dossiers import PDF, READERS, XLSX, as_document, blueprint, reader_of
from samsyn.web.exports.report_sheets import report_xlsx
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.shown.reports import PublicOut, ReportOut

__all__ = ["blueprint"]


@blueprint.get("/operations/<uuid:operation_id>/report")
@guarded(*READERS)
@blueprint.output(ReportOut)
def get_report(operation_id: UUID) -> Any:
    """The report of an operation that is done, as the caller may read it (logged); the ETag is its digest."""
    with unit_of_work(current_viewer()) as uow:
        shown = ReportOut.of(read_report(uow, operation_id), reader_of(uow))
    if request.if_none_match.contains(shown.digest):
        return Response(status=304, headers={"ETag": f'"{shown.digest}"'})
    return shown, 200, {"ETag": f'"{shown.digest}"'}


@blueprint.get("/operations/<uuid:operation_id>/report.pdf")
@guarded(*READERS)
@blueprint.doc(responses=PDF)
def get_report_pdf(operation_id: UUID) -> Response:
    """The same as a tagged PDF; what was handed out is kept (R10)."""
    return hand_out_report(operation_id, "pdf", lambda card, who, at: render_report(card, current_language(), who, at))


@blueprint.get("/operations/<uuid:operation_id>/report.xlsx")
@guarded(*READERS)
@blueprint.doc(responses=XLSX)
def get_report_xlsx(operation_id: UUID) -> Response:
    """The same as a workbook, a sheet per part; kept as the PDF is."""
    return hand_out_report(operation_id, "xlsx", report_xlsx)


@blueprint.get("/operations/<uuid:operation_id>/report.json")
@guarded(*READERS)
@blueprint.output(ReportOut)
def get_report_json(operation_id: UUID) -> Response:
    """The same as a file, in the shape of the address without its ending; kept as the PDF is."""
    return hand_out_report(
        operation_id, "json", lambda card, who, _: ReportOut.of(card, who).model_dump_json().encode()
    )


@blueprint.get("/operations/<uuid:operation_id>/public-report.pdf")
@guarded(*READERS)
@blueprint.doc(responses=PDF)
def get_public_pdf(operation_id: UUID) -> Response:
    """The public version as the caller's authority decided it, as it left; it names no person and no business (R15)."""
    return hand_out_public(operation_id, "pdf")


@blueprint.get("/operations/<uuid:operation_id>/public-report.xlsx")
@guarded(*READERS)
@blueprint.doc(responses=XLSX)
def get_public_xlsx(operation_id: UUID) -> Response:
    """The same as a workbook."""
    return hand_out_public(operation_id, "xlsx")


@blueprint.get("/operations/<uuid:operation_id>/public-report.json")
@guarded(*READERS)
@blueprint.output(PublicOut)
def get_public_json(operation_id: UUID) -> Response:
    """The same as a file; a number that is null is below five."""
    return hand_out_public(operation_id, "json")


def hand_out_public(operation_id: UUID, form: str) -> Response:
    """Answer with the public version as it is kept, in the caller's language; ``NotFoundError`` where none is."""
    with unit_of_work(current_viewer()) as uow:
        body = read_public(uow, operation_id, form, current_language())
    return as_document(body, form, f"samsyn-{hashlib.sha256(body).hexdigest()[:8]}")


def hand_out_report(operation_id: UUID, form: str, render: Callable[[ReportCard, str, datetime], bytes]) -> Response:
    """Answer with a document of an operation, and keep it with its checksum, for whom it is, and on which grounds."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        card, reader, at = read_report(uow, operation_id), reader_of(uow), uow.now
    body = render(card, reader, at)  # up to a second of work: no transaction is open meanwhile
    with unit_of_work(viewer) as uow:
        store_report(uow, card, form, body, reader)
    return as_document(body, form, f"samsyn-{card.digest[:8]}")
