"""Operations: proposing, planning, moving through the gates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.leading import hand_over
from samsyn.lifecycle.overview import Overview, overview
from samsyn.lifecycle.service import (
    MoveOperation,
    Reschedule,
    change_meeting,
    move_operation,
    reschedule,
)
from samsyn.operations.queries import get_operation, list_operations
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    PlanMeeting,
    ProposeOperation,
    add_participation,
    propose_operation,
)
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, listed
from samsyn.web.parsing import Body, Line, Moment
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.operations import OperationDetailOut, OperationOut, OperationPage

blueprint = api_blueprint("operations")


class OperationIn(Body):
    """A new operation. ``ad_hoc`` begins at ``ongoing``."""

    collaboration_id: UUID
    starts_at: Moment
    ends_at: Moment
    meets_at: Moment | None = None
    meeting_place: Line | None = None
    ad_hoc: bool = False


class OperationsQuery(PageQuery):
    """Which operations: those that overlap ``from_at`` to ``until_at``, in one state."""

    from_at: Moment | None = None
    until_at: Moment | None = None
    state: OperationState | None = None


class TransitionIn(Body):
    """The state to go to."""

    to: OperationState


class MeetingIn(Body):
    """Where and when the people meet, and who leads on site."""

    meets_at: Moment
    meeting_place: Line
    lead_person_id: UUID


class RescheduleIn(Body):
    """The new start; meeting, visits and people move with it. ``ends_at``: where its length changes too."""

    starts_at: Moment
    ends_at: Moment | None = None


class ParticipationIn(Body):
    """An authority that is asked to take part, and its quorum."""

    authority_id: UUID
    required: bool = True
    minimum: int = Field(default=1, ge=0, le=50)


class LeadIn(Body):
    """The authority that leads from now on."""

    authority_id: UUID


def detail(uow: UnitOfWork, operation_id: UUID) -> OperationDetailOut:
    """Return an operation with its visits, parts, people, gate, as the viewer may see it."""
    found: Overview = overview(uow, operation_id)
    return OperationDetailOut.of(found)


@blueprint.get("/operations")
@guarded()
@blueprint.input(OperationsQuery, location="query", arg_name="query")
@blueprint.output(OperationPage)
def get_operations(query: OperationsQuery) -> dict[str, object]:
    """Operations that the own authority takes part in, by start."""
    between = (query.from_at, query.until_at) if query.from_at and query.until_at else None
    states = frozenset({query.state}) if query.state else frozenset()
    with unit_of_work(current_viewer()) as uow:
        return listed(list_operations(uow, query.seek(), between=between, states=states))


@blueprint.post("/operations")
@guarded("planner", "inspector")
@blueprint.input(OperationIn, arg_name="body")
@blueprint.output(OperationOut, status_code=201)
def post_operation(body: OperationIn) -> Response:
    """Propose an operation that the own authority leads."""

    def make(uow: UnitOfWork) -> OperationOut:
        operation_id = propose_operation(uow, ProposeOperation(**dict(body)))
        return OperationOut.model_validate(get_operation(uow, operation_id))

    return once(make, status=201, location=lambda said: f"/api/v1/operations/{said['id']}")


@blueprint.get("/operations/<uuid:operation_id>")
@guarded()
@blueprint.output(OperationDetailOut)
def get_one(operation_id: UUID) -> Any:
    """One operation with its visits, parts, people and what the next gate still wants."""
    with unit_of_work(current_viewer()) as uow:
        shown = detail(uow, operation_id)
    return shown, 200, etag(shown.version)


@blueprint.post("/operations/<uuid:operation_id>/transitions")
@guarded()
@blueprint.input(TransitionIn, arg_name="body")
@blueprint.output(OperationOut)
def post_transition(operation_id: UUID, body: TransitionIn) -> Response:
    """Take an operation through a gate; a refusal names what is missing."""
    command = MoveOperation(operation_id, body.to, seen_version())
    return once(
        lambda uow: OperationOut.model_validate(move_operation(uow, command)),
        standing=lambda uow: standing(uow, operation_id),
    )


def standing(uow: UnitOfWork, operation_id: UUID) -> OperationOut:
    """Return how the operation stands now, for a 412."""
    return OperationOut.model_validate(get_operation(uow, operation_id))


@blueprint.put("/operations/<uuid:operation_id>/meeting")
@guarded("planner")
@blueprint.input(MeetingIn, arg_name="body")
@blueprint.output(OperationOut)
def put_meeting(operation_id: UUID, body: MeetingIn) -> Response:
    """Set meeting time and place and the lead person; who is invited already is told."""
    command = PlanMeeting(operation_id, body.meets_at, body.meeting_place, body.lead_person_id, seen_version())
    return once(
        lambda uow: OperationOut.model_validate(change_meeting(uow, command)),
        standing=lambda uow: standing(uow, operation_id),
    )


@blueprint.post("/operations/<uuid:operation_id>/reschedule")
@guarded("planner")
@blueprint.input(RescheduleIn, arg_name="body")
@blueprint.output(OperationOut)
def post_reschedule(operation_id: UUID, body: RescheduleIn) -> Response:
    """Move an operation to another start; every hold moves with it or nothing changes."""
    command = Reschedule(operation_id, body.starts_at, seen_version(), body.ends_at)
    return once(
        lambda uow: OperationOut.model_validate(reschedule(uow, command)),
        standing=lambda uow: standing(uow, operation_id),
    )


@blueprint.post("/operations/<uuid:operation_id>/participations")
@guarded("planner")
@blueprint.input(ParticipationIn, arg_name="body")
@blueprint.output(OperationDetailOut)
def post_participation(operation_id: UUID, body: ParticipationIn) -> Response:
    """Ask an authority to take part, or change its quorum."""

    def make(uow: UnitOfWork) -> OperationDetailOut:
        add_participation(uow, operation_id, body.authority_id, required=body.required, minimum=body.minimum)
        return detail(uow, operation_id)

    return once(make)


@blueprint.post("/operations/<uuid:operation_id>/lead")
@guarded("planner")
@blueprint.input(LeadIn, arg_name="body")
@blueprint.output(OperationOut)
def post_lead(operation_id: UUID, body: LeadIn) -> Response:
    """Hand the lead over to another authority that takes part."""

    def make(uow: UnitOfWork) -> OperationOut:
        hand_over(uow, operation_id, body.authority_id, seen_version=seen_version())
        return standing(uow, operation_id)

    return once(make, standing=lambda uow: standing(uow, operation_id))
