"""The promises of a pledge: a new one, and what people say of one afterwards."""

from __future__ import annotations

from operator import itemgetter
from typing import Any
from uuid import UUID

from flask import Response

from samsyn.authorities.queries import members_of
from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import list_hot_spots
from samsyn.pledges.queries import areas_of, commitments_of, get_area, get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import ActivityKind, CommitmentForm
from samsyn.pledges.service import AddCommitment, ChangeCommitment, add_commitment, change_commitment
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.promised import PromiseSaid, PromiseTerms
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pledge_promises")


def show_commitment(area_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a new promise."""
    first = {"form": CommitmentForm.OCCASIONS, "counts": ActivityKind.OPERATION, "least": 1}
    return promise_page(area_id, form or new_form(first))


def promise_page(area_id: UUID, form: Form[Any], commitment_id: UUID | None = None) -> str:
    """Render the form of a promise: a new one, or one of a draft that is corrected."""
    with unit_of_work(current_viewer()) as uow:
        area = get_area(uow, area_id)
        pledge = get_pledge(uow, area.pledge_id)
        members = [(one.id, one.name) for one in members_of(uow, area.collaboration_id)]
        spots = [(one.id, one.name) for one in list_hot_spots(uow, area.collaboration_id)]
    names: tuple[str, ...] = (
        "form",
        "text",
        "target",
        "counts",
        "fields",
        "least",
        "not_led_by",
        "permit_kind",
        "hot_spot_id",
    )
    names += ("whole", "within_days", "serious", "by_on")
    return page(
        "pledges/commitment.html.j2",
        pledge=pledge,
        area=area,
        form=form,
        corrects=commitment_id,
        labels={name: t(f"pledges.field.{name}") for name in names},
        forms=[(one.value, t(f"pledges.forms.{one}")) for one in CommitmentForm],
        kinds=[(one.value, t(f"pledges.kinds.{one}")) for one in ActivityKind],
        of_work=[(one.value, t(f"operations.field.{one}")) for one in Field],
        permits=[(one.value, t(f"businesses.permit.{one}")) for one in PermitKind],
        members=members,
        spots=spots,
    )


@blueprint.get("/focus-areas/<uuid:area_id>/commitments")
@guarded("planner")
def get_new_commitment(area_id: UUID) -> str:
    """A new promise."""
    return show_commitment(area_id)


@blueprint.post("/focus-areas/<uuid:area_id>/commitments")
@guarded("planner")
def post_new_commitment(area_id: UUID) -> Response:
    """Promise something countable."""

    def make(uow: UnitOfWork, asked: PromiseTerms) -> str:
        how = asked.model_dump(exclude={"form", "text", "fields"})
        add_commitment(uow, AddCommitment(area_id, asked.form, asked.text, fields=tuple(asked.fields), **how))
        return f"/pledges/{get_area(uow, area_id).pledge_id}/edit#content"

    return answer_form(PromiseTerms, make, lambda form: show_commitment(area_id, form))


def show_change(commitment_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what may be said of a promise afterwards."""
    with unit_of_work(current_viewer()) as uow:
        one = get_commitment(uow, commitment_id)
        pledges = [line for line in list_pledges(uow) if line.collaboration_id == one.collaboration_id]
        areas = {area.id: area for area in areas_of(uow, *(line.id for line in pledges))}
        if one.removed or one.focus_area_id not in areas:
            raise NotFoundError("no such commitment")
        year = {line.id: line.year for line in pledges}
        mine = year[areas[one.focus_area_id].pledge_id]
        later = [
            (other.id, f"{year[areas[other.focus_area_id].pledge_id]}: {other.text}")
            for other in commitments_of(uow, list(areas))
            if year[areas[other.focus_area_id].pledge_id] > mine
        ]
    later.sort(key=itemgetter(1))
    first = {"not_done_reason": one.not_done_reason, "carried_to_id": one.carried_to_id, "done_on": one.done_on}
    return page(
        "pledges/change.html.j2",
        one=one,
        pledge_id=areas[one.focus_area_id].pledge_id,
        later=later,
        form=as_it_stands(form, first),
        labels={name: t(f"pledges.field.{name}") for name in first},
    )


@blueprint.get("/commitments/<uuid:commitment_id>")
@guarded("planner")
def get_change(commitment_id: UUID) -> str:
    """What is said of a promise: why it was not kept, what carries it on."""
    return show_change(commitment_id)


@blueprint.post("/commitments/<uuid:commitment_id>")
@guarded("planner")
def post_change(commitment_id: UUID) -> Response:
    """Say it."""

    def make(uow: UnitOfWork, asked: PromiseSaid) -> str:
        command = ChangeCommitment(
            commitment_id, seen_version() or 0, asked.not_done_reason or None, asked.carried_to_id, asked.done_on
        )
        change_commitment(uow, command)
        one = get_commitment(uow, commitment_id)
        return f"/pledges?pledge={get_area(uow, one.focus_area_id).pledge_id}#content"

    return answer_form(PromiseSaid, make, lambda form: show_change(commitment_id, form))
