"""The registry: a list to search, and the import of a list with a look at it before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from flask import Response, make_response, request
from pydantic import Field, StringConstraints

from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.queries import BusinessCard, BusinessFilter, list_businesses
from samsyn.businesses.reading.table import UnreadableFileError
from samsyn.businesses.rules import PermitKind, Trade
from samsyn.businesses.service import ImportBusinesses, ImportReport, import_businesses
from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import last_visits
from samsyn.places.queries import list_hot_spots, premises_in_hot_spot
from samsyn.texts import has, sort_key
from samsyn.web.forms import Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.listing import PageQuery
from samsyn.web.localtime import day_of
from samsyn.web.pages.kept_files import open_kept, seal
from samsyn.web.pages.squares import squares_of
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("businesses")
SHOWN: Final = 200
"""Faults that a page lists; the rest is counted."""
FILTERS: Final = ("begins_with", "trade", "hot_spot", "permit", "ended")
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class ListQuery(PageQuery):
    """What is looked for: the beginning of a name or a street, a trade, a hot spot, a permit; also what has ended.

    The counts are those of an import that was just made.
    """

    begins_with: Annotated[str, StringConstraints(max_length=100)] = ""
    trade: Trade | Literal[""] = ""
    hot_spot: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")] | Literal[""] = ""
    permit: PermitKind | Literal["expired", ""] = ""
    ended: bool = False
    created: Count | None = None
    changed: Count | None = None
    unchanged: Count | None = None


class ImportForm(Body):
    """``look`` shows what would happen, ``write`` does it; ``kept`` is the sealed file of the look before."""

    collaboration_id: UUID
    do: Literal["look", "write"] = "look"
    kept: str = ""
    filename: Annotated[str, StringConstraints(max_length=300)] = ""


def word(kind: str, code: str) -> str:
    """Return the word of a trade or a company's form; an unknown code is shown as it is."""
    key = f"businesses.{kind}.{code}"
    return t(key) if has(key) else code


def read_businesses(uow: UnitOfWork, query: ListQuery, seek: Seek) -> Page[BusinessCard]:
    """Return the businesses that the list shows, in Swedish order of the place's name; two statements at most."""
    try:
        premises = premises_in_hot_spot(uow, UUID(query.hot_spot)) if query.hot_spot else None
    except ValueError:
        premises = frozenset()
    return list_businesses(
        uow,
        seek,
        wanted=BusinessFilter(
            query.begins_with, query.trade, query.permit, premises, running=not query.ended, day=day_of(uow.now)
        ),
    )


@blueprint.get("/businesses")
@guarded()
@blueprint.input(ListQuery, location="query", arg_name="query")
def get_businesses(query: ListQuery) -> str:
    """Businesses of the own collaborations with the last visit of anybody; a constant number of statements."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        found = read_businesses(uow, query, query.seek())
        last = last_visits(uow, {one.premises_id for one in found.items})
        squares = squares_of(uow, {a for one in last.values() for a in one.authorities})
        spots = [(str(one.id), one.name) for one in list_hot_spots(uow)]
    counts = [query.created, query.changed, query.unchanged]
    asked = {name: getattr(query, name) for name in FILTERS}
    return page(
        "businesses/list.html.j2",
        businesses=found.items,
        cursor=found.next_cursor,
        form=new_form({**asked, "ended": "true" if query.ended else ""}),
        filters={k: str(v).lower() if v is True else str(v) for k, v in asked.items() if v},
        last=last,
        squares_in=lambda who: [squares[one] for one in who if one in squares],
        counts=counts if None not in counts else [],
        keeps="planner" in viewer.roles,
        spots=spots,
        trades=in_words("trade", Trade),
        permits=[("expired", t("registry.expired")), *in_words("permit", PermitKind)],
        word=word,
    )


def in_words(kind: str, codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return codes with their words, in Swedish order of the words."""
    return sorted(((one.value, word(kind, one)) for one in codes), key=lambda pair: sort_key(pair[1]))


def show_import(
    form: Form[Any] | None = None, report: ImportReport | None = None, kept: str = "", filename: str = ""
) -> str:
    """Render the form, with what an import did or would do where one was looked at."""
    with unit_of_work(current_viewer()) as uow:
        options = [(str(one.id), one.name) for one in my_collaborations(uow)]
    if form is None:
        form = new_form({"collaboration_id": options[0][0]} if len(options) == 1 else {})
    labels = {name: t(f"operations.field_of.{name}") for name in ("collaboration_id", "file")}
    more = {"report": report, "kept": kept, "filename": filename, "shown": SHOWN, "options": options}
    return page("businesses/import.html.j2", form=form, labels=labels, **more)


@blueprint.get("/businesses/import")
@guarded("planner")
def get_import() -> str:
    """The form."""
    return show_import()


def command_of(asked: ImportForm) -> ImportBusinesses:
    """Return what is to be imported: the file that was sent, or the one that was kept; ``InvalidError`` for none."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return ImportBusinesses(asked.collaboration_id, upload.filename, upload.read(), asked.do == "look")
    if asked.kept:
        return ImportBusinesses(asked.collaboration_id, asked.filename, open_kept(asked.kept), asked.do == "look")
    raise InvalidError("no file", fields={"file": [t("operations.import.choose_file")]})


def faulty(form: Form[Any], error: InvalidError) -> Response:
    """Show why a file cannot be read at all."""
    if isinstance(error, UnreadableFileError):
        reason = t(f"businesses.refusal.{error.refusal}", line=error.line or "")
        return make_response(show_import(replace(form, value=None, faults={"file": [reason]})), 422)
    return make_response(show_import(form.refused(error)), 422)


@blueprint.post("/businesses/import")
@guarded("planner")
def post_import() -> Response:
    """Look at a list (CSV or XLSX), or write it; with any fault nothing is written and each is named."""
    form = read_form(ImportForm)
    if (asked := form.value) is None:
        return make_response(show_import(form), 422)
    try:
        command = command_of(asked)
        return look(form, command) if command.dry_run else write(form, command)
    except InvalidError as error:
        return faulty(form, error)


def look(form: Form[Any], command: ImportBusinesses) -> Response:
    """Show what an import would do, and keep the file for it."""
    with unit_of_work(current_viewer()) as uow:
        report = import_businesses(uow, current_keys(), command)
    kept = "" if report.faults else seal(command.data)
    shown = show_import(form, report, kept, command.filename)
    return make_response(shown, 422 if report.faults else 200)


def write(form: Form[Any], command: ImportBusinesses) -> Response:
    """Import, once, and go to the list; with faults show them."""
    reports: list[ImportReport] = []

    def make(uow: UnitOfWork) -> str:
        report = import_businesses(uow, current_keys(), command)
        reports.append(report)
        if report.faults:
            raise InvalidError("faults in the list")
        return f"/businesses?created={report.created}&changed={report.changed}&unchanged={report.unchanged}"

    try:
        return once_then_go(make)
    except InvalidError:
        if not reports:
            raise
        return make_response(show_import(form, reports[0], "", command.filename), 422)
