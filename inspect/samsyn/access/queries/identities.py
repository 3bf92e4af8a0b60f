"""Read whom an identity of an outside provider stands for, and the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.access.models import Identity
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One of the viewer's own identities; of whom the provider speaks is kept as a digest and cannot be shown."""

    id: UUID
    issuer: str
    since: datetime
    used_at: datetime | None


def identity_hash(keys: Keys, issuer: str, subject: str) -> str:
    """Return what an identity is found by: issuer and subject together, under a key of ours."""
    return keys.digest("identity", issuer, subject).hex()


def find_identity(hashed: str) -> Viewer | None:
    """Return whose identity this is, without roles, or nothing for one that nobody has linked."""
    with unit_of_work(Viewer.presenting(hashed)) as uow:
        row = uow.session.execute(
            select(Identity.authority_id, Identity.person_id).where(Identity.hash == uow.viewer.presented)
        ).one_or_none()
    return Viewer(row.authority_id, row.person_id) if row is not None else None


def my_identities(uow: UnitOfWork, limit: int = 50) -> list[IdentityLine]:
    """The viewer's own identities, the oldest first."""
    rows = select(Identity).where(Identity.person_id == uow.person).order_by(Identity.since, Identity.id).limit(limit)
    return [IdentityLine(row.id, row.issuer, row.since, row.used_at) for row in uow.session.scalars(rows)]
