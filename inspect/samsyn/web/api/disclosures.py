"""Disclosures: list, show, hand over, refuse, withdraw; requests for information."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.disclosures.queries import get_disclosure, get_request, list_disclosures, list_requests
from samsyn.disclosures.service import AskFor, Give, Refuse, Withdraw
from samsyn.disclosures.service.pictures import Vault, read_picture
from samsyn.lifecycle.handing_over import ask_authority, give_copies, refuse_request, withdraw_copies
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.listing import PageQuery, cut_here, listed
from samsyn.web.parsing import Body, one_line, printable
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.disclosures import DisclosureListOut, DisclosureOut, RequestListOut, RequestOut

blueprint = api_blueprint("disclosures")
READERS: Final = ("inspector", "planner", "decider")
Words = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(printable)]
Short = Annotated[str, StringConstraints(max_length=80), AfterValidator(one_line)]
PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The picture.", "content": {"image/jpeg": {"schema": {"type": "string"}}}}
}


class Checked(Body):
    """What is said of personal numbers in the texts: ``mask`` them, or ``confirmed`` that they are none."""

    mask: bool = False
    confirmed: bool = False


class DisclosureIn(Checked):
    """Findings of one visit for one authority, or with basis PUBLIC and ``to_id`` null for everybody.

    ``to_unit_id``: the unit that gets it, of an authority whose units read their own alone.
    """

    visit_id: UUID
    finding_ids: tuple[UUID, ...]
    to_id: UUID | None = None
    legal_basis: Annotated[str, StringConstraints(max_length=40)]
    balancing: Words = ""
    pictures: bool = True
    request_id: UUID | None = None
    asked_how: Words = ""
    to_unit_id: UUID | None = None


class RefusalIn(Checked):
    """A no to a request; the reason is read by who asked."""

    request_id: UUID
    reason: Words
    legal_basis: Annotated[str, StringConstraints(max_length=40)] = ""
    balancing: Words = ""


class WithdrawalIn(Checked):
    """Why a copy is taken back; stays with the giver."""

    reason: Words


class RequestIn(Checked):
    """A question to an authority that was at a visit of a business."""

    business_id: UUID
    visit_id: UUID
    to_id: UUID
    question: Words
    law: Short = ""
    reference: Short = ""


@blueprint.get("/disclosures")
@guarded(*READERS)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(DisclosureListOut)
def get_disclosures(query: PageQuery) -> dict[str, object]:
    """What the own authority has given and received, newest first; no content."""
    with unit_of_work(current_viewer()) as uow:
        return listed(list_disclosures(uow, query.seek()))


@blueprint.get("/disclosures/<uuid:disclosure_id>")
@guarded(*READERS)
@blueprint.output(DisclosureOut)
def get_one(disclosure_id: UUID) -> DisclosureOut:
    """One decision with its copies (logged on both sides); 404 for a receiver once it was withdrawn."""
    with unit_of_work(current_viewer()) as uow:
        return DisclosureOut.of(get_disclosure(uow, disclosure_id))


@blueprint.get("/disclosures/pictures/<uuid:picture_id>")
@guarded(*READERS)
@blueprint.doc(responses=PICTURE)
def get_picture(picture_id: UUID) -> Response:
    """A picture of a copy (logged); nobody on the way may keep it."""
    with unit_of_work(current_viewer()) as uow:
        body, media_type = read_picture(uow, vault(), picture_id)
    response = Response(body, content_type=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'inline; filename="kopia.jpg"'
    return response


@blueprint.post("/disclosures")
@guarded("decider")
@blueprint.input(DisclosureIn, arg_name="body")
@blueprint.output(DisclosureOut, status_code=201)
def post_disclosure(body: DisclosureIn) -> Response:
    """Decide to hand over frozen copies."""

    def make(uow: UnitOfWork) -> DisclosureOut:
        command = Give(
            uuid4(),
            body.visit_id,
            frozenset(body.finding_ids),
            body.to_id,
            body.legal_basis,
            body.balancing,
            body.pictures,
            body.request_id,
            body.asked_how,
            body.mask,
            body.confirmed,
            body.to_unit_id,
        )
        return shown(uow, give_copies(uow, vault(), command))

    return once(make, status=201, location=where)


@blueprint.post("/disclosures/refusals")
@guarded("decider")
@blueprint.input(RefusalIn, arg_name="body")
@blueprint.output(DisclosureOut, status_code=201)
def post_refusal(body: RefusalIn) -> Response:
    """Decide not to hand over what was asked for."""

    def make(uow: UnitOfWork) -> DisclosureOut:
        said = (body.reason, body.legal_basis, body.balancing, body.mask, body.confirmed)
        return shown(uow, refuse_request(uow, Refuse(uuid4(), body.request_id, *said)))

    return once(make, status=201, location=where)


@blueprint.post("/disclosures/<uuid:disclosure_id>/withdraw")
@guarded("decider")
@blueprint.input(WithdrawalIn, arg_name="body")
@blueprint.output(DisclosureOut)
def post_withdraw(disclosure_id: UUID, body: WithdrawalIn) -> Response:
    """Take copies back: from now on only the own authority reads them."""

    def make(uow: UnitOfWork) -> DisclosureOut:
        return shown(uow, withdraw_copies(uow, Withdraw(disclosure_id, body.reason, body.mask, body.confirmed)))

    return once(make)


@blueprint.get("/information-requests")
@guarded(*READERS)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(RequestListOut)
def get_requests(query: PageQuery) -> dict[str, object]:
    """Requests from and to the own authority."""
    with unit_of_work(current_viewer()) as uow:
        return cut_here(list_requests(uow), query, lambda one: (one.at.isoformat(), str(one.id)))


@blueprint.get("/information-requests/<uuid:request_id>")
@guarded(*READERS)
@blueprint.output(RequestOut)
def get_one_request(request_id: UUID) -> RequestOut:
    """One request as both sides read it."""
    with unit_of_work(current_viewer()) as uow:
        return RequestOut.model_validate(get_request(uow, request_id))


@blueprint.post("/information-requests")
@guarded(*READERS)
@blueprint.input(RequestIn, arg_name="body")
@blueprint.output(RequestOut, status_code=201)
def post_request(body: RequestIn) -> Response:
    """Ask an authority for what it wrote at a visit."""

    def make(uow: UnitOfWork) -> RequestOut:
        said = (body.question, body.law, body.reference, body.mask, body.confirmed)
        made = ask_authority(uow, AskFor(uuid4(), body.business_id, body.visit_id, body.to_id, *said))
        return RequestOut.model_validate(get_request(uow, made))

    return once(make, status=201, location=lambda said: f"/api/v1/information-requests/{said['id']}")


def shown(uow: UnitOfWork, disclosure_id: UUID) -> DisclosureOut:
    """Show what was decided."""
    return DisclosureOut.of(get_disclosure(uow, disclosure_id))


def where(said: Any) -> str:
    """Return the address of a decision."""
    return f"/api/v1/disclosures/{said['id']}"


def vault() -> Vault:
    """Return the installation's keys and folder."""
    return Vault(current_keys(), house().settings.data_dir)
