"""Who I am, the colleagues that I may see, and the invitations of my authority."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Response
from pydantic import Field

from samsyn.access.queries import OfferState, get_invitation, list_invitations, list_staff
from samsyn.access.rules import Language, Role
from samsyn.access.service import InvitePerson, invite_person, resend_invitation, revoke_invitation
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once
from samsyn.web.identity import current_card, current_viewer
from samsyn.web.listing import ALL, PageQuery, cut_here
from samsyn.web.pages.codes import keys
from samsyn.web.parsing import Address, Body, Line, Shown
from samsyn.web.routing import api_blueprint

blueprint = api_blueprint("access")


class MeOut(Shown):
    """The caller: one person acting for one authority."""

    person_id: UUID
    authority_id: UUID
    name: str
    authority: str
    roles: list[str]
    language: str


class StaffOut(Shown):
    """A colleague; the shown name is a service number where the person chose so."""

    person_id: UUID
    authority_id: UUID
    unit_id: UUID
    shown_name: str
    roles: list[str]
    competences: list[str]


class StaffPage(Shown):
    """Some colleagues."""

    items: list[StaffOut]
    next_cursor: str | None


@blueprint.get("/me")
@guarded()
@blueprint.output(MeOut)
def get_me() -> MeOut:
    """Who the caller is."""
    viewer, card = current_viewer(), current_card()
    if card is None or viewer.person_id is None or viewer.authority_id is None:
        raise NotKnownError("no person")
    return MeOut(
        person_id=viewer.person_id,
        authority_id=viewer.authority_id,
        name=card.name,
        authority=card.authority,
        roles=sorted(viewer.roles),
        language=card.language,
    )


@blueprint.get("/staff")
@guarded()
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(StaffPage)
def get_staff(query: PageQuery) -> dict[str, object]:
    """Colleagues of the own authority and of the collaborations that it shares."""
    with unit_of_work(current_viewer()) as uow:
        lines = list_staff(uow, limit=ALL)
    return cut_here(lines, query, lambda line: (line.shown_name, f"{line.person_id}{line.authority_id}"))


class InvitationIn(Body):
    """Whom to invite to which unit of the own authority, with which roles."""

    address: Address
    unit_id: UUID
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    service_number: Line | None = None
    language: Language = Language.SV


class InvitationOut(Shown):
    """An invitation; never what its link opens with."""

    id: UUID
    unit_id: UUID
    address: str
    roles: list[str]
    state: OfferState
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    accepted_at: datetime | None


class InvitationPage(Shown):
    """Some invitations."""

    items: list[InvitationOut]
    next_cursor: str | None


@blueprint.get("/invitations")
@guarded(Role.UNIT_ADMIN)
@blueprint.input(PageQuery, location="query", arg_name="query")
@blueprint.output(InvitationPage)
def get_invitations(query: PageQuery) -> dict[str, object]:
    """Invitations of the own authority."""
    with unit_of_work(current_viewer()) as uow:
        found = list_invitations(uow, ALL)
    return cut_here(found, query, lambda one: (one.created_at.isoformat(), str(one.id)))


def shown_invitation(uow: UnitOfWork, invitation_id: UUID) -> InvitationOut:
    """Return an invitation as it stands now."""
    return InvitationOut.model_validate(get_invitation(uow, invitation_id))


@blueprint.post("/invitations")
@guarded(Role.UNIT_ADMIN)
@blueprint.input(InvitationIn, arg_name="body")
@blueprint.output(InvitationOut, status_code=201)
def post_invitation(body: InvitationIn) -> Response:
    """Invite a person: a letter with a link that is good for 72 hours, once, goes to the address."""

    def make(uow: UnitOfWork) -> InvitationOut:
        command = InvitePerson(body.address, body.unit_id, frozenset(body.roles), body.service_number, body.language)
        return shown_invitation(uow, invite_person(uow, keys(), command))

    return once(make, status=201)


@blueprint.post("/invitations/<uuid:invitation_id>/resend")
@guarded(Role.UNIT_ADMIN)
@blueprint.output(InvitationOut)
def post_resend(invitation_id: UUID) -> Response:
    """Send it again with a new link; the one before opens nothing any more."""

    def make(uow: UnitOfWork) -> InvitationOut:
        resend_invitation(uow, keys(), invitation_id)
        return shown_invitation(uow, invitation_id)

    return once(make)


@blueprint.delete("/invitations/<uuid:invitation_id>")
@guarded(Role.UNIT_ADMIN)
@blueprint.output(InvitationOut)
def delete_invitation(invitation_id: UUID) -> Response:
    """Take it back: its link opens nothing from the next request on."""

    def make(uow: UnitOfWork) -> InvitationOut:
        revoke_invitation(uow, invitation_id)
        return shown_invitation(uow, invitation_id)

    return once(make)
