"""Requests to read official documents: register, things that fall under one, decisions, packages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.evidence import take_evidence
from samsyn.records.gathering import About
from samsyn.records.queries import get_item, get_package, get_request, list_requests, numbers_of_requests
from samsyn.records.rules import Choice, ItemKind
from samsyn.records.service import (
    Decide,
    Enter,
    Number,
    Pack,
    Settle,
    decide_items,
    enter_request,
    gather_again,
    make_package,
    read_package,
    settle_request,
    write_number,
)
from samsyn.web.api.disclosures import vault
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery, listed
from samsyn.web.parsing import Body, Shown, one_line, printable
from samsyn.web.routing import api_blueprint
from samsyn.web.shown.records import PackageOut, RecordsOut, RegisterOut

blueprint = api_blueprint("records")
Words = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(printable)]
Short = Annotated[str, StringConstraints(max_length=80), AfterValidator(one_line)]
ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The package.", "content": {"application/zip": {"schema": {"type": "string"}}}}
}
PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The picture.", "content": {"image/jpeg": {"schema": {"type": "string"}}}}
}


class RequestIn(Body):
    """A request as it came; at least one of business, operation, since and until. Who asks is not asked."""

    received_on: date
    words: Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(printable)]
    business_id: UUID | None = None
    operation_id: UUID | None = None
    since: date | None = None
    until: date | None = None


class DecisionIn(Body):
    """One choice for some things. A no needs section and reason, a mask some fields or words."""

    item_ids: tuple[UUID, ...]
    choice: Choice
    section: Short = ""
    reason: Words = ""
    masked_fields: tuple[Short, ...] = ()
    masked_words: tuple[Short, ...] = ()


class SettleIn(Body):
    """``confirmed``: what looks like a personal number in what is given was looked at."""

    confirmed: bool = False


class PackIn(Body):
    """One of the two."""

    business_id: UUID | None = None
    operation_id: UUID | None = None


class CaseNumberIn(Body):
    """A case number of an operation, or of an own part of it."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(one_line)]
    operation_id: UUID | None = None
    part_id: UUID | None = None


class NumberOut(Shown):
    """The number that stands."""

    number: str


