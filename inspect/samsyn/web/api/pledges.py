"""Pledges as JSON: read with their numbers, begun, corrected, promised in, signed, and what is said afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from pydantic import Field as Limits

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.counting import numbers_of, read_year
from samsyn.pledges.queries import areas_of, commitments_of, get_area, get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import (
    FIRST_YEAR,
    LAST_YEAR,
)
from samsyn.pledges.service import (
    AddCommitment,
    AddFocusArea,
    ChangeCommitment,
    CorrectPledge,
    MakePledge,
    Signatory,
    SignPledge,
    add_commitment,
    add_focus_area,
    change_commitment,
    correct_pledge,
    make_pledge,
    put_back,
    remove,
    sign_pledge,
)
from samsyn.web.guards import guarded
from samsyn.web.idempotency import etag, once, seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, cut_here
from samsyn.web.parsing import Body
from samsyn.web.promised import Note, PromiseSaid, PromiseTerms, Words
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.pledges import PledgeDetailOut, PledgeList, PledgeOut

blueprint = api_blueprint("pledges")
ONE = "/pledges/<uuid:pledge_id>"
PROMISE = f"{ONE}/commitments/<uuid:commitment_id>"


class PledgeIn(Body):
    """A year's pledge and its parties; a draft until it is signed."""

    collaboration_id: UUID
    year: int = Limits(ge=FIRST_YEAR, le=LAST_YEAR)
    name: Words
    parties: list[UUID] = Limits(min_length=1, max_length=50)
    agreement_id: UUID | None = None


class CorrectIn(Body):
    """The name, the parties and the agreement of a draft."""

    name: Words
    parties: list[UUID] = Limits(min_length=1, max_length=50)
    agreement_id: UUID | None = None


class NewAreaIn(Body):
    """A focus area and the picture that justifies it."""

    name: Words
    picture: Note = ""


class NewCommitmentIn(PromiseTerms):
    """A promise in an area; which fields are wanted follows from its form."""

    focus_area_id: UUID


class SignedIn(Body):
    """Who signed for which party."""

    authority_id: UUID
    title: Words
    name: Words


class SignIn(Body):
    """Where and when it was signed, and by whom."""

    signed_on: date
    place: Words
    signatories: list[SignedIn] = Limits(min_length=1, max_length=50)


class KeyIn(Body):
    """What is taken away or put back: the draft itself, an area or a promise of it."""

    key: UUID


def whole(uow: UnitOfWork, pledge_id: UUID) -> PledgeDetailOut:
    """Return a pledge with its numbers, as its page counts them."""
    pledge = get_pledge(uow, pledge_id)
    areas = areas_of(uow, pledge_id)
    promises = commitments_of(uow, [area.id for area in areas])
    year = read_year(uow, pledge, promises, uow.today)
    return PledgeDetailOut.whole(pledge, areas, [(one, numbers_of(year, one)) for one in promises])


@blueprint.get("/pledges")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(PledgeList)
def get_pledges(query: PageQuery) -> Any:
    """Pledges of the own collaborations, the oldest year first."""
    with unit_of_work(current_viewer()) as uow:
        rows = [PledgeOut.model_validate(one) for one in list_pledges(uow)]
    return cut_here(rows, query, lambda one: (f"{one.year:04}", str(one.id)))


@blueprint.get(ONE)
@guarded()
@blueprint.output(PledgeDetailOut)
def get_one(pledge_id: UUID) -> Any:
    """One pledge: its areas, what is promised, and the numbers as the reader may know them."""
    with unit_of_work(current_viewer()) as uow:
        shown = whole(uow, pledge_id)
    return shown, 200, etag(shown.version)


