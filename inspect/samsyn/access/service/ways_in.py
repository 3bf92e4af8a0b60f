"""That nobody takes away the only way in that they have."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from samsyn.access.models import Identity, Passkey, Token
from samsyn.access.rules import Purpose
from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork


def demand_another_way_in(uow: UnitOfWork, without: UUID) -> None:
    """Raise ``ConflictError`` where the viewer has no password, identity or usable key beside the one named."""
    password = select(Token.hash).where(
        Token.person_id == uow.person, Token.purpose == Purpose.SIGN_IN, Token.revoked_at.is_(None)
    )
    identity = select(Identity.id).where(Identity.person_id == uow.person, Identity.id != without)
    key = select(Passkey.id).where(Passkey.person_id == uow.person, Passkey.id != without, Passkey.flagged_at.is_(None))
    if not uow.session.scalar(select(or_(password.exists(), identity.exists(), key.exists()))):
        raise ConflictError("the only way in")
