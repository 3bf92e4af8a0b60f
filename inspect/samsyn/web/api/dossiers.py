"""Dossiers: compiled per business for the reader's authority, read as JSON, PDF, XLSX; the lead's common part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import authority_names
from samsyn.businesses.queries import get_business
from samsyn.core.jobs import get_job
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.measures import with_measures
from samsyn.dossiers.queries import DossierCard, get_dossier, list_dossiers
from samsyn.dossiers.rendering import render_pdf
from samsyn.dossiers.renderings import store_rendering
from samsyn.dossiers.service import compile_dossiers, start_compile_job
from samsyn.dossiers.status import approve_common_part, close_follow_ups, operation_status
from samsyn.web.api.jobs import JobOut
from samsyn.web.exports.dossier_sheets import dossier_xlsx
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery, listed
from samsyn.web.parsing import Body, Shown, printable
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.dossiers import DossierOut, DossierPage

blueprint = api_blueprint("dossiers")
READERS: Final = ("inspector", "planner", "decider")
"""A dossier holds findings, which an observer and an administrator do not read."""
PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The document.", "content": {"application/pdf": {"schema": {"type": "string"}}}}
}
TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
XLSX: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The workbook.", "content": {TYPES["xlsx"]: {"schema": {"type": "string"}}}}
}
ONE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Compiled.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DossierOut"}}},
    }
}


class CompileIn(Body):
    """One business, or with null all that the authority has ever visited."""

    business_id: UUID | None = None


class CommonPartIn(Body):
    """The lead's words, which every reader's dossier carries."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(printable)]


class CompileStatusOut(Shown):
    """Which authorities' dossiers are built, who closed their follow-ups, and the lead's newest words."""

    built: list[UUID]
    closed: list[UUID]
    common_text: str | None


@blueprint.get("/dossiers")
@guarded(*READERS)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(DossierPage)
def get_dossiers(query: PageQuery) -> dict[str, object]:
    """The own authority's dossiers, newest compiled first."""
    with unit_of_work(current_viewer()) as uow:
        return listed(list_dossiers(uow, query.seek()))


@blueprint.get("/dossiers/<uuid:business_id>")
@guarded(*READERS)
@blueprint.output(DossierOut)
def get_one(business_id: UUID) -> Any:
    """The dossier of a business as the caller may read it (logged); the ETag is its digest."""
    with unit_of_work(current_viewer()) as uow:
        shown = read_dossier(uow, business_id)
    if request.if_none_match.contains(shown.digest):
        return Response(status=304, headers={"ETag": f'"{shown.digest}"'})
    return shown, 200, {"ETag": f'"{shown.digest}"'}


@blueprint.get("/dossiers/<uuid:business_id>.pdf")
@guarded(*READERS)
@blueprint.doc(responses=PDF)
def get_pdf(business_id: UUID) -> Response:
    """The same as a tagged PDF; what was handed out is kept (R10). Its name tells nothing of the business."""
    return hand_out(business_id, "pdf", lambda card, name, at: render_pdf(card, current_language(), name, at))


@blueprint.get("/dossiers/<uuid:business_id>.xlsx")
@guarded(*READERS)
@blueprint.doc(responses=XLSX)
def get_xlsx(business_id: UUID) -> Response:
    """The same as a workbook, a sheet per part; kept as the PDF is."""
    return hand_out(business_id, "xlsx", dossier_xlsx)


@blueprint.get("/dossiers/<uuid:business_id>.json")
@guarded(*READERS)
@blueprint.output(DossierOut)
def get_json(business_id: UUID) -> Response:
    """The same as a file, in the shape of the address without its ending; kept as the PDF is."""
    return hand_out(business_id, "json", lambda card, name, _: DossierOut.of(card, name).model_dump_json().encode())


@blueprint.post("/dossiers/compile")
@guarded(*READERS)
@blueprint.input(CompileIn, arg_name="body")
@blueprint.output(JobOut, status_code=202)
@blueprint.doc(responses=ONE)
def post_compile(body: CompileIn) -> Response:
    """Compile one business now (200, the dossier), or all in the background (202, the job to follow)."""
    business_id = body.business_id
    if business_id is not None:
        return once(lambda uow: compile_one(uow, business_id))
    return once(
        lambda uow: JobOut.model_validate(get_job(uow, start_compile_job(uow))),
        status=202,
        location=lambda said: f"/api/v1/jobs/{said['id']}",
    )


@blueprint.post("/operations/<uuid:operation_id>/common-part")
@guarded("planner", "decider")
@blueprint.input(CommonPartIn, arg_name="body")
@blueprint.output(CompileStatusOut)
def post_common_part(operation_id: UUID, body: CommonPartIn) -> Response:
    """Write and approve the lead's words for all readers."""

    def make(uow: UnitOfWork) -> CompileStatusOut:
        approve_common_part(uow, operation_id, body.text)
        return shown_status(uow, operation_id)

    return once(make)


@blueprint.post("/operations/<uuid:operation_id>/follow-ups/close")
@guarded(*READERS)
@blueprint.output(CompileStatusOut)
def post_follow_ups_close(operation_id: UUID) -> Response:
    """Say that the own authority's follow-ups are closed or carried over."""

    def make(uow: UnitOfWork) -> CompileStatusOut:
        close_follow_ups(uow, operation_id)
        return shown_status(uow, operation_id)

    return once(make)


def compile_one(uow: UnitOfWork, business_id: UUID) -> DossierOut:
    """Compile a business that the viewer may see, and read it as the viewer may.

    Compiled as the authority's worker, in a transaction of its own: what this person may not see (jäv) must not go
    missing for the colleagues (R13).
    """
    get_business(uow, business_id)
    with unit_of_work(Viewer.task_of(uow.me)) as work:
        compile_dossiers(work, [business_id])
    return read_dossier(uow, business_id)


def hand_out(business_id: UUID, form: str, render: Callable[[DossierCard, str, datetime], bytes]) -> Response:
    """Answer with a document of a business, and keep it with its checksum, for whom it is, and on which ground."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        card, reader, at = with_measures(uow, get_dossier(uow, business_id)), reader_of(uow), uow.now
    body = render(card, reader, at)  # up to a second of work: no transaction is open meanwhile
    with unit_of_work(viewer) as uow:
        store_rendering(uow, card, form, body, reader)
    return as_document(body, form, f"samsyn-{card.digest[:8]}")


def as_document(body: bytes, form: str, name: str) -> Response:
    """Answer with a document that is kept nowhere on the way; a PDF is shown, another form is taken."""
    response = Response(body, content_type=TYPES[form])
    response.headers["Cache-Control"] = "private, no-store"
    shown = "inline" if form == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}.{form}"'
    return response


def read_dossier(uow: UnitOfWork, business_id: UUID) -> DossierOut:
    """Return the dossier as the viewer may read it."""
    card = with_measures(uow, get_dossier(uow, business_id))
    return DossierOut.of(card, reader_of(uow))


def reader_of(uow: UnitOfWork) -> str:
    """Return the name of the authority that a dossier is compiled for."""
    return authority_names(uow, {uow.me}).get(uow.me, "")


def shown_status(uow: UnitOfWork, operation_id: UUID) -> CompileStatusOut:
    """Show how far the compiling of an operation is."""
    status = operation_status(uow, operation_id)
    return CompileStatusOut(
        built=sorted(status.built, key=str), closed=sorted(status.closed, key=str), common_text=status.common_text
    )
