"""Invitations of the own authority: whom one has invited to which unit, how that stands; send again, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Response

from samsyn.access.queries import Offer, list_invitations
from samsyn.access.rules import Language, Role
from samsyn.access.service import InvitePerson, invite_person, resend_invitation, revoke_invitation
from samsyn.authorities.queries import units_of
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.texts import has
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_card, current_viewer
from samsyn.web.listing import ALL
from samsyn.web.pages.codes import keys
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Address, Body, Line
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("invitations")
ADMIN: Final = Role.UNIT_ADMIN
SHOWN: Final = 200
ROLES: Final = tuple(Role)


class InviteForm(Body):
    """What the page asks."""

    saved: ClassVar[bool] = True
    address: Address
    unit_id: UUID
    roles: tuple[Role, ...] = ()
    service_number: Line | None = None
    language: Language = Language.SV


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An invitation with its unit's name."""

    offer: Offer
    unit: str

    @property
    def roles(self) -> str:
        """The roles in words."""
        return ", ".join(role_words(self.offer))


def role_words(offer: Offer) -> list[str]:
    """Return the roles in words; one that the house has no word for is shown as it is."""
    return [t(key) if has(key := f"invitations.role.{role}") else role for role in offer.roles]


def offer_rows(uow: UnitOfWork, limit: int = SHOWN) -> list[OfferRow]:
    """The own authority's invitations, newest first."""
    units = {unit.id: unit.name for unit in units_of(uow, {uow.me})}
    return [OfferRow(offer, units.get(offer.unit_id, "")) for offer in list_invitations(uow, limit)]


SECTIONS.append(Section("invitations/_section.html.j2", lambda _uow: {"admin": is_admin()}))


def is_admin() -> bool:
    """Say whether the signed-in person invites."""
    card = current_card()
    return card is not None and ADMIN in card.roles


@blueprint.get("/invitations")
@guarded(ADMIN)
def get_invitations() -> str:
    """The list."""
    with unit_of_work(current_viewer()) as uow:
        rows = offer_rows(uow, SHOWN + 1)
    return page("invitations/list.html.j2", rows=rows[:SHOWN], more=len(rows) > SHOWN)


@blueprint.get("/invitations/new")
@guarded(ADMIN)
def get_new() -> str:
    """The form."""
    return show(new_form({"language": Language.SV.value}))


@blueprint.post("/invitations/new")
@guarded(ADMIN)
def post_new() -> Response:
    """Send the invitation."""

    def make(uow: UnitOfWork, asked: InviteForm) -> str:
        command = InvitePerson(
            asked.address, asked.unit_id, frozenset(asked.roles), asked.service_number, asked.language
        )
        return f"/invitations#invitation-{invite_person(uow, keys(), command)}"

    return answer_form(InviteForm, make, show)


def show(form: Form[Any]) -> str:
    """Render the form; in an authority of many units an administrator offers places in the own one alone."""
    with unit_of_work(current_viewer()) as uow:
        units = [(str(unit.id), unit.name) for unit in units_of(uow, {uow.me})][:ALL]
    roles = [(role.value, t(f"invitations.role_says.{role.value}")) for role in ROLES]
    return page("invitations/new.html.j2", form=form, units=units, roles=roles)


@blueprint.post("/invitations/<uuid:invitation_id>/resend")
@guarded(ADMIN)
def post_resend(invitation_id: UUID) -> Response:
    """Send it again with a new link."""

    def make(uow: UnitOfWork) -> str:
        resend_invitation(uow, keys(), invitation_id)
        return f"/invitations#invitation-{invitation_id}"

    return once_then_go(make)


@blueprint.post("/invitations/<uuid:invitation_id>/revoke")
@guarded(ADMIN)
def post_revoke(invitation_id: UUID) -> Response:
    """Take it back."""

    def make(uow: UnitOfWork) -> str:
        revoke_invitation(uow, invitation_id)
        return f"/invitations#invitation-{invitation_id}"

    return once_then_go(make)
