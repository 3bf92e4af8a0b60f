"""Templates of operations: saved from an operation, changed, and used for a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response
from pydantic import Field, create_model

from samsyn.authorities.queries import AuthorityLine, members_of, my_collaborations, units_of
from samsyn.businesses.queries import list_businesses
from samsyn.core.paging import MOST, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.repeat import BeginFromTemplate, NewPlan, begin_from_template, plan_of
from samsyn.planning.queries import TemplateLine, get_template
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import Asked, OperationContent, Quorum
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.operation_page import led
from samsyn.web.parsing import Body, Line, Moment, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("template_plans")
USUAL_VISIT: Final = 45


class PlanForm(Body):
    """A template of operations; ``plan_model`` adds the rows of whom is asked."""

    name: Line = Field(max_length=100)
    lasts: int = Field(ge=1, le=3 * 24 * 60)
    visit_lasts: int = Field(ge=1, le=24 * 60)
    meets_before: int | None = Field(default=None, ge=0, le=24 * 60)
    stop_word: Line | None = None
    safety_note: Prose | None = Field(default=None, max_length=2000)


class UseForm(Body):
    """A new operation from a template."""

    collaboration_id: UUID
    starts_at: Moment
    meeting_place: Line | None = None
    announced: bool = False
    business_ids: list[UUID] = Field(default_factory=list, max_length=50)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who can be asked: a unit, or an authority as a whole."""

    authority: AuthorityLine
    unit_id: UUID | None
    name: str

    @property
    def key(self) -> str:
        """Return the ending of the row's fields."""
        return (self.unit_id or self.authority.id).hex


def rows_of(uow: UnitOfWork) -> list[Row]:
    """Return the members of the own collaborations and their units, by authority; one with one unit is one row."""
    members = {one.id: one for c in my_collaborations(uow) for one in members_of(uow, c.id)}
    units = units_of(uow, set(members))
    rows = []
    for one in sorted(members.values(), key=lambda member: member.name):
        own = [unit for unit in units if unit.authority_id == one.id]
        rows += [Row(one, None, one.name)] if len(own) != 1 else []
        rows += [Row(one, unit.id, f"{one.name}, {unit.name}") for unit in own]
    return rows


def authorities_in(rows: Iterable[Row]) -> list[AuthorityLine]:
    """Return the authorities of the rows, each once."""
    return list({row.authority.id: row.authority for row in rows}.values())


def plan_model(rows: Sequence[Row]) -> type[PlanForm]:
    """Return the form's model: ``asked_``, ``people_``, ``competence_`` per row, ``minimum_`` per authority."""
    fields: dict[str, Any] = {}
    for row in rows:
        fields[f"asked_{row.key}"] = (bool, False)
        fields[f"people_{row.key}"] = (int, Field(default=1, ge=1, le=50))
        fields[f"competence_{row.key}"] = (Line | None, None)  # pyright: ignore[reportOperatorIssue]
    for one in authorities_in(rows):
        fields[f"minimum_{one.id.hex}"] = (int, Field(default=0, ge=0, le=50))
    return create_model("PlanFormOfMembers", __base__=PlanForm, **fields)


def content_of(form: PlanForm, rows: Sequence[Row]) -> OperationContent:
    """Return what was typed as a template keeps it."""
    asked = tuple(
        Asked(row.authority.id, row.unit_id, getattr(form, f"people_{row.key}"), getattr(form, f"competence_{row.key}"))
        for row in rows
        if getattr(form, f"asked_{row.key}")
    )
    least = {one.id: getattr(form, f"minimum_{one.id.hex}") for one in authorities_in(rows)}
    quorum = tuple(Quorum(key, n) for key, n in least.items() if n)
    return OperationContent(
        form.lasts, form.visit_lasts, form.meets_before, asked, quorum, form.stop_word, form.safety_note
    )


def typed_of(content: OperationContent, rows: Sequence[Row]) -> dict[str, object]:
    """Return a template as the form takes it."""
    found: dict[str, object] = {
        "lasts": content.lasts,
        "visit_lasts": content.visit_lasts,
        "meets_before": content.meets_before,
        "stop_word": content.stop_word,
        "safety_note": content.safety_note,
    }
    asked = {(one.authority_id, one.unit_id): one for one in content.asked}
    for row in rows:
        # An authority of one unit has one row: the whole of it is that unit.
        alone = sum(other.authority.id == row.authority.id for other in rows) == 1
        one = asked.get((row.authority.id, row.unit_id)) or (asked.get((row.authority.id, None)) if alone else None)
        found[f"people_{row.key}"] = one.people if one else 1
        if one:
            found[f"asked_{row.key}"], found[f"competence_{row.key}"] = "true", one.competence
    least = {one.authority_id: one.minimum for one in content.quorum}
    for authority in authorities_in(rows):
        found[f"minimum_{authority.id.hex}"] = least.get(authority.id, 0)
    return found


