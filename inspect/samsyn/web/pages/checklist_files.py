"""A checklist as a file: a version out as YAML, XLSX or JSON, and one into the draft after a look at what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, request

from samsyn.audit.service import record
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.table import UnreadableFileError
from samsyn.core.errors import InvalidError, SamsynError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.drafts import keys_for, replace_points
from samsyn.findings.list_files import (
    FIELDS,
    MAX_CHARACTERS,
    FaultyFileError,
    FileFault,
    from_table,
    from_yaml,
    heading_words,
    headings,
    to_json,
    to_rows,
    to_yaml,
)
from samsyn.findings.points import Point
from samsyn.findings.queries import VersionCard, read_draft, read_version
from samsyn.texts import has
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import as_file
from samsyn.web.exports.writers import Table
from samsyn.web.forms import SHOWN_IN_FORM, Form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go, seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.own_lists import KEEPER, VersionQuery
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("checklist_files")
TYPES: Final = {"yaml": "application/yaml", "json": "application/json"}


def read_out(checklist_id: UUID, query: VersionQuery) -> VersionCard:
    """Return a version that leaves as a file, which the trail says."""
    with unit_of_work(current_viewer()) as uow:
        card = read_version(uow, checklist_id, query.n, current_language())
        record(uow, "list.export", checklist_id)
    return card


def as_text(card: VersionCard, ending: str, write: Callable[[Sequence[Point]], str]) -> Response:
    """Answer with a text file, kept nowhere on the way."""
    response = Response(write(card.points), content_type=f"{TYPES[ending]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name_of(card)}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def name_of(card: VersionCard) -> str:
    """Return a file's name, which holds nothing of what is asked."""
    return f"samsyn-{t('checklists.file.name')}-{card.n}"


@blueprint.get("/checklists/<uuid:checklist_id>.yaml")
@guarded()
@blueprint.input(VersionQuery, location="query", arg_name="query")
def get_yaml(checklist_id: UUID, query: VersionQuery) -> Response:
    """A version as YAML."""
    return as_text(read_out(checklist_id, query), "yaml", to_yaml)


@blueprint.get("/checklists/<uuid:checklist_id>.json")
@guarded()
@blueprint.input(VersionQuery, location="query", arg_name="query")
def get_json(checklist_id: UUID, query: VersionQuery) -> Response:
    """A version as JSON."""
    return as_text(read_out(checklist_id, query), "json", to_json)


@blueprint.get("/checklists/<uuid:checklist_id>.xlsx")
@guarded()
@blueprint.input(VersionQuery, location="query", arg_name="query")
def get_xlsx(checklist_id: UUID, query: VersionQuery) -> Response:
    """A version as a workbook."""
    card = read_out(checklist_id, query)
    columns: list[Column[Any]] = [Column(name, "", Kind.TEXT, lambda _row: None) for name in FIELDS]
    rows = to_rows(card.points, current_language())
    return as_file(Table(card.title, columns, headings(current_language()), rows), "xlsx", name_of(card))


def show_file(
    checklist_id: UUID, form: Form[Any], points: Sequence[Point] | None = None, faults: Sequence[FileFault] = ()
) -> str:
    """Render the form, with what a file would do to the draft, or its faults by row and column."""
    with unit_of_work(current_viewer()) as uow:
        card = read_draft(uow, checklist_id, current_language())
    before = {point.code: point for point in card.points}
    now = {point.code: point for point in points or ()}
    return page(
        "checklists/file.html.j2",
        list=card,
        form=form,
        points=points,
        new=now.keys() - before.keys(),
        changed={code for code in now.keys() & before.keys() if now[code] != before[code]},
        gone=[point for point in card.points if point.code not in now],
        faults=[(one.row, one.field, words_of(one)) for one in faults],
    )


def words_of(fault: FileFault) -> str:
    """Return a fault's sentence."""
    key = f"web.fault.{fault.word}"
    return t(key if has(key) else "web.fault.other", **fault.limits)


@blueprint.get("/checklists/<uuid:checklist_id>/draft/file")
@guarded(KEEPER)
def get_file(checklist_id: UUID) -> str:
    """The form."""
    return show_file(checklist_id, new_form())


def read_in(uow: UnitOfWork, checklist_id: UUID) -> list[Point]:
    """Return the points of the file or the text that was sent; ``InvalidError`` says what is wrong with it."""
    prefix, used = keys_for(uow, checklist_id)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        text = request.form.get("text", "")
        if not text.strip():
            raise InvalidError("nothing sent", fields={"file": (t("imports.begin.nothing"),)})
        return from_yaml(text, prefix, used)
    data = upload.read(4 * MAX_CHARACTERS + 1)
    upload.stream.seek(0)  # its digest belongs to what is asked (idempotency)
    if data.startswith(b"PK\x03\x04"):
        return from_table(read_table(upload.read(), upload.filename, heading_words()), prefix, used)
    if len(data) > 4 * MAX_CHARACTERS:
        raise InvalidError("too large", fields={"file": ("file_too_large",)})
    try:
        return from_yaml(data.decode("utf-8-sig"), prefix, used)
    except UnicodeDecodeError:
        raise InvalidError("no UTF-8", fields={"file": ("no_yaml",)}) from None


@blueprint.post("/checklists/<uuid:checklist_id>/draft/file")
@guarded(KEEPER)
def post_file(checklist_id: UUID) -> Response:
    """Show what a file would do; or put what was looked at in place of the draft's points, all of it or nothing."""
    form: Form[Any] = Form(typed={"text": [request.form.get("text", "")]})
    try:
        with unit_of_work(current_viewer()) as uow:
            read_draft(uow, checklist_id)
            points = read_in(uow, checklist_id)
        if request.form.get("do") != "write":
            return make_response(show_file(checklist_id, Form(typed={"text": [to_yaml(points)]}), points))

        def make(uow: UnitOfWork) -> str:
            replace_points(uow, checklist_id, seen_version(), points)
            return f"/checklists/{checklist_id}/draft#points"

        return once_then_go(make)
    except FaultyFileError as error:
        return make_response(show_file(checklist_id, form.refused(error), faults=error.faults), 422)
    except UnreadableFileError as error:
        said = t(f"businesses.refusal.{error.refusal}")
        shown = form.refused(InvalidError("unreadable", fields={"file": (said,)}))
        return make_response(show_file(checklist_id, shown), 422)
    except SamsynError as error:
        if STATUS[error.code] not in SHOWN_IN_FORM:
            raise
        return make_response(show_file(checklist_id, form.refused(error)), STATUS[error.code])
