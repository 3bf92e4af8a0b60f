"""Visits and their parts: what is asked, what is answered, how it ended, what is handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.service import hand_in
from samsyn.operations.queries import get_operation, get_part, get_target, get_visit, targets_of, visits_of
from samsyn.operations.rules import PoliceRole, VisitState
from samsyn.operations.service import (
    AddVisit,
    AnswerPart,
    AskPart,
    EndVisit,
    add_part,
    add_visit,
    answer_part,
    declare_recusal,
    end_visit,
    withdraw_part,
)
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Line, Moment, Prose, Shown
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.operations import PartOut, VisitOut

blueprint = api_blueprint("visits")


class PartIn(Body):
    """What is asked of an authority (and one of its units)."""

    authority_id: UUID
    unit_id: UUID | None = None
    people: int = Field(default=1, ge=1, le=50)
    competence: Line | None = None


class VisitIn(Body):
    """A visit at a business."""

    business_id: UUID
    starts_at: Moment
    ends_at: Moment
    announced: bool = False
    open_at: Moment | None = None
    safety_note: Prose | None = None
    parts: list[PartIn] = Field(default_factory=list, max_length=20)


class AnswerIn(Body):
    """An authority's answer to its part."""

    accepted: bool
    legal_basis: Line | None = None
    announced: bool | None = None
    no_notice_reason: Prose | None = None
    police_role: PoliceRole | None = None


class EndIn(Body):
    """How and when a visit ended."""

    state: VisitState
    ended_at: Moment


class HandInIn(Body):
    """Hand in, or say that there is nothing to report."""

    nothing_to_report: bool = False


class RecusalIn(Body):
    """Why the person may not take part; stays in the silo."""

    reason: Prose


class VisitList(Shown):
    """The visits of an operation."""

    items: list[VisitOut]
    next_cursor: str | None = None


def shown_visit(uow: UnitOfWork, visit_id: UUID) -> VisitOut:
    """Return a visit as the viewer may see it."""
    return VisitOut.of(get_visit(uow, visit_id), get_target(uow, visit_id))


def shown_part(uow: UnitOfWork, part_id: UUID) -> PartOut:
    """Return a part as the viewer may see it."""
    return PartOut.of(get_part(uow, part_id))


@blueprint.post("/operations/<uuid:operation_id>/visits")
@guarded("planner", "inspector")
@blueprint.input(VisitIn, arg_name="body")
@blueprint.output(VisitOut, status_code=201)
def post_visit(operation_id: UUID, body: VisitIn) -> Response:
    """Add a visit and what is asked of whom."""
    parts = tuple(AskPart(**dict(part)) for part in body.parts)
    command = AddVisit(**{**dict(body), "operation_id": operation_id, "parts": parts})
    return once(lambda uow: shown_visit(uow, add_visit(uow, command)), status=201)


@blueprint.get("/operations/<uuid:operation_id>/visits")
@guarded()
@blueprint.output(VisitList)
def get_visits(operation_id: UUID) -> Any:
    """The visits of an operation, by start."""
    with unit_of_work(current_viewer()) as uow:
        get_operation(uow, operation_id)
        targets = targets_of(uow, operation_id)
        return {"items": [VisitOut.of(v, targets.get(v.id)) for v in visits_of(uow, operation_id)]}


@blueprint.get("/visits/<uuid:visit_id>")
@guarded()
@blueprint.output(VisitOut)
def get_one(visit_id: UUID) -> Any:
    """One visit."""
    with unit_of_work(current_viewer()) as uow:
        shown = shown_visit(uow, visit_id)
    return shown, 200, etag(shown.version)


@blueprint.post("/visits/<uuid:visit_id>/end")
@guarded("planner", "inspector", "decider")
@blueprint.input(EndIn, arg_name="body")
@blueprint.output(VisitOut)
def post_end(visit_id: UUID, body: EndIn) -> Response:
    """Say how and when a visit ended."""

    def make(uow: UnitOfWork) -> VisitOut:
        end_visit(uow, EndVisit(visit_id, body.state, body.ended_at))
        return shown_visit(uow, visit_id)

    return once(make)


@blueprint.post("/visits/<uuid:visit_id>/recusal")
@guarded()
@blueprint.input(RecusalIn, arg_name="body")
def post_recusal(visit_id: UUID, body: RecusalIn) -> Response:
    """Declare the own conflict of interest: the visit is closed to the person from now on."""

    def make(uow: UnitOfWork) -> Shown:
        declare_recusal(uow, visit_id, body.reason)
        return Shown()

    return once(make)


@blueprint.post("/visits/<uuid:visit_id>/parts")
@guarded("planner", "inspector")
@blueprint.input(PartIn, arg_name="body")
@blueprint.output(PartOut, status_code=201)
def post_part(visit_id: UUID, body: PartIn) -> Response:
    """Ask one more authority."""
    return once(lambda uow: shown_part(uow, add_part(uow, visit_id, AskPart(**dict(body)))), status=201)


@blueprint.get("/parts/<uuid:part_id>")
@guarded()
@blueprint.output(PartOut)
def get_one_part(part_id: UUID) -> Any:
    """One part and its answer."""
    with unit_of_work(current_viewer()) as uow:
        shown = shown_part(uow, part_id)
    return shown, 200, etag(shown.version)


@blueprint.put("/parts/<uuid:part_id>/answer")
@guarded("planner", "decider", "inspector")
@blueprint.input(AnswerIn, arg_name="body")
@blueprint.output(PartOut)
def put_answer(part_id: UUID, body: AnswerIn) -> Response:
    """Answer for the own authority: yes or no, basis, announced or not and why (If-Match: the part's version)."""

    def make(uow: UnitOfWork) -> PartOut:
        answer_part(uow, AnswerPart(part_id=part_id, seen_version=seen_version(), **dict(body)))
        return shown_part(uow, part_id)

    return once(make, standing=lambda uow: shown_part(uow, part_id))


@blueprint.post("/parts/<uuid:part_id>/hand-in")
@guarded("planner", "inspector", "decider")
@blueprint.input(HandInIn, arg_name="body")
@blueprint.output(PartOut)
def post_hand_in(part_id: UUID, body: HandInIn) -> Response:
    """Close the own part; the others read its one summary word from now on."""

    def make(uow: UnitOfWork) -> PartOut:
        hand_in(uow, part_id, nothing_to_report=body.nothing_to_report)
        return shown_part(uow, part_id)

    return once(make)


@blueprint.post("/parts/<uuid:part_id>/withdraw")
@guarded("planner")
@blueprint.output(PartOut)
def post_withdraw(part_id: UUID) -> Response:
    """Take a question back."""

    def make(uow: UnitOfWork) -> PartOut:
        withdraw_part(uow, part_id)
        return shown_part(uow, part_id)

    return once(make)