def minutes(span: timedelta) -> int:
    """Return whole minutes."""
    return int(span.total_seconds() // 60)


def as_template(plan: NewPlan) -> OperationContent:
    """Return the form of a plan: the most that is asked at one visit; no business, no person, no title."""
    asked: dict[tuple[UUID, UUID | None], Asked] = {}
    for part in (part for visit in plan.visits for part in visit.parts):
        key = part.authority_id, part.unit_id
        before = asked.get(key)
        people = max(part.people, before.people if before else 0)
        asked[key] = Asked(*key, people, part.competence or (before.competence if before else None))
    visits = [minutes(visit.lasts) for visit in plan.visits]
    return OperationContent(
        minutes(plan.lasts),
        max(visits, key=visits.count, default=USUAL_VISIT),
        None if plan.meets_before is None else minutes(plan.meets_before),
        tuple(asked.values()),
        tuple(Quorum(key, n) for key, n in plan.quorum.items() if n),
        plan.stop_word,
        plan.safety_note,
    )


def labels_of(rows: Sequence[Row]) -> dict[str, str]:
    """Return the words of the fields for the summary of faults."""
    labels = {name: t(f"templates.field.{name}") for name in ("name", *PlanForm.model_fields)}
    for row in rows:
        for name in ("asked", "people", "competence"):
            labels[f"{name}_{row.key}"] = f"{row.name}, {t(f'templates.field.{name}')}"
    for one in authorities_in(rows):
        labels[f"minimum_{one.id.hex}"] = f"{one.name}, {t('templates.field.minimum')}"
    return labels


def show_plan(form: Form[Any], rows: Sequence[Row], **more: Any) -> str:
    """Render the form of a template of operations."""
    return page(
        "templates/plan.html.j2", form=form, rows=rows, authorities=authorities_in(rows), labels=labels_of(rows), **more
    )


def show_save(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render an operation as a template to be."""
    with unit_of_work(current_viewer()) as uow:
        operation = led(uow, operation_id)
        rows = rows_of(uow)
        form = form or new_form(typed_of(as_template(plan_of(uow, operation)), rows))
    return show_plan(form, rows, op=operation, line=None)


@blueprint.get("/operations/<uuid:operation_id>/template")
@guarded("planner")
def get_save(operation_id: UUID) -> str:
    """The form, filled in from the operation; its title, businesses and people are not taken over."""
    return show_save(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/template")
@guarded("planner")
def post_save(operation_id: UUID) -> Response:
    """Keep an operation as a template."""
    with unit_of_work(current_viewer()) as uow:
        led(uow, operation_id)
        rows = rows_of(uow)

    def make(uow: UnitOfWork, asked: PlanForm) -> str:
        return f"/templates#t-{save_template(uow, SaveTemplate(asked.name, content_of(asked, rows)))}"

    return answer_form(plan_model(rows), make, lambda form: show_save(operation_id, form))


def show_edit(line: TemplateLine, rows: Sequence[Row], form: Form[Any] | None = None) -> str:
    """Render a template that is changed; its name stands."""
    form = form or new_form({"name": line.name, **typed_of(line.plan, rows)})
    return show_plan(form, rows, op=None, line=line)


def answer_edit(line: TemplateLine) -> Response:
    """Keep a new version of a template of operations."""
    with unit_of_work(current_viewer()) as uow:
        rows = rows_of(uow)

    def make(uow: UnitOfWork, asked: PlanForm) -> str:
        content = content_of(asked, rows)
        return f"/templates#t-{save_template(uow, SaveTemplate(line.name, content, seen_version()))}"

    return answer_form(plan_model(rows), make, lambda form: show_edit(line, rows, form))


def show_use(template_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a new operation from a template, with the businesses of a collaboration to choose from."""
    with unit_of_work(current_viewer()) as uow:
        line = get_template(uow, template_id)
        plan = line.plan
        collaborations = my_collaborations(uow)
        only = {"collaboration_id": collaborations[0].id} if collaborations else {}
        found = list_businesses(uow, Seek(MOST))
    labels = {name: t(f"templates.use_field.{name}") for name in UseForm.model_fields}
    return page(
        "templates/use.html.j2",
        form=form or new_form(only),
        line=line,
        plan=plan,
        labels=labels,
        collaborations=[(str(one.id), one.name) for one in collaborations],
        businesses=[(str(one.id), f"{one.name}, {one.address}") for one in found.items],
        full=found.next_cursor is not None,
    )


@blueprint.get("/templates/<uuid:template_id>/use")
@guarded("planner")
def get_use(template_id: UUID) -> str:
    """The form."""
    return show_use(template_id)


@blueprint.post("/templates/<uuid:template_id>/use")
@guarded("planner")
def post_use(template_id: UUID) -> Response:
    """Propose an operation as the template lays it out, and go to it."""

    def make(uow: UnitOfWork, asked: UseForm) -> str:
        operation_id = begin_from_template(
            uow,
            BeginFromTemplate(
                template_id,
                asked.collaboration_id,
                asked.starts_at,
                asked.meeting_place,
                tuple(asked.business_ids),
                asked.announced,
            ),
        )
        return f"/operations/{operation_id}"

    return answer_form(UseForm, make, lambda form: show_use(template_id, form))
