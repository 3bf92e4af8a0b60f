"""The own authority's checklists: by field, and each version whole."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from flask import Response
from pydantic import Field as Limits

from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.drafts import begin_draft
from samsyn.findings.points import in_sections
from samsyn.findings.queries import field_lists, read_version
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("own_lists")
KEEPER = "unit_admin"


class VersionQuery(Body):
    """Which version; none is the newest."""

    n: int | None = Limits(default=None, ge=1, le=1_000_000)
    lang: Literal["sv", "en"] | None = None


class BeginForm(Body):
    """The field whose list is drafted."""

    field: Field


def show_lists(form: Form[Any] | None = None) -> str:
    """Render a line per field of the own authority."""
    with unit_of_work(current_viewer()) as uow:
        lines = field_lists(uow, current_language())
    return page("checklists/list.html.j2", lines=lines, form=form or new_form(), may=KEEPER in current_viewer().roles)


@blueprint.get("/checklists")
@guarded()
def get_lists() -> str:
    """Which list each field uses, its version, who published it and when."""
    return show_lists()


@blueprint.post("/checklists")
@guarded(KEEPER)
def post_begin() -> Response:
    """Begin a draft of a field's list, or go on with the one that stands."""

    def make(uow: UnitOfWork, asked: BeginForm) -> str:
        return f"/checklists/{begin_draft(uow, asked.field)}/draft"

    return answer_form(BeginForm, make, show_lists)


@blueprint.get("/checklists/<uuid:checklist_id>")
@guarded()
@blueprint.input(VersionQuery, location="query", arg_name="query")
def get_version(checklist_id: UUID, query: VersionQuery) -> str:
    """A version's points under their headings; earlier versions stay as they were published."""
    with unit_of_work(current_viewer()) as uow:
        card = read_version(uow, checklist_id, query.n, current_language())
        own_fields = {line.field for line in field_lists(uow)}
    return page(
        "checklists/version.html.j2",
        list=card,
        sections=in_sections(card.points),
        may=KEEPER in current_viewer().roles and card.field in own_fields,
    )


SECTIONS.append(Section("checklists/_section.html.j2", lambda _uow: {}))
