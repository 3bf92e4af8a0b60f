"""Bring in lists: what each needs, a template to fill in, a file or pasted rows, and what was begun before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request

from samsyn.access.rules import Role
from samsyn.authorities.queries import my_collaborations
from samsyn.businesses.reading.file import read_table
from samsyn.businesses.reading.text_file import read_text
from samsyn.core.errors import InvalidError, SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.imports.queries import my_drafts
from samsyn.imports.reading.fields import FIELDS
from samsyn.imports.rules import MAY, Subject
from samsyn.imports.service import BeginImport, begin_import
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import as_file
from samsyn.web.exports.writers import Table
from samsyn.web.forms import SHOWN_IN_FORM, Form, new_form, read_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages.import_words import field_name, refusal
from samsyn.web.parsing import Body
from samsyn.web.problems import STATUS
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("imports")
PASTED: Final = "pasted"


class BeginForm(Body):
    """A file, or rows that were pasted; businesses also say into which collaboration."""

    collaboration_id: UUID | None = None
    pasted: str = ""


@blueprint.get("/import")
@guarded(Role.PLANNER, Role.UNIT_ADMIN)
def get_overview() -> str:
    """What can be brought in by the viewer, and the lists that were begun."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        drafts = my_drafts(uow, current_keys())
    subjects = [one for one in Subject if viewer.roles & MAY[one]]
    return page("imports/start.html.j2", drafts=drafts, subjects=subjects, fields=FIELDS, field_name=field_name)


def show_begin(subject: Subject, form: Form[Any] | None = None) -> str:
    """Render the form that takes a file or pasted rows."""
    collaborations: list[tuple[str, str]] = []
    if subject is Subject.BUSINESSES:
        with unit_of_work(current_viewer()) as uow:
            collaborations = [(str(one.id), one.name) for one in my_collaborations(uow)]
    if form is None:
        form = new_form({"collaboration_id": collaborations[0][0]} if len(collaborations) == 1 else {})
    labels = {name: t(f"imports.begin.{name}") for name in ("collaboration_id", "file", "pasted")}
    more = {"labels": labels, "collaborations": collaborations, "fields": FIELDS[subject], "field_name": field_name}
    return page("imports/begin.html.j2", subject=subject, form=form, **more)


def begin(subject: Subject) -> Response:
    """Keep what was sent as a draft, and go on to its columns; or say why it cannot be read."""
    form = read_form(BeginForm)
    if (asked := form.value) is None:
        return make_response(show_begin(subject, form), 422)
    try:
        command = command_of(subject, asked.collaboration_id)
        return once_then_go(lambda uow: f"/import/{begin_import(uow, current_keys(), command)}/columns")
    except SamsynError as error:
        if STATUS[error.code] not in {*SHOWN_IN_FORM, 413}:
            raise
        said = refusal(error) if isinstance(error, InvalidError) else None
        form = replace(form, value=None, faults=said) if said else form.refused(error)
        return make_response(show_begin(subject, form), STATUS[error.code])
    finally:
        for upload in request.files.values():
            upload.close()  # a large one lies in a file of its own


def command_of(subject: Subject, collaboration_id: UUID | None) -> BeginImport:
    """Read the file, or the rows that were pasted; ``InvalidError`` for neither, or no collaboration."""
    if subject is Subject.BUSINESSES and collaboration_id is None:
        raise InvalidError("no collaboration", fields={"collaboration_id": ["missing"]})
    words = FIELDS[subject].words
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        data = upload.read()
        upload.stream.seek(0)  # its digest belongs to what is asked (idempotency)
        return BeginImport(subject, upload.filename, read_table(data, upload.filename, words), data, collaboration_id)
    pasted = request.form.get("pasted", "")
    if pasted.strip():
        data = pasted.replace("\r\n", "\n").encode()
        return BeginImport(subject, t("imports.begin.from_paste"), read_text(data, words), data, collaboration_id)
    raise InvalidError("nothing sent", fields={"file": [t("imports.begin.nothing")]})


