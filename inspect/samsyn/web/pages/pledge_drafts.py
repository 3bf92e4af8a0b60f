"""Correcting a pledge that is not signed: its words, its areas, its promises; taken out, put back, carried over."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response
from pydantic import Field as Limits

from samsyn.authorities.queries import members_of
from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.queries import PledgeLine, agreements_of, get_area, get_commitment, get_pledge
from samsyn.pledges.rules import PledgeState
from samsyn.pledges.service import (
    AddCommitment,
    CorrectArea,
    CorrectPledge,
    carry_over,
    correct_area,
    correct_commitment,
    correct_pledge,
    put_back,
    remove,
)
from samsyn.web.forms import Form, answer_form, as_it_stands
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.pages.pledge_promises import promise_page
from samsyn.web.pages.pledge_writing import AreaForm, show_edit
from samsyn.web.parsing import Body
from samsyn.web.promised import PromiseTerms, Words
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pledge_drafts")
PLEDGE: Final = ("name", "parties", "agreement_id")


class CorrectForm(Body):
    """The name, the parties and the agreement of a draft."""

    name: Words
    parties: list[UUID] = Limits(default_factory=list, max_length=50)
    agreement_id: UUID | None = None


class OneForm(Body):
    """What is taken out or put back: the pledge itself, an area or a promise of it."""

    key: UUID


class CarryForm(Body):
    """An earlier promise that the draft takes over."""

    commitment_id: UUID


def draft(uow: UnitOfWork, pledge_id: UUID) -> PledgeLine:
    """Return a pledge that may be corrected; ``ConflictError`` for one that is signed."""
    pledge = get_pledge(uow, pledge_id)
    if pledge.state is not PledgeState.DRAFT:
        raise ConflictError("what is signed is not changed")
    return pledge


def show_correct(pledge_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a draft's name and parties."""
    with unit_of_work(current_viewer()) as uow:
        pledge = draft(uow, pledge_id)
        members = [(one.id, one.name) for one in members_of(uow, pledge.collaboration_id)]
        agreements = [
            (one.id, one.name) for one in agreements_of(uow) if one.collaboration_id == pledge.collaboration_id
        ]
    first = {"name": pledge.name, "parties": list(pledge.parties), "agreement_id": pledge.agreement_id}
    return page(
        "pledges/correct.html.j2",
        pledge=pledge,
        members=members,
        agreements=agreements,
        form=as_it_stands(form, first),
        labels={name: t(f"pledges.field.{name}") for name in PLEDGE},
    )


@blueprint.get("/pledges/<uuid:pledge_id>/correct")
@guarded("planner")
def get_correct(pledge_id: UUID) -> str:
    """The name and the parties of a draft."""
    return show_correct(pledge_id)


@blueprint.post("/pledges/<uuid:pledge_id>/correct")
@guarded("planner")
def post_correct(pledge_id: UUID) -> Response:
    """Correct them."""

    def make(uow: UnitOfWork, asked: CorrectForm) -> str:
        seen = seen_version() or 0
        correct_pledge(uow, CorrectPledge(pledge_id, asked.name, tuple(asked.parties), seen, asked.agreement_id))
        return f"/pledges/{pledge_id}/edit#content"

    return answer_form(CorrectForm, make, lambda form: show_correct(pledge_id, form))


def show_area(area_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of an area of a draft."""
    with unit_of_work(current_viewer()) as uow:
        area = get_area(uow, area_id)
        pledge = draft(uow, area.pledge_id)
    return page(
        "pledges/correct-area.html.j2",
        pledge=pledge,
        area=area,
        form=as_it_stands(form, {"area": area.name, "picture": area.picture}),
        labels={name: t(f"pledges.field.{name}") for name in ("area", "picture")},
    )


@blueprint.get("/focus-areas/<uuid:area_id>/correct")
@guarded("planner")
def get_correct_area(area_id: UUID) -> str:
    """An area of a draft."""
    return show_area(area_id)


@blueprint.post("/focus-areas/<uuid:area_id>/correct")
@guarded("planner")
def post_correct_area(area_id: UUID) -> Response:
    """Correct it."""

    def make(uow: UnitOfWork, asked: AreaForm) -> str:
        correct_area(uow, CorrectArea(area_id, asked.area, asked.picture, seen_version() or 0))
        return f"/pledges/{get_area(uow, area_id).pledge_id}/edit#content"

    return answer_form(AreaForm, make, lambda form: show_area(area_id, form))


def show_terms(commitment_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a promise of a draft, as it was written."""
    with unit_of_work(current_viewer()) as uow:
        one = get_commitment(uow, commitment_id)
        draft(uow, get_area(uow, one.focus_area_id).pledge_id)
    first = {name: getattr(one, name) for name in PromiseTerms.model_fields if name != "fields"}
    kept = {name: "true" if value is True else value for name, value in first.items() if value not in {None, False}}
    now = as_it_stands(form, {**kept, "fields": sorted(one.fields)})
    return promise_page(one.focus_area_id, now, commitment_id)


@blueprint.get("/commitments/<uuid:commitment_id>/correct")
@guarded("planner")
def get_terms(commitment_id: UUID) -> str:
    """A promise of a draft."""
    return show_terms(commitment_id)


@blueprint.post("/commitments/<uuid:commitment_id>/correct")
@guarded("planner")
def post_terms(commitment_id: UUID) -> Response:
    """Correct it."""

    def make(uow: UnitOfWork, asked: PromiseTerms) -> str:
        area_id = get_commitment(uow, commitment_id).focus_area_id
        how = asked.model_dump(exclude={"form", "text", "fields"})
        command = AddCommitment(area_id, asked.form, asked.text, fields=tuple(asked.fields), **how)
        correct_commitment(uow, commitment_id, command, seen_version() or 0)
        return f"/pledges/{get_area(uow, area_id).pledge_id}/edit#content"

    return answer_form(PromiseTerms, make, lambda form: show_terms(commitment_id, form))


@blueprint.post("/pledges/<uuid:pledge_id>/remove")
@guarded("planner")
def post_remove(pledge_id: UUID) -> Response:
    """Take the draft, or something of it, away; the page that follows puts it back by one press."""

    def make(uow: UnitOfWork, asked: OneForm) -> str:
        remove(uow, pledge_id, asked.key, seen_version() or 0)
        return f"/pledges/{pledge_id}/edit#removed"

    return answer_form(OneForm, make, lambda form: show_edit(pledge_id, form))


@blueprint.post("/pledges/<uuid:pledge_id>/restore")
@guarded("planner")
def post_restore(pledge_id: UUID) -> Response:
    """Put back what was taken away."""

    def make(uow: UnitOfWork, asked: OneForm) -> str:
        put_back(uow, pledge_id, asked.key, seen_version() or 0)
        return f"/pledges/{pledge_id}/edit#content"

    return answer_form(OneForm, make, lambda form: show_edit(pledge_id, form))


@blueprint.post("/pledges/<uuid:pledge_id>/carry")
@guarded("planner")
def post_carry(pledge_id: UUID) -> Response:
    """Promise again what an earlier pledge promised."""

    def make(uow: UnitOfWork, asked: CarryForm) -> str:
        carry_over(uow, pledge_id, asked.commitment_id, seen_version() or 0)
        return f"/pledges/{pledge_id}/edit#content"

    return answer_form(CarryForm, make, lambda form: show_edit(pledge_id, form))
