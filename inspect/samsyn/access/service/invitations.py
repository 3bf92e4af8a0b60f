"""Offer a place in one unit to a work address: sent, sent again, taken back. What leaves does so through the outbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from samsyn.access.models import Invitation, InvitationAcceptance, Staff, StaffAddress
from samsyn.access.offers import invitation_secret
from samsyn.access.queries.directory import PlaceCard
from samsyn.access.rules import OFFER_LASTS, Language, Role
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.keys import Keys, fingerprint
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork

SEND_INVITATIONS: Final = "samsyn.access.send_invitations"


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """An offer of one unit and of roles to who reads the mail of a work address."""

    address: str
    unit_id: UUID
    roles: frozenset[Role]
    service_number: str | None = None
    language: Language = Language.SV


def invite_person(uow: UnitOfWork, keys: Keys, command: InvitePerson) -> UUID:
    """Write the invitation and queue its letter; return its id.

    ``ConflictError`` for an address that has a place here, or an invitation that stands; ``NotFoundError`` for a unit
    that is not the viewer's to offer.
    """
    demand_admin(uow)
    address = command.address.strip().lower()
    if not command.roles:
        raise InvalidError("no role", fields={"roles": ["roles_none"]})
    if has_place(uow, address):
        raise ConflictError("a colleague has that address", fields={"address": ["address_has_place"]})
    if stands_for(uow, address):
        raise ConflictError("an invitation stands", fields={"address": ["address_invited"]})
    invitation_id = uuid4()
    write_offer(uow, keys, invitation_id, replace(command, address=address))
    return invitation_id


def invite_back(uow: UnitOfWork, keys: Keys, question_id: UUID, place: PlaceCard) -> None:
    """Send who left a link to the place as it was, under the id of the question that a colleague said yes to.

    ``NotFoundError`` where there is no such yes, used, to this person and this address: the database looks.
    """
    demand_admin(uow)
    if stands_for(uow, place.address):
        raise ConflictError("an invitation stands", fields={"address": ["address_invited"]})
    mine = select(StaffAddress.language).where(StaffAddress.staff_id == place.staff_id)
    language = uow.session.scalar(mine) or Language.SV
    roles = frozenset(Role(role) for role in place.roles)
    command = InvitePerson(place.address, place.unit_id, roles, place.service_number, language)
    write_offer(uow, keys, question_id, command, place.person_id)


def write_offer(
    uow: UnitOfWork, keys: Keys, invitation_id: UUID, command: InvitePerson, person_id: UUID | None = None
) -> None:
    """Write the row, its line in the trail, and queue the letter."""
    uow.session.execute(
        insert(Invitation).values(
            id=invitation_id,
            hash=fingerprint(invitation_secret(keys, invitation_id, 1)),
            edition=1,
            authority_id=uow.me,
            unit_id=command.unit_id,
            address=command.address,
            roles=sorted(command.roles),
            service_number=command.service_number,
            person_id=person_id,
            language=command.language,
            invited_by_id=uow.person,
            invited_by=shown_as(uow),
            created_at=func.now(),
            expires_at=func.now() + OFFER_LASTS,
        )
    )
    record(uow, "invitation.send", invitation_id)
    emit(uow, SEND_INVITATIONS, invitation_id, acts_for=uow.me)


def resend_invitation(uow: UnitOfWork, keys: Keys, invitation_id: UUID) -> None:
    """Send it again with a new link, for as long as a new one lasts; the link before opens nothing any more."""
    row = standing(uow, invitation_id)
    edition = row.edition + 1
    changed = (
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.edition == row.edition)
        .values(
            edition=edition,
            hash=fingerprint(invitation_secret(keys, invitation_id, edition)),
            expires_at=func.now() + OFFER_LASTS,
            sent_at=None,
            fault=None,
        )
        .returning(Invitation.id)
    )
    if uow.session.execute(changed).first() is None:
        raise ConflictError("it is being sent again by somebody else")
    record(uow, "invitation.resend", invitation_id)
    emit(uow, SEND_INVITATIONS, invitation_id, acts_for=uow.me)


def revoke_invitation(uow: UnitOfWork, invitation_id: UUID) -> None:
    """Take it back: its link opens nothing from the next request on."""
    standing(uow, invitation_id)
    uow.session.execute(update(Invitation).where(Invitation.id == invitation_id).values(revoked_at=func.now()))
    record(uow, "invitation.revoke", invitation_id)


def note_sent(uow: UnitOfWork, invitation_id: UUID, edition: int, fault: str | None) -> None:
    """Write what the mail server said to a letter; to an older one it says nothing of the one that stands."""
    mine = update(Invitation).where(Invitation.id == invitation_id, Invitation.edition == edition)
    uow.session.execute(mine.values(fault=fault) if fault else mine.values(sent_at=func.now(), fault=None))


def demand_admin(uow: UnitOfWork) -> None:
    """Refuse everybody but a unit administrator."""
    if Role.UNIT_ADMIN not in uow.viewer.roles:
        raise NotAllowedError("only a unit administrator invites")


def standing(uow: UnitOfWork, invitation_id: UUID) -> Invitation:
    """Return an invitation that nobody has taken or taken back; ``ConflictError`` for one that is over."""
    demand_admin(uow)
    row = uow.session.scalar(
        select(Invitation).where(Invitation.id == invitation_id, Invitation.authority_id == uow.me).with_for_update()
    )
    if row is None:
        raise NotFoundError("no such invitation")
    taken = select(InvitationAcceptance.invitation_id).where(InvitationAcceptance.invitation_id == invitation_id)
    if row.revoked_at is not None or uow.session.scalar(taken) is not None:
        raise ConflictError("it is over")
    return row


def has_place(uow: UnitOfWork, address: str) -> bool:
    """Say whether somebody of the authority has the address."""
    mine = select(StaffAddress.staff_id).where(StaffAddress.authority_id == uow.me, StaffAddress.address == address)
    return uow.session.scalar(mine) is not None


def stands_for(uow: UnitOfWork, address: str) -> bool:
    """Say whether an invitation to the address opens still."""
    taken = select(InvitationAcceptance.invitation_id).where(InvitationAcceptance.invitation_id == Invitation.id)
    mine = select(Invitation.id).where(
        Invitation.authority_id == uow.me,
        Invitation.address == address,
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > func.now(),
        ~taken.exists(),
    )
    return uow.session.scalar(mine.limit(1)) is not None


def shown_as(uow: UnitOfWork) -> str:
    """Return the viewer as others see them: a name, or a service number (R18)."""
    mine = select(Staff.shown_name).where(Staff.person_id == uow.person, Staff.authority_id == uow.me)
    return uow.session.scalar(mine) or ""
