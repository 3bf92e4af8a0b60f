"""Parts of visits: asking one more authority, answering for the own, taking a question back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from pydantic import Field

from samsyn.authorities.queries import authority_names, members_of, stewarded_by, units_of
from samsyn.authorities.rules import Field as FieldOf
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import PartCard, get_operation, get_part, get_visit, parts_of
from samsyn.operations.rules import PoliceRole
from samsyn.operations.service import AnswerPart, AskPart, add_part, answer_part, withdraw_part
from samsyn.planning.queries import list_templates
from samsyn.planning.rules import TemplateKind
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.asking import codes_of
from samsyn.web.pages.may import May
from samsyn.web.pages.operation_page import form_page, led, press
from samsyn.web.pages.suggestions import legal_bases
from samsyn.web.pages.usual_answers import begun_from, usual_answers
from samsyn.web.pages.visits import place_of
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import t

blueprint = page_blueprint("parts")


class PartForm(Body):
    """What is asked of an authority; ``whom``: one of its units, or the authority as a whole."""

    whom: UUID
    people: int = Field(default=1, ge=1, le=50)
    competence: Line | None = None


class AnswerForm(Body):
    """An authority's answer to its part."""

    accepted: bool
    legal_basis: Line | None = None
    announced: bool | None = None
    no_notice_reason: Prose | None = None
    police_role: PoliceRole | None = None


def show_ask(visit_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form with the members of the collaboration and their units."""
    operation, said = place_of(visit_id)
    with unit_of_work(current_viewer()) as uow:
        led(uow, operation.id)
        members = members_of(uow, operation.collaboration_id)
        codes = codes_of(uow, members)
    options: list[tuple[str, str]] = []
    for one in members:
        options += [(str(one.id), one.name)] if len(codes[one.id].units) != 1 else []
        options += [(unit_id, f"{one.name}: {name}") for unit_id, name in codes[one.id].unit_options]
    competences = sorted({code for askable in codes.values() for code in askable.competences}, key=lambda one: one[1])
    labels = {name: t(f"operations.field_of.part_{name}") for name in ("whom", "people", "competence")}
    form = form or new_form({"people": 1})
    return form_page("part-new", operation, form, labels, options=options, competences=competences, **said)


@blueprint.get("/visits/<uuid:visit_id>/parts/new")
@guarded("planner")
def get_ask(visit_id: UUID) -> str:
    """The form."""
    return show_ask(visit_id)


def whom(uow: UnitOfWork, visit_id: UUID, chosen: UUID) -> tuple[UUID, UUID | None]:
    """Return authority and unit of a choice; ``InvalidError`` for one that is not in the collaboration."""
    collaboration_id = get_operation(uow, get_visit(uow, visit_id).operation_id).collaboration_id
    members = {one.id for one in members_of(uow, collaboration_id)}
    if chosen in members:
        return chosen, None
    unit = next((unit for unit in units_of(uow, members) if unit.id == chosen), None)
    if unit is None:
        raise InvalidError("not a member", fields={"whom": ["unknown"]})
    return unit.authority_id, unit.id


@blueprint.post("/visits/<uuid:visit_id>/parts/new")
@guarded("planner")
def post_ask(visit_id: UUID) -> Response:
    """Ask one more authority."""

    def make(uow: UnitOfWork, asked: PartForm) -> str:
        authority_id, unit_id = whom(uow, visit_id, asked.whom)
        part_id = add_part(uow, visit_id, AskPart(authority_id, unit_id, asked.people, asked.competence))
        return f"/operations/{get_visit(uow, visit_id).operation_id}#part-{part_id}"

    return answer_form(PartForm, make, lambda form: show_ask(visit_id, form))


def first_answer(part: PartCard) -> dict[str, object]:
    """Return what the authority said before, as the form takes it."""
    words = {True: "true", False: "false", None: None}
    return {
        "accepted": words[part.accepted],
        "legal_basis": part.legal_basis,
        "announced": words[part.announced],
        "no_notice_reason": part.no_notice_reason,
        "police_role": part.police_role,
    }


def show_answer(part_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of the own answer; refuse it to who may not answer."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        part = get_part(uow, part_id)
        operation = get_operation(uow, part.operation_id)
        name = authority_names(uow, {part.authority_id}).get(part.authority_id, "")
        may = May(viewer, operation, frozenset(stewarded_by(uow, uow.me)))
        own = list_templates(uow, TemplateKind.ANSWER) if part.authority_id == uow.me else []
        others = [one for one in parts_of(uow, operation.id) if one.visit_id == part.visit_id and one.id != part_id]
    if not may.answer(part):
        raise NotAllowedError("not yours to answer, or not any more")
    _, said = place_of(part.visit_id)
    labels = {field: t(f"operations.field_of.{field}") for field in AnswerForm.model_fields}
    labels["announced"] = t("operations.field_of.visit_is")
    more = {
        "part": part,
        "version": part.version,
        "name": name,
        "suggestions": legal_bases(part.fields),
        "usual": usual_answers(part, own, frozenset[FieldOf]().union(*(one.fields for one in others))),
        "police_roles": list(PoliceRole),
    }
    begun = begun_from(part, request.args.get("usual", ""), own)
    form = form or new_form({**first_answer(part), **begun})
    return form_page("answer", operation, form, labels, **more, **said)


@blueprint.get("/parts/<uuid:part_id>/answer")
@guarded("planner", "decider", "inspector")
def get_answer(part_id: UUID) -> str:
    """The form."""
    return show_answer(part_id)


@blueprint.post("/parts/<uuid:part_id>/answer")
@guarded("planner", "decider", "inspector")
def post_answer(part_id: UUID) -> Response:
    """Answer for the own authority: yes or no, basis, announced or not and why."""

    def make(uow: UnitOfWork, asked: AnswerForm) -> str:
        answer_part(uow, AnswerPart(part_id=part_id, seen_version=seen_version(), **dict(asked)))
        return f"/operations/{get_part(uow, part_id).operation_id}?done=answered"

    return answer_form(AnswerForm, make, lambda form: show_answer(part_id, form))


def operation_of(part_id: UUID) -> UUID:
    """Return the operation that a part belongs to."""
    with unit_of_work(current_viewer()) as uow:
        return get_part(uow, part_id).operation_id


@blueprint.post("/parts/<uuid:part_id>/withdraw")
@guarded("planner")
def post_withdraw(part_id: UUID) -> Response:
    """Take a question back."""
    return press(operation_of(part_id), lambda uow: withdraw_part(uow, part_id), f"part-{part_id}")