class NumberIn(Body):
    """The authority's own case number."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(one_line)]


@blueprint.get("/records")
@guarded(*KEEPERS)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(RegisterOut)
def get_register(query: PageQuery) -> dict[str, object]:
    """The register of the own authority, newest first; nothing of what falls under a request."""
    with unit_of_work(current_viewer()) as uow:
        return listed(list_requests(uow, query.seek()))


@blueprint.get("/records/<uuid:record_id>")
@guarded(*KEEPERS)
@blueprint.output(RecordsOut)
def get_one(record_id: UUID) -> RecordsOut:
    """A request with what falls under it (logged)."""
    with unit_of_work(current_viewer()) as uow:
        return shown(uow, record_id)


@blueprint.post("/records")
@guarded(*KEEPERS)
@blueprint.input(RequestIn, arg_name="body")
@blueprint.output(RecordsOut, status_code=201)
def post_request(body: RequestIn) -> Response:
    """Register a request and find what falls under it."""

    def make(uow: UnitOfWork) -> RecordsOut:
        about = About(body.business_id, body.operation_id, body.since, body.until)
        return shown(uow, enter_request(uow, Enter(uuid4(), body.received_on, body.words, about)))

    return once(make, status=201, location=lambda said: f"/api/v1/records/{said['id']}")


@blueprint.post("/records/<uuid:record_id>/gather")
@guarded(*KEEPERS)
@blueprint.output(RecordsOut)
def post_gather(record_id: UUID) -> Response:
    """Search once more: what is new or changed is to be decided anew."""

    def make(uow: UnitOfWork) -> RecordsOut:
        gather_again(uow, record_id)
        return shown(uow, record_id)

    return once(make)


@blueprint.post("/records/<uuid:record_id>/decide")
@guarded(*KEEPERS)
@blueprint.input(DecisionIn, arg_name="body")
@blueprint.output(RecordsOut)
def post_decision(record_id: UUID, body: DecisionIn) -> Response:
    """Decide for some things."""

    def make(uow: UnitOfWork) -> RecordsOut:
        said = (body.section, body.reason, frozenset(body.masked_fields), body.masked_words)
        decide_items(uow, Decide(record_id, frozenset(body.item_ids), body.choice, *said))
        return shown(uow, record_id)

    return once(make)


@blueprint.post("/records/<uuid:record_id>/settle")
@guarded(*KEEPERS)
@blueprint.input(SettleIn, arg_name="body")
@blueprint.output(RecordsOut)
def post_settle(record_id: UUID, body: SettleIn) -> Response:
    """Freeze what is given and make the package; a no is settled by who decides for the authority."""

    def make(uow: UnitOfWork) -> RecordsOut:
        settle_request(uow, vault(), Settle(record_id, uuid4(), body.confirmed))
        return shown(uow, record_id)

    return once(make)


@blueprint.post("/records/<uuid:record_id>/number")
@guarded(*KEEPERS)
@blueprint.input(NumberIn, arg_name="body")
@blueprint.output(RecordsOut)
def post_number(record_id: UUID, body: NumberIn) -> Response:
    """Write the own case number."""

    def make(uow: UnitOfWork) -> RecordsOut:
        write_number(uow, Number(body.number, request_id=record_id))
        return shown(uow, record_id)

    return once(make)


@blueprint.post("/records/packages")
@guarded(*KEEPERS)
@blueprint.input(PackIn, arg_name="body")
@blueprint.output(PackageOut, status_code=201)
def post_package(body: PackIn) -> Response:
    """Make a package of all that the authority has on a business or an operation, for its own diary."""

    def make(uow: UnitOfWork) -> PackageOut:
        made = make_package(uow, vault(), Pack(uuid4(), body.business_id, body.operation_id))
        return PackageOut.model_validate(get_package(uow, made))

    return once(make, status=201, location=lambda said: f"/api/v1/records/packages/{said['id']}")


@blueprint.put("/records/numbers")
@guarded(*KEEPERS)
@blueprint.input(CaseNumberIn, arg_name="body")
@blueprint.output(NumberOut)
def put_number(body: CaseNumberIn) -> Response:
    """Write the case number of an operation or of an own part."""

    def make(uow: UnitOfWork) -> NumberOut:
        write_number(uow, Number(body.number, body.operation_id, body.part_id))
        return NumberOut(number=body.number)

    return once(make)


@blueprint.get("/records/items/<uuid:item_id>/picture")
@guarded(*KEEPERS)
@blueprint.doc(responses=PICTURE)
def get_picture(item_id: UUID) -> Response:
    """The picture of a thing that is one (logged)."""
    with unit_of_work(current_viewer()) as uow:
        line = get_item(uow, item_id)
        if line.kind is not ItemKind.PICTURE:
            raise NotFoundError("no picture")
        kept = vault()
        body = take_evidence(uow, kept.keys, kept.folder, line.subject_id)
    response = Response(body, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/records/packages/<uuid:package_id>")
@guarded(*KEEPERS)
@blueprint.doc(responses=ZIP)
def get_package_file(package_id: UUID) -> Response:
    """A package (logged); nobody on the way may keep it."""
    with unit_of_work(current_viewer()) as uow:
        body, name = read_package(uow, vault(), package_id)
    response = Response(body, content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def shown(uow: UnitOfWork, record_id: UUID) -> RecordsOut:
    """Show a request with its things (logged)."""
    card = get_request(uow, record_id)
    record(uow, "records.read", record_id)
    return RecordsOut.of(uow, card, numbers_of_requests(uow, {record_id}).get(record_id))
