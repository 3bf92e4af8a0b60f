"""Read invitations: as the administrator who sent them, as the worker that mails them, by who holds the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from samsyn.access.models import Invitation, InvitationAcceptance, Token
from samsyn.access.rules import Language, Purpose, sign_in_name
from samsyn.core.errors import NotFoundError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


class OfferState(StrEnum):
    """How an invitation stands."""

    WAITING = "waiting"  # its letter has not left
    SENT = "sent"
    FAILED = "failed"  # the mail server took the letter not
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


OPEN = frozenset({OfferState.WAITING, OfferState.SENT, OfferState.FAILED})


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation, without what opens it."""

    id: UUID
    edition: int
    authority_id: UUID
    unit_id: UUID
    address: str
    roles: tuple[str, ...]
    service_number: str | None
    person_id: UUID | None
    language: Language
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    accepted_by: UUID | None
    sent_at: datetime | None
    fault: str | None
    state: OfferState

    @property
    def open(self) -> bool:
        """Whether its link lets somebody in."""
        return self.state in OPEN


def state_of(row: Invitation, accepted_at: datetime | None, at: datetime) -> OfferState:
    """Say how an invitation stands at a moment."""
    if accepted_at is not None:
        return OfferState.ACCEPTED
    if row.revoked_at is not None:
        return OfferState.REVOKED
    if row.expires_at <= at:
        return OfferState.EXPIRED
    if row.sent_at is not None:
        return OfferState.SENT
    return OfferState.FAILED if row.fault else OfferState.WAITING


def offers(*where: ColumnElement[bool]) -> Select[Invitation, datetime, UUID, datetime]:
    """Ask for invitations with when and by whom they were accepted (nothing: not), and the database's moment."""
    a = InvitationAcceptance
    rows = select(Invitation, a.accepted_at, a.person_id, func.now())
    return rows.outerjoin(a, a.invitation_id == Invitation.id).where(*where)


def offer_of(row: Invitation, accepted_at: datetime | None, accepted_by: UUID | None, at: datetime) -> Offer:
    """Return a row as what others read of it."""
    return Offer(
        row.id,
        row.edition,
        row.authority_id,
        row.unit_id,
        row.address,
        tuple(row.roles),
        row.service_number,
        row.person_id,
        row.language,
        row.invited_by,
        row.created_at,
        row.expires_at,
        accepted_at,
        accepted_by,
        row.sent_at,
        row.fault,
        state_of(row, accepted_at, at),
    )


def list_invitations(uow: UnitOfWork, limit: int = 200) -> list[Offer]:
    """The own authority's invitations, newest first."""
    rows = offers(Invitation.authority_id == uow.me).order_by(Invitation.created_at.desc(), Invitation.id).limit(limit)
    return [offer_of(*row) for row in uow.session.execute(rows)]


def get_invitation(uow: UnitOfWork, invitation_id: UUID) -> Offer:
    """One invitation of the own authority; ``NotFoundError`` for what is none."""
    row = uow.session.execute(offers(Invitation.id == invitation_id, Invitation.authority_id == uow.me)).one_or_none()
    if row is None:
        raise NotFoundError("no such invitation")
    return offer_of(*row)


def invitations_by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Offer]:
    """Invitations by id, for the worker that mails them."""
    rows = offers(Invitation.id.in_(ids), Invitation.authority_id == uow.me)
    return {row[0].id: offer_of(*row) for row in uow.session.execute(rows)}


def find_offer(secret: str) -> Offer:
    """The invitation that a link's secret stands for, also one that is over; ``NotFoundError`` for an unknown one."""
    with unit_of_work(Viewer.presenting(fingerprint(secret))) as uow:
        row = uow.session.execute(offers(Invitation.hash == uow.viewer.presented)).one_or_none()
        if row is None:
            raise NotFoundError("no such address")
        return offer_of(*row)


def signs_in_already(address: str) -> bool:
    """Say whether somebody signs in with a work address; asked for the holder of a link that was mailed there."""
    with unit_of_work(Viewer.presenting(fingerprint(sign_in_name(address)))) as uow:
        row = select(Token.hash).where(Token.hash == uow.viewer.presented, Token.purpose == Purpose.SIGN_IN)
        return uow.session.scalar(row) is not None
