"""What one has given and received: the list, one decision with its copy, and taking it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints

from samsyn.authorities.queries import AuthorityLine, authority_names, partners, units_of
from samsyn.core.errors import NotFoundError
from samsyn.core.paging import Page, Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.disclosures.grounds import find_basis
from samsyn.disclosures.queries import (
    Direction,
    DisclosureLine,
    ReadCopy,
    RequestLine,
    Wanted,
    get_disclosure,
    get_request,
    list_disclosures,
    list_requests,
)
from samsyn.disclosures.rules import Decision
from samsyn.disclosures.service import Withdraw
from samsyn.lifecycle.handing_over import withdraw_copies
from samsyn.web.api.dossiers import READERS
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("disclosures")
FILTERS: Final = ("direction", "other", "state")
WORDS: Final[dict[str, Any]] = {"when": datetime.fromisoformat, "day_in": date.fromisoformat}
"""What the copy's template needs."""
blueprint.app_context_processor(lambda: WORDS)


class DisclosureQuery(PageQuery):
    """What the list is narrowed to."""

    direction: Direction | Literal[""] = ""
    other: UUID | Literal[""] = ""
    state: Literal["", "granted", "refused", "withdrawn"] = ""

    @property
    def wanted(self) -> Wanted:
        """Return what the query asks for."""
        decision = Decision(self.state) if self.state in set(Decision) else None
        return Wanted(
            self.direction or None,
            self.other or None,
            decision,
            True if self.state == "withdrawn" else False if decision is Decision.GRANTED else None,
        )


class WithdrawForm(Body):
    """Why it is taken back."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(printable)]
    mask: bool = False
    confirmed: bool = False


@blueprint.get("/disclosures")
@guarded(*READERS)
@blueprint.input(DisclosureQuery, location="query", arg_name="query")
def get_list(query: DisclosureQuery) -> str:
    """Decisions of and to the own authority, newest first, and the requests that wait."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        found = list_disclosures(uow, query.seek(), query.wanted)
        requests = list_requests(uow)
        names = names_of(uow, found, requests)
        others = [one for one in partners(uow) if one.id != uow.me]
        me = uow.me
    asked = {name: str(getattr(query, name)) for name in FILTERS if getattr(query, name)}
    return page(
        "disclosures/list.html.j2",
        lines=found.items,
        cursor=found.next_cursor,
        requests=[one for one in requests if one.open],
        names=names,
        me=me,
        form=new_form(asked),
        filters=asked,
        others=options(others),
        basis=basis_name,
        decides="decider" in viewer.roles,
    )


@blueprint.get("/disclosures/<uuid:disclosure_id>")
@guarded(*READERS)
def get_one(disclosure_id: UUID) -> str:
    """One decision with its copy (logged)."""
    return show(disclosure_id)


@blueprint.post("/disclosures/<uuid:disclosure_id>/withdraw")
@guarded("decider")
def post_withdraw(disclosure_id: UUID) -> Response:
    """Take it back: nobody but the own authority reads it from now on."""

    def make(uow: UnitOfWork, asked: WithdrawForm) -> str:
        withdraw_copies(uow, Withdraw(disclosure_id, asked.reason, asked.mask, asked.confirmed))
        return f"/disclosures/{disclosure_id}"

    return answer_form(WithdrawForm, make, lambda form: show(disclosure_id, form))


def show(disclosure_id: UUID, form: Form[WithdrawForm] | None = None) -> str:
    """Render one decision."""
    viewer = current_viewer()
    with unit_of_work(viewer) as uow:
        found: ReadCopy = get_disclosure(uow, disclosure_id)
        asked = request_of(uow, found)
        ids = {found.handed.from_id, found.handed.to_id or found.handed.from_id}
        names = authority_names(uow, ids | ({asked.from_id} if asked else set()))
        mine = found.handed.from_id == uow.me
        units = units_of(uow, {found.handed.to_id}) if found.handed.to_id and found.handed.to_unit_id else []
    return page(
        "disclosures/show.html.j2",
        found=found,
        handed=found.handed,
        asked=asked,
        names=names,
        unit=next((one.name for one in units if one.id == found.handed.to_unit_id), ""),
        mine=mine,
        form=form or new_form(),
        basis=basis_name,
        may_withdraw=mine and "decider" in viewer.roles and found.handed.withdrawn_at is None and found.items,
        decided="decided" in request.args,
    )


def request_of(uow: UnitOfWork, found: ReadCopy) -> RequestLine | None:
    """Return the request that was answered, for its two sides; others who read a public copy are none."""
    request_id = found.handed.request_id
    if request_id is None:
        return None
    try:
        return get_request(uow, request_id)
    except NotFoundError:
        return None


def basis_name(code: str | None) -> str:
    """Return a basis in words; a code that is no longer in the file is shown as it is."""
    found = find_basis(code or "")
    return found.words(current_language()).name if found else code or ""


def options(others: list[AuthorityLine]) -> list[tuple[str, str]]:
    """Return authorities as a select takes them."""
    return [(str(one.id), one.name) for one in others]


def names_of(uow: UnitOfWork, found: Page[DisclosureLine], requests: list[RequestLine]) -> dict[UUID, str]:
    """Return the names of all that stand in the list; one statement."""
    ids = {i for one in found.items for i in (one.from_id, one.to_id) if i}
    return authority_names(uow, ids | {i for one in requests for i in (one.from_id, one.to_id)})


def read_rows(uow: UnitOfWork, query: DisclosureQuery, most: int) -> tuple[list[DisclosureLine], dict[UUID, str]]:
    """Return the whole list and its names, for the extract."""
    found = list_disclosures(uow, Seek(most), query.wanted)
    return list(found.items), names_of(uow, found, [])