def template_of(subject: Subject) -> Response:
    """Answer with an empty list to fill in, and a sheet that says how."""
    names = FIELDS[subject].names
    title = t(f"imports.subject.{subject}.title")
    empty: list[Column[Any]] = [Column(name.lower(), "", Kind.TEXT, lambda _row: None) for name in names]
    form = Table(title, empty, [field_name(subject, name) for name in names], [])
    help_columns: list[Column[Any]] = [Column(str(n), "", Kind.TEXT, lambda _row: None) for n in range(4)]
    rows = [
        [
            field_name(subject, name),
            t("imports.template.yes") if name in FIELDS[subject].wanted else "",
            t(f"imports.hint.{subject}.{name.lower()}"),
            t(f"imports.example.{subject}.{name.lower()}"),
        ]
        for name in names
    ]
    says = [t(f"imports.template.{word}") for word in ("column", "wanted", "says", "example")]
    guide = Table(t("imports.template.guide"), help_columns, says, rows)
    return as_file(form, "xlsx", f"samsyn-{t(f'imports.file.{subject}')}", guide)


@blueprint.get("/businesses/import")
@guarded(Role.PLANNER)
def get_old_address() -> Response:
    """The address that the list of businesses had for its import."""
    response: Response = redirect("/import/businesses", 303)  # type: ignore[assignment]
    return response


@blueprint.get("/import/businesses")
@guarded(Role.PLANNER)
def get_businesses() -> str:
    """The form for businesses."""
    return show_begin(Subject.BUSINESSES)


@blueprint.post("/import/businesses")
@guarded(Role.PLANNER)
def post_businesses() -> Response:
    """Begin a list of businesses."""
    return begin(Subject.BUSINESSES)


@blueprint.get("/import/people")
@guarded(Role.UNIT_ADMIN)
def get_people() -> str:
    """The form for people."""
    return show_begin(Subject.PEOPLE)


@blueprint.post("/import/people")
@guarded(Role.UNIT_ADMIN)
def post_people() -> Response:
    """Begin a list of people."""
    return begin(Subject.PEOPLE)


@blueprint.get("/import/shifts")
@guarded(Role.PLANNER, Role.UNIT_ADMIN)
def get_shifts() -> str:
    """The form for shifts."""
    return show_begin(Subject.SHIFTS)


@blueprint.post("/import/shifts")
@guarded(Role.PLANNER, Role.UNIT_ADMIN)
def post_shifts() -> Response:
    """Begin a list of shifts."""
    return begin(Subject.SHIFTS)


@blueprint.get("/import/signals")
@guarded(Role.PLANNER)
def get_signals() -> str:
    """The form for signals by week."""
    return show_begin(Subject.SIGNALS)


@blueprint.post("/import/signals")
@guarded(Role.PLANNER)
def post_signals() -> Response:
    """Begin a list of signals."""
    return begin(Subject.SIGNALS)


@blueprint.get("/import/businesses/template.xlsx")
@guarded(Role.PLANNER)
def get_businesses_template() -> Response:
    """An empty list of businesses."""
    return template_of(Subject.BUSINESSES)


@blueprint.get("/import/people/template.xlsx")
@guarded(Role.UNIT_ADMIN)
def get_people_template() -> Response:
    """An empty list of people."""
    return template_of(Subject.PEOPLE)


@blueprint.get("/import/shifts/template.xlsx")
@guarded(Role.PLANNER, Role.UNIT_ADMIN)
def get_shifts_template() -> Response:
    """An empty list of shifts."""
    return template_of(Subject.SHIFTS)


@blueprint.get("/import/signals/template.xlsx")
@guarded(Role.PLANNER)
def get_signals_template() -> Response:
    """An empty list of signals by week."""
    return template_of(Subject.SIGNALS)