@blueprint.post("/pledges")
@guarded("planner")
@blueprint.input(PledgeIn, arg_name="body")
@blueprint.output(PledgeDetailOut, status_code=201)
def post_pledge(body: PledgeIn) -> Response:
    """Begin the pledge of a year."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        parties = tuple(body.parties)
        key = make_pledge(uow, MakePledge(body.collaboration_id, body.year, body.name, parties, body.agreement_id))
        return whole(uow, key)

    return once(make, status=201, location=lambda said: f"/api/v1/pledges/{said['id']}")


@blueprint.put(ONE)
@guarded("planner")
@blueprint.input(CorrectIn, arg_name="body")
@blueprint.output(PledgeDetailOut)
def put_pledge(pledge_id: UUID, body: CorrectIn) -> Response:
    """Correct a draft; wants ``If-Match``."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        seen = seen_version()
        correct_pledge(uow, CorrectPledge(pledge_id, body.name, tuple(body.parties), seen, body.agreement_id))
        return whole(uow, pledge_id)

    return once(make, standing=lambda uow: whole(uow, pledge_id))


@blueprint.post(f"{ONE}/areas")
@guarded("planner")
@blueprint.input(NewAreaIn, arg_name="body")
@blueprint.output(PledgeDetailOut, status_code=201)
def post_area(pledge_id: UUID, body: NewAreaIn) -> Response:
    """Add a focus area to a draft."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        add_focus_area(uow, AddFocusArea(pledge_id, body.name, body.picture))
        return whole(uow, pledge_id)

    return once(make, status=201)


@blueprint.post(f"{ONE}/commitments")
@guarded("planner")
@blueprint.input(NewCommitmentIn, arg_name="body")
@blueprint.output(PledgeDetailOut, status_code=201)
def post_commitment(pledge_id: UUID, body: NewCommitmentIn) -> Response:
    """Promise something countable in an area of a draft."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        if get_area(uow, body.focus_area_id).pledge_id != pledge_id:
            raise NotFoundError("no such focus area of it")
        how = body.model_dump(exclude={"fields"})
        add_commitment(uow, AddCommitment(fields=tuple(body.fields), **how))
        return whole(uow, pledge_id)

    return once(make, status=201)


@blueprint.put(PROMISE)
@guarded("planner")
@blueprint.input(PromiseSaid, arg_name="body")
@blueprint.output(PledgeDetailOut)
def put_said(pledge_id: UUID, commitment_id: UUID, body: PromiseSaid) -> Response:
    """Say why a promise was not kept, what carries it on, or when it was done; ``If-Match``: the promise's version."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        if get_area(uow, get_commitment(uow, commitment_id).focus_area_id).pledge_id != pledge_id:
            raise NotFoundError("no such promise of it")
        reason = body.not_done_reason or None
        change_commitment(
            uow, ChangeCommitment(commitment_id, seen_version(), reason, body.carried_to_id, body.done_on)
        )
        return whole(uow, pledge_id)

    return once(make, standing=lambda uow: whole(uow, pledge_id))


@blueprint.post(f"{ONE}/sign")
@guarded("planner")
@blueprint.input(SignIn, arg_name="body")
@blueprint.output(PledgeDetailOut)
def post_sign(pledge_id: UUID, body: SignIn) -> Response:
    """Say that it is signed; wants ``If-Match``: who signs has read all of it."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        signs = tuple(Signatory(one.authority_id, one.title, one.name) for one in body.signatories)
        sign_pledge(uow, SignPledge(pledge_id, body.signed_on, body.place, signs, seen_version()))
        return whole(uow, pledge_id)

    return once(make, standing=lambda uow: whole(uow, pledge_id))


@blueprint.post(f"{ONE}/remove")
@guarded("planner")
@blueprint.input(KeyIn, arg_name="body")
@blueprint.output(PledgeDetailOut)
def post_remove(pledge_id: UUID, body: KeyIn) -> Response:
    """Take a draft, or something of it, away; wants ``If-Match``. ``…/restore`` undoes it."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        remove(uow, pledge_id, body.key, seen_version())
        return whole(uow, pledge_id)

    return once(make, standing=lambda uow: whole(uow, pledge_id))


@blueprint.post(f"{ONE}/restore")
@guarded("planner")
@blueprint.input(KeyIn, arg_name="body")
@blueprint.output(PledgeDetailOut)
def post_restore(pledge_id: UUID, body: KeyIn) -> Response:
    """Put back what was taken away; wants ``If-Match``."""

    def make(uow: UnitOfWork) -> PledgeDetailOut:
        put_back(uow, pledge_id, body.key, seen_version())
        return whole(uow, pledge_id)

    return once(make, standing=lambda uow: whole(uow, pledge_id))
