"""Follow-ups of the own authority, as versions; under the outcomes' scope."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import get_part
from samsyn.outcomes.queries import FollowUpFilter, follow_ups_of_part, history_of_follow_up, list_follow_ups
from samsyn.outcomes.rules import MOST_NOTE, UNFINISHED, FollowUpState
from samsyn.outcomes.service import WriteFollowUp, write_follow_up
from samsyn.web.api.outcomes import blueprint
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.parsing import Body, printable
from samsyn.web.shown.outcomes import FollowUpHistoryOut, FollowUpList, FollowUpOut

__all__ = ["blueprint"]
Note = Annotated[str, StringConstraints(max_length=MOST_NOTE), AfterValidator(printable)]


class FollowUpsQuery(PageQuery):
    """Whose, in which state (unfinished ones where none is said), due until which day."""

    owner_id: UUID | None = None
    unit_id: UUID | None = None
    state: FollowUpState | None = None
    due_until: date | None = None


class NewFollowUpIn(Body):
    """A new follow-up of one finding or of one outcome; its key is random and made by the caller."""

    follow_up_id: UUID
    finding_id: UUID | None = None
    outcome_id: UUID | None = None
    owner_id: UUID
    due_on: date
    text: Note = ""


class FollowUpIn(Body):
    """How a follow-up shall stand; dropping it needs a reason."""

    owner_id: UUID
    due_on: date
    state: FollowUpState
    text: Note = ""
    reason: Note = ""


@blueprint.get("/follow-ups")
@guarded("planner", "inspector", "decider")
@blueprint.input(FollowUpsQuery, location="query", arg_name="query")
@blueprint.output(FollowUpList)
def get_follow_ups(query: FollowUpsQuery) -> Any:
    """The own authority's follow-ups by their day, what is overdue first; logged."""
    states = UNFINISHED if query.state is None else frozenset({query.state})
    wanted = FollowUpFilter(query.owner_id, query.unit_id, states, query.due_until)
    with unit_of_work(current_viewer()) as uow:
        found = list_follow_ups(uow, query.seek(), wanted)
    lines = [FollowUpOut.model_validate(line) for line in found.items]
    return FollowUpList(items=lines, next_cursor=found.next_cursor)


@blueprint.get("/parts/<uuid:part_id>/follow-ups")
@guarded("planner", "inspector", "decider")
@blueprint.output(FollowUpList)
def get_of_part(part_id: UUID) -> Any:
    """The own authority's follow-ups at a part, by their day; logged."""
    with unit_of_work(current_viewer()) as uow:
        if get_part(uow, part_id).authority_id != uow.me:
            raise NotFoundError("no such part of yours")
        return FollowUpList(items=[FollowUpOut.model_validate(line) for line in follow_ups_of_part(uow, part_id)])


@blueprint.post("/parts/<uuid:part_id>/follow-ups")
@guarded("planner", "inspector", "decider")
@blueprint.input(NewFollowUpIn, arg_name="body")
@blueprint.output(FollowUpOut, status_code=201)
def post_follow_up(part_id: UUID, body: NewFollowUpIn) -> Response:
    """Write a follow-up at an own part."""

    def make(uow: UnitOfWork) -> FollowUpOut:
        write_follow_up(uow, WriteFollowUp(base_version=0, part_id=part_id, **dict(body)))
        return standing(uow, body.follow_up_id)

    return once(make, status=201, location=lambda said: f"/api/v1/follow-ups/{said['follow_up_id']}")


@blueprint.get("/follow-ups/<uuid:follow_up_id>")
@guarded("planner", "inspector", "decider")
@blueprint.output(FollowUpHistoryOut)
def get_follow_up(follow_up_id: UUID) -> Any:
    """Every version of an own follow-up, oldest first; logged."""
    with unit_of_work(current_viewer()) as uow:
        versions = [FollowUpOut.model_validate(line) for line in history_of_follow_up(uow, follow_up_id)]
    newest = versions[-1].version
    return FollowUpHistoryOut(follow_up_id=follow_up_id, version=newest, versions=versions), 200, etag(newest)


@blueprint.put("/follow-ups/<uuid:follow_up_id>")
@guarded("planner", "inspector", "decider")
@blueprint.input(FollowUpIn, arg_name="body")
@blueprint.output(FollowUpOut)
def put_follow_up(follow_up_id: UUID, body: FollowUpIn) -> Response:
    """Write a new version of a follow-up whose newest version was seen (``If-Match``)."""

    def make(uow: UnitOfWork) -> FollowUpOut:
        part_id = history_of_follow_up(uow, follow_up_id)[-1].part_id
        write_follow_up(uow, WriteFollowUp(follow_up_id, seen_version(), part_id, **dict(body)))
        return standing(uow, follow_up_id)

    return once(make, standing=lambda uow: standing(uow, follow_up_id))


def standing(uow: UnitOfWork, follow_up_id: UUID) -> FollowUpOut:
    """Return a follow-up as it stands."""
    return FollowUpOut.model_validate(history_of_follow_up(uow, follow_up_id)[-1])
