"""A joint visit that begins here and now, from the phone: which place, which authorities, one press; then it is packed.

PRODUCT.md: in under a minute. The operation is an ad hoc one; each authority states its basis on its own phone, the own
one here, as its usual answer says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response, redirect, request
from pydantic import Field

from samsyn.access.queries import StaffLine, list_staff, unit_of_person
from samsyn.access.service import open_field_session
from samsyn.authorities.queries import AuthorityLine, UnitLine, members_of, my_collaborations, units_of
from samsyn.authorities.rules import Field as Supervised
from samsyn.businesses.queries import BusinessCard, BusinessFilter, get_business, list_businesses
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.beginning import BeginVisit, begin_visit, needs_reason
from samsyn.lifecycle.on_site import room_now
from samsyn.operations.queries import goes_to
from samsyn.operations.rules import PoliceRole
from samsyn.planning.queries import list_templates
from samsyn.planning.rules import TemplateKind
from samsyn.planning.templates import AnswerContent, fits
from samsyn.web.devices import this_client
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import begin_session, current_language, current_viewer, identified
from samsyn.web.pages.field_session import may_begin
from samsyn.web.pages.suggestions import legal_bases
from samsyn.web.parsing import Body, Line, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("visit_now")
SHOWN: Final = 12
FIELDS: Final = ("business_id", "asks", "people", "legal_basis", "no_notice_reason", "police_role")


class NowForm(Body):
    """Where, with whom, and on which basis the own authority comes; unannounced, as what nobody planned is."""

    business_id: UUID
    asks: tuple[UUID, ...] = Field(default=(), max_length=20)
    people: tuple[UUID, ...] = Field(default=(), max_length=20)
    legal_basis: Line
    no_notice_reason: Prose | None = Field(default=None, max_length=2000)
    police_role: PoliceRole | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """The own side of it: the unit that goes, what it supervises, and how it usually answers."""

    unit_id: UUID | None
    fields: frozenset[Supervised]
    usual: AnswerContent

    @property
    def of_police(self) -> bool:
        """Say whether officers act, who need a role each."""
        return Supervised.POLICE in self.fields

    @property
    def needs_reason(self) -> bool:
        """Say whether coming unannounced must be justified (MB 28:1; JO 2545-2015)."""
        return needs_reason(self.fields)


def own_side(uow: UnitOfWork) -> Own:
    """Return it: the viewer's own unit, and the first usual answer of its field that comes unannounced."""
    unit_id = unit_of_person(uow, uow.person)
    units: Sequence[UnitLine] = [unit for unit in units_of(uow, {uow.me}) if unit_id in {None, unit.id}]
    fields = frozenset(unit.field for unit in units)
    answers = (line.answer for line in list_templates(uow, TemplateKind.ANSWER))
    fitting = [one for one in answers if fits(one, fields, unit_id) and one.announced is not True]
    return Own(unit_id, fields, next(iter(fitting), AnswerContent()))


def askable(uow: UnitOfWork) -> list[AuthorityLine]:
    """Return the authorities of the own collaborations, each once, without the own."""
    found = {one.id: one for each in my_collaborations(uow) for one in members_of(uow, each.id)}
    return [one for one in found.values() if one.id != uow.me]


def colleagues(uow: UnitOfWork, own: Own) -> list[StaffLine]:
    """Return who of the own unit may come along, for a planner, who says yes for them."""
    if "planner" not in uow.viewer.roles:
        return []
    unit = [one for one in list_staff(uow, uow.me) if one.unit_id == own.unit_id and one.person_id != uow.person]
    return [one for one in unit if {"inspector", "planner"} & set(one.roles)][:SHOWN]


def places(uow: UnitOfWork, begins: str, chosen: str) -> list[BusinessCard]:
    """Return what runs now and begins so, and what is chosen already; nothing before something is looked for."""
    wanted = BusinessFilter(begins, running=True, day=uow.today)
    cards = list(list_businesses(uow, Seek(SHOWN), wanted=wanted).items) if begins else []
    if chosen and chosen not in {str(card.id) for card in cards}:
        cards.insert(0, get_business(uow, UUID(chosen)))
    return cards


def show(form: Form[Any] | None = None) -> str:
    """Render the page: first a place to look for, then the rest with what is usual filled in."""
    begins = request.args.get("begins_with", "").strip()[:100]
    typed = form.text("business_id") if form is not None and "business_id" not in form.faults else ""
    with unit_of_work(current_viewer()) as uow:
        own = own_side(uow)
        found, members, room = places(uow, begins, typed), askable(uow), room_now(uow)
        along = [] if room.joins else colleagues(uow, own)
    usual = own.usual
    known = {"business_id": found[0].id} if len(found) == 1 else {}
    first = {"legal_basis": usual.legal_basis, "no_notice_reason": usual.no_notice_reason}
    form = form or new_form({**known, **first, "police_role": usual.police_role})
    more: dict[str, Any] = {"own": own, "bases": legal_bases(own.fields), "begins": begins, "room": room}
    more["places"] = [(str(one.id), f"{one.name}, {one.address}") for one in found]
    more["members"] = [(str(one.id), one.name) for one in members]
    more["along"] = [(str(one.person_id), one.shown_name) for one in along]
    more["roles"] = [(role.value, t(f"operations.police_role.{role}")) for role in PoliceRole]
    labels = {name: t(f"visit_now.field.{name}") for name in FIELDS}
    return page("visit-now.html.j2", form=form, labels=labels, **more)


def begin(uow: UnitOfWork, asked: NowForm, own: Own) -> UUID:
    """Begin it, in one transaction; return the operation."""
    return begin_visit(uow, BeginVisit(unit_id=own.unit_id, fields=own.fields, **dict(asked)))


@blueprint.get("/visits/now")
@guarded("planner", "inspector")
def get_now() -> str:
    """The page; ``begins_with`` in the address looks for a place by its name or street."""
    return show()


@blueprint.post("/visits/now")
@guarded("planner", "inspector")
def post_now() -> Response:
    """Begin it, put this device into its field session, and go where the phone packs it."""
    begun: list[UUID] = []

    def make(uow: UnitOfWork, asked: NowForm) -> str:
        begun.append(begin(uow, asked, own_side(uow)))
        return f"/tonight?operation={begun[0]}#content"

    response = answer_form(NowForm, make, show)
    return to_the_phone(begun[0]) if begun else response


def to_the_phone(operation_id: UUID) -> Response:
    """Begin the field session that packs it."""
    who = identified()
    if who is not None and not who.by_bearer:
        with unit_of_work(current_viewer()) as uow:
            operation = goes_to(uow, operation_id)
            secret = open_field_session(uow, operation_id, this_client()) if may_go(uow, operation) else ""
        if secret:
            begin_session(secret)
            return redirect(f"/field?lang={current_language()}", 303)  # type: ignore[return-value]
    return redirect(f"/tonight?operation={operation_id}#content", 303)  # type: ignore[return-value]


def may_go(uow: UnitOfWork, operation: Any) -> bool:
    """Say whether a field session may begin for it."""
    return operation is not None and may_begin(operation, uow.now)
