"""Requests to read official documents: the register, a new one, one with what falls under it, settling it, its file."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID, uuid4

from flask import Response, request
from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.businesses.queries import businesses_by_id
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import operations_by_id
from samsyn.records.gathering import About
from samsyn.records.queries import (
    RegisterFilter,
    RequestCard,
    get_request,
    list_packages,
    list_requests,
    numbers_of_requests,
)
from samsyn.records.service import (
    Enter,
    Number,
    Settle,
    enter_request,
    gather_again,
    missing_of,
    settle_request,
    write_number,
)
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.pages.disclosing_view import current_vault
from samsyn.web.pages.records_view import flags_of, sections_in
from samsyn.web.parsing import Body, one_line, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("records")
ANY_ID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def id_in(said: object) -> object:
    """Read an id out of what was typed or pasted: an id, or the address of a page of Samsyn."""
    if isinstance(said, str):
        if (found := ANY_ID.search(said)) is None:
            raise PydanticCustomError("records_not_an_id", "an id, or the address of a page")
        return UUID(found[0])
    return said


Pasted = Annotated[UUID | None, BeforeValidator(id_in)]
Number_ = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(one_line)]


class RegisterQuery(PageQuery):
    """What the register is narrowed to."""

    state: Literal["", "open", "settled"] = ""

    @property
    def wanted(self) -> RegisterFilter:
        """Return what the query asks for."""
        return RegisterFilter(open=None if not self.state else self.state == "open")


class NewQuery(Body):
    """What a new request is about, when it begins at a business or an operation."""

    business: UUID | None = None
    operation: UUID | None = None
    lang: Literal["sv", "en"] | None = None


class EnterForm(Body):
    """A request as it came."""

    received_on: date
    words: Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(printable)]
    business: Pasted = None
    operation: Pasted = None
    since: date | None = None
    until: date | None = None


class SettleForm(Body):
    """What looks like a personal number was looked at."""

    confirmed: bool = False


class NumberForm(Body):
    """The authority's own case number."""

    number: Number_


@blueprint.get("/records")
@guarded(*KEEPERS)
@blueprint.input(RegisterQuery, location="query", arg_name="query")
def get_register(query: RegisterQuery) -> str:
    """Requests of the own authority, newest first."""
    with unit_of_work(current_viewer()) as uow:
        found = list_requests(uow, query.seek(), query.wanted)
        numbers = numbers_of_requests(uow, [one.id for one in found.items])
        today = uow.today
    kept = {"state": query.state} if query.state else {}
    return page(
        "records/list.html.j2",
        lines=found.items,
        cursor=found.next_cursor,
        numbers=numbers,
        today=today,
        form=new_form(kept),
        filters=kept,
    )


@blueprint.get("/records/new")
@guarded(*KEEPERS)
@blueprint.input(NewQuery, location="query", arg_name="query")
def get_new(query: NewQuery) -> str:
    """A form for a request, perhaps about what it was begun at."""
    return show_new(new_form({"business": query.business, "operation": query.operation}))


@blueprint.post("/records")
@guarded(*KEEPERS)
def post_new() -> Response:
    """Register it and find what falls under it."""

    def make(uow: UnitOfWork, asked: EnterForm) -> str:
        about = About(asked.business, asked.operation, asked.since, asked.until)
        return f"/records/{enter_request(uow, Enter(uuid4(), asked.received_on, asked.words, about))}"

    return answer_form(EnterForm, make, show_new)


def show_new(form: Form[Any]) -> str:
    """Render the form with the names of what it is about, as far as the viewer may see them."""
    with unit_of_work(current_viewer()) as uow:
        business = {UUID(found[0]) for found in [ANY_ID.search(form.text("business"))] if found}
        operation = {UUID(found[0]) for found in [ANY_ID.search(form.text("operation"))] if found}
        names = {key: one.name for key, one in businesses_by_id(uow, business).items()}
        words = {key: one.code_word for key, one in operations_by_id(uow, operation).items()}
        today = uow.today
    return page(
        "records/new.html.j2",
        form=form,
        business=next(iter(names.values()), ""),
        operation=next(iter(words.values()), ""),
        today=today,
    )


@blueprint.get("/records/<uuid:record_id>")
@guarded(*KEEPERS)
def get_one(record_id: UUID) -> str:
    """A request with what falls under it (logged)."""
    return show(record_id)


@blueprint.post("/records/<uuid:record_id>/gather")
@guarded(*KEEPERS)
def post_gather(record_id: UUID) -> Response:
    """Search once more."""

    def make(uow: UnitOfWork, _: Body) -> str:
        return f"/records/{record_id}?again={gather_again(uow, record_id)}"

    return answer_form(Body, make, lambda form: show(record_id, form))


@blueprint.post("/records/<uuid:record_id>/settle")
@guarded(*KEEPERS)
def post_settle(record_id: UUID) -> Response:
    """Freeze what is given and make the package."""

    def make(uow: UnitOfWork, asked: SettleForm) -> str:
        settle_request(uow, current_vault(), Settle(record_id, uuid4(), asked.confirmed))
        return f"/records/{record_id}#decision"

    return answer_form(SettleForm, make, lambda form: show(record_id, form))


@blueprint.post("/records/<uuid:record_id>/number")
@guarded(*KEEPERS)
def post_number(record_id: UUID) -> Response:
    """Write the own case number."""

    def make(uow: UnitOfWork, asked: NumberForm) -> str:
        write_number(uow, Number(asked.number, request_id=record_id))
        return f"/records/{record_id}?numbered"

    return answer_form(NumberForm, make, lambda form: show(record_id, form))


def show(record_id: UUID, form: Form[Any] | None = None) -> str:
    """Render a request."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        card: RequestCard = get_request(uow, record_id)
        record(uow, "records.read", record_id)
        line = card.line
        business = businesses_by_id(uow, {line.business_id} if line.business_id else set())
        operation = operations_by_id(uow, {line.operation_id} if line.operation_id else set())
        said = {
            "business": next(iter(business.values()), None),
            "operation": next(iter(operation.values()), None),
            "flags": flags_of(uow, card.items),
            "number": numbers_of_requests(uow, {record_id}).get(record_id, ""),
            "packages": [] if line.open else list_packages(uow, request_id=record_id),
            "today": uow.today,
        }
    again = request.args.get("again", "")
    return page(
        "records/show.html.j2",
        found=card,
        line=line,
        missing=missing_of(card, viewer.roles) if line.open else (),
        sections=sections_in(),
        form=form or new_form(),
        again=int(again) if again.isascii() and again.isdigit() and len(again) < 6 else None,  # noqa: PLR2004
        numbered="numbered" in request.args,
        **said,
    )
