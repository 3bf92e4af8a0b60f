"""Templates of the own authority: the list, and its usual answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field as Limits

from samsyn.authorities.queries import UnitLine, units_of
from samsyn.authorities.rules import Field
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.rules import PoliceRole
from samsyn.planning.queries import TemplateLine, get_template, list_templates
from samsyn.planning.rules import TemplateKind
from samsyn.planning.service import SaveTemplate, save_template, withdraw_template
from samsyn.planning.templates import AnswerContent
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages import template_plans
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.pages.suggestions import legal_bases
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("templates")
KEEPERS = ("planner", "decider", "unit_admin")


class UsualForm(Body):
    """A usual answer; ``for_whom``: a unit, a field, or empty for any."""

    name: Line = Limits(max_length=100)
    for_whom: Line | None = None
    legal_basis: Line | None = None
    announced: bool | None = None
    no_notice_reason: Prose | None = Limits(default=None, max_length=2000)
    police_role: PoliceRole | None = None


def show_list(form: Form[Any] | None = None) -> str:
    """Render both kinds of templates."""
    with unit_of_work(current_viewer()) as uow:
        plans = list_templates(uow, TemplateKind.OPERATION)
        answers = list_templates(uow, TemplateKind.ANSWER)
        units = {unit.id: unit for unit in units_of(uow, {uow.me})}
    return page("templates/list.html.j2", plans=plans, answers=answers, units=units, form=form or new_form())


@blueprint.get("/templates")
@guarded(*KEEPERS)
def get_templates() -> str:
    """What the own authority begins its plans and its answers from."""
    return show_list()


def content_of(asked: UsualForm, units: list[UnitLine]) -> AnswerContent:
    """Return what was typed as a template keeps it."""
    unit = next((unit.id for unit in units if str(unit.id) == asked.for_whom), None)
    field = Field(asked.for_whom) if asked.for_whom in set(Field) else None
    return AnswerContent(field, unit, asked.legal_basis, asked.announced, asked.no_notice_reason, asked.police_role)


def typed_of(line: TemplateLine) -> dict[str, object]:
    """Return a usual answer as the form takes it."""
    content = line.answer
    words = {True: "true", False: "false", None: None}
    return {
        "name": line.name,
        "for_whom": content.unit_id or content.field,
        "legal_basis": content.legal_basis,
        "announced": words[content.announced],
        "no_notice_reason": content.no_notice_reason,
        "police_role": content.police_role,
    }


def show_usual(line: TemplateLine | None, form: Form[Any] | None = None) -> str:
    """Render the form of a usual answer, with the sections of law that may be begun from."""
    with unit_of_work(current_viewer()) as uow:
        units = units_of(uow, {uow.me})
    fields = sorted({unit.field for unit in units})
    whom = [(str(unit.id), unit.name) for unit in units]
    whom += [(field.value, t(f"operations.field.{field}")) for field in fields] if len(units) > 1 else []
    return page(
        "templates/answer.html.j2",
        form=form or new_form(typed_of(line) if line else {}),
        line=line,
        whom=whom,
        suggestions=legal_bases(fields),
        roles=[(role.value, t(f"operations.police_role.{role}")) for role in PoliceRole],
        of_police=Field.POLICE in fields,
        labels={name: t(f"templates.answer_field.{name}") for name in UsualForm.model_fields},
    )


@blueprint.get("/templates/answers/new")
@guarded(*KEEPERS)
def get_usual() -> str:
    """The form."""
    return show_usual(None)


@blueprint.post("/templates/answers/new")
@guarded(*KEEPERS)
def post_usual() -> Response:
    """Keep a usual answer."""

    def make(uow: UnitOfWork, asked: UsualForm) -> str:
        content = content_of(asked, units_of(uow, {uow.me}))
        return f"/templates#t-{save_template(uow, SaveTemplate(asked.name, content))}"

    return answer_form(UsualForm, make, lambda form: show_usual(None, form))


def read_line(template_id: UUID, *, overtaken: bool = False) -> TemplateLine:
    """Return a template in its newest version; with ``overtaken`` in an older one, too."""
    with unit_of_work(current_viewer()) as uow:
        return get_template(uow, template_id, overtaken=overtaken)


@blueprint.get("/templates/<uuid:template_id>/edit")
@guarded(*KEEPERS)
def get_edit(template_id: UUID) -> str:
    """The form, filled in; saving makes a new version of the same name."""
    line = read_line(template_id)
    if line.kind is TemplateKind.ANSWER:
        return show_usual(line)
    with unit_of_work(current_viewer()) as uow:
        rows = template_plans.rows_of(uow)
    return template_plans.show_edit(line, rows)


@blueprint.post("/templates/<uuid:template_id>/edit")
@guarded(*KEEPERS)
def post_edit(template_id: UUID) -> Response:
    """Keep a new version; what was typed into an older one stays on the page, with the refusal."""
    line = read_line(template_id, overtaken=True)
    if line.kind is TemplateKind.OPERATION:
        return template_plans.answer_edit(line)

    def make(uow: UnitOfWork, asked: UsualForm) -> str:
        content = content_of(asked, units_of(uow, {uow.me}))
        return f"/templates#t-{save_template(uow, SaveTemplate(line.name, content, seen_version()))}"

    return answer_form(UsualForm, make, lambda form: show_usual(line, form))


@blueprint.post("/templates/<uuid:template_id>/withdraw")
@guarded(*KEEPERS)
def post_withdraw(template_id: UUID) -> Response:
    """Take a template out of every choice."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        withdraw_template(uow, template_id)
        return "/templates"

    return answer_form(Nothing, make, show_list)
