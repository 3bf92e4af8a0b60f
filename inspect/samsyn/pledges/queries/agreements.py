"""Read cooperation agreements and their documents; empty or absent for who is no member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Agreement, AgreementFile

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """A cooperation agreement, with who signed it; a draft has no day of signing."""

    id: UUID
    collaboration_id: UUID
    name: str
    signed_on: date | None
    from_on: date
    until_on: date
    parties: Sequence[UUID]
    signatories: Sequence[Mapping[str, Any]]
    removed: bool
    version: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """A document of an agreement."""

    id: UUID
    name: str
    media_type: str
    size: int
    authority_id: UUID
    added_at: datetime


def agreements_of(uow: UnitOfWork) -> list[AgreementLine]:
    """The agreements of the own collaborations, the one that lasts longest first."""
    a = Agreement
    rows = select(a).where(a.removed_at.is_(None)).order_by(a.until_on.desc(), a.id).limit(MOST)
    return [agreement_line(row) for row in uow.session.scalars(rows)]


def get_agreement(uow: UnitOfWork, agreement_id: UUID) -> AgreementLine:
    """Return one, also a removed draft; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(Agreement, agreement_id)
    if row is None:
        raise NotFoundError("no such agreement")
    return agreement_line(row)


def files_of(uow: UnitOfWork, agreement_id: UUID) -> list[FileLine]:
    """The documents of an agreement, by when they came."""
    f = AgreementFile
    rows = select(f.id, f.name, f.media_type, f.size, f.authority_id, f.added_at).where(f.agreement_id == agreement_id)
    return [FileLine(*row) for row in uow.session.execute(rows.order_by(f.added_at, f.id).limit(MOST))]


def agreement_line(row: Agreement) -> AgreementLine:
    """Return a row as it is read."""
    return AgreementLine(
        *(row.id, row.collaboration_id, row.name, row.signed_on, row.from_on, row.until_on),
        *(row.parties, row.signatories, row.removed_at is not None, row.version),
    )
