"""The draft of an own checklist: its points one by one, their order, publishing it or throwing it away."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field as Limits

from samsyn.authorities.rules import Field
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.drafts import discard, keep_point, place_point, publish
from samsyn.findings.points import MAX_HELP, MAX_LINE, MAX_SECTION, Point, PointText, Way, at, in_sections
from samsyn.findings.queries import DraftCard, read_draft
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.operations.rules import PoliceRole
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.pages.operation_page import Nothing
from samsyn.web.pages.own_lists import KEEPER
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("checklist_drafts")


class PointForm(Body):
    """A point as it is typed; ``was``: its key, none for a new one. Without English words the Swedish are shown."""

    was: str | None = Limits(default=None, max_length=10)
    sv: Line = Limits(max_length=MAX_LINE)
    en: Line | None = Limits(default=None, max_length=MAX_LINE)
    help: Prose | None = Limits(default=None, max_length=MAX_HELP)
    section: Line | None = Limits(default=None, max_length=MAX_SECTION)
    law: Line = Limits(max_length=MAX_LINE)
    verified: Verified
    note: Prose | None = Limits(default=None, max_length=MAX_HELP)
    outcomes: list[SuggestedOutcome] = Limits(default_factory=list, max_length=len(SuggestedOutcome))
    unit_only: bool = False
    role_required: PoliceRole | None = None


class PlaceForm(Body):
    """A point and where to: a step up, a step down, or out of the coming version."""

    code: str = Limits(max_length=10)
    way: Way


def stands(checklist_id: UUID) -> DraftCard:
    """Return the draft as it stands."""
    with unit_of_work(current_viewer()) as uow:
        return read_draft(uow, checklist_id, current_language())


def show_draft(checklist_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the draft: what visits will ask once it is published, and what differs from now."""
    card = stands(checklist_id)
    before = {point.code: point for point in card.published}
    now = {point.code for point in card.points}
    return page(
        "checklists/draft.html.j2",
        list=card,
        sections=in_sections(card.points),
        new={code for code in now if before and code not in before},
        changed={point.code for point in card.points if point.code in before and point != before[point.code]},
        gone=[point for point in card.published if point.code not in now],
        form=form or new_form(),
    )


@blueprint.get("/checklists/<uuid:checklist_id>/draft")
@guarded(KEEPER)
def get_draft(checklist_id: UUID) -> str:
    """The draft."""
    return show_draft(checklist_id)


@blueprint.post("/checklists/<uuid:checklist_id>/draft/order")
@guarded(KEEPER)
def post_order(checklist_id: UUID) -> Response:
    """Move a point a step, or take it out."""

    def make(uow: UnitOfWork, asked: PlaceForm) -> str:
        place_point(uow, checklist_id, seen_version(), asked.code, asked.way)
        place = "points" if asked.way == "out" else f"p-{asked.code}"
        return f"/checklists/{checklist_id}/draft#{place}"

    return answer_form(PlaceForm, make, lambda form: show_draft(checklist_id, form))


def typed_of(point: Point) -> dict[str, object]:
    """Return a point as its form takes it."""
    said = point.model_dump(mode="json", exclude={"code"})
    english = "" if point.en == point.sv else point.en
    return {**said, "was": point.code, "en": english, "unit_only": str(point.unit_only).lower()}


def show_point(checklist_id: UUID, code: str | None, form: Form[Any] | None = None) -> str:
    """Render the form of a point; after a refusal also how the point stands now, if another has changed it."""
    card = stands(checklist_id)
    point = card.points[at(card.points, code)] if code else None
    return page(
        "checklists/point.html.j2",
        list=card,
        point=point,
        back=form is not None,
        form=form or new_form(typed_of(point) if point else {}),
        of_police=card.field is Field.POLICE,
        sections=list(dict.fromkeys(one.section for one in card.points if one.section)),
        marks=[(one.value, t(f"findings.verified.{one}")) for one in Verified],
        outcomes=[(one.value, t(f"findings.outcome.{one}")) for one in SuggestedOutcome],
        roles=[(one.value, t(f"operations.police_role.{one}")) for one in PoliceRole],
        labels={name: t(f"checklists.field.{name}") for name in PointForm.model_fields if name != "was"},
    )


class PointQuery(Body):
    """Which point; none is a new one."""

    code: str | None = Limits(default=None, max_length=10)
    lang: Literal["sv", "en"] | None = None


@blueprint.get("/checklists/<uuid:checklist_id>/draft/point")
@guarded(KEEPER)
@blueprint.input(PointQuery, location="query", arg_name="query")
def get_point(checklist_id: UUID, query: PointQuery) -> str:
    """The form of a point."""
    return show_point(checklist_id, query.code)


@blueprint.post("/checklists/<uuid:checklist_id>/draft/point")
@guarded(KEEPER)
def post_point(checklist_id: UUID) -> Response:
    """Keep a point in the draft."""

    def make(uow: UnitOfWork, asked: PointForm) -> str:
        said = asked.model_dump(exclude={"was"})
        said["en"] = asked.en or asked.sv
        code = keep_point(uow, checklist_id, seen_version(), asked.was, PointText(**said))
        return f"/checklists/{checklist_id}/draft#p-{code}"

    def show(form: Form[Any]) -> str:
        was = request.form.get("was") or None
        try:
            return show_point(checklist_id, was, form)
        except NotFoundError:  # another administrator has taken the point out: what was typed can be kept as a new one
            return show_point(checklist_id, None, form)

    return answer_form(PointForm, make, show)


@blueprint.post("/checklists/<uuid:checklist_id>/draft/publish")
@guarded(KEEPER)
def post_publish(checklist_id: UUID) -> Response:
    """Freeze the draft as the next version."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        publish(uow, checklist_id, seen_version())
        return f"/checklists/{checklist_id}"

    return answer_form(Nothing, make, lambda form: show_draft(checklist_id, form))


@blueprint.post("/checklists/<uuid:checklist_id>/draft/discard")
@guarded(KEEPER)
def post_discard(checklist_id: UUID) -> Response:
    """Throw the draft away."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        discard(uow, checklist_id, seen_version())
        return "/checklists"

    return answer_form(Nothing, make, lambda form: show_draft(checklist_id, form))
