"""Read passkeys: the own ones, the one that is presented, and which place its person enters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.access.models import Passkey, Token
from samsyn.access.passkeys import Known
from samsyn.access.queries.people import my_places
from samsyn.access.rules import Purpose
from samsyn.core.errors import NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One of the viewer's own keys; ``flagged_at``: when its counter went back."""

    id: UUID
    name: str
    created_at: datetime
    seen_at: datetime | None
    flagged_at: datetime | None


def my_passkeys(uow: UnitOfWork, limit: int = 50) -> list[PasskeyLine]:
    """The viewer's own keys, the newest first."""
    p = Passkey
    rows = select(p.id, p.name, p.created_at, p.seen_at, p.flagged_at).where(p.person_id == uow.person)
    return [PasskeyLine(*row) for row in uow.session.execute(rows.order_by(p.created_at.desc(), p.id).limit(limit))]


def my_credential_ids(uow: UnitOfWork) -> list[bytes]:
    """What the viewer's devices know the keys by: none of them is registered twice."""
    return list(uow.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == uow.person).limit(50)))


def find_passkey(credential_id: str) -> Known:
    """The key that an answer says it is from; ``NotKnownError`` for one that we do not have."""
    with unit_of_work(Viewer.presenting(fingerprint(credential_id))) as uow:
        row = uow.session.scalar(select(Passkey).where(Passkey.hash == uow.viewer.presented))
        if row is None:
            raise NotKnownError("no such key")
        return Known(row.id, row.person_id, row.public_key, row.sign_count, row.flagged_at is not None)


def place_to_enter(person_id: UUID) -> Viewer:
    """The place that a person signed in to last, of those that stand, else the first; ``NotKnownError`` without any."""
    with unit_of_work(Viewer(None, person_id)) as uow:
        places = [place.authority_id for place in my_places(uow)]
        used = (
            select(Token.authority_id)
            .where(Token.person_id == person_id, Token.purpose == Purpose.SESSION, Token.authority_id.in_(places))
            .order_by(Token.created_at.desc())
            .limit(1)
        )
        if not places:
            raise NotKnownError("no place")
        return Viewer(uow.session.scalar(used) or places[0], person_id)
