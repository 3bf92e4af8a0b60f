"""Packages that were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.records.models import RecordsPackage
from samsyn.records.queries.requests import demand_keeper
from samsyn.records.rules import Subject

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package: what it is of, its checksum, its files by name."""

    id: UUID
    subject: Subject
    request_id: UUID | None
    business_id: UUID | None
    operation_id: UUID | None
    number: str
    name: str
    manifest: list[str]
    digest: str
    size: int
    content_hmac: str
    made_by: UUID
    made_at: datetime


def get_package(uow: UnitOfWork, package_id: UUID) -> PackageLine:
    """Return a package; ``NotFoundError`` for another's, for jäv and for none."""
    demand_keeper(uow)
    row = uow.session.get(RecordsPackage, package_id)
    if row is None:
        raise NotFoundError("no such package")
    return line(row)


def list_packages(
    uow: UnitOfWork,
    *,
    request_id: UUID | None = None,
    business_id: UUID | None = None,
    operation_id: UUID | None = None,
) -> list[PackageLine]:
    """Return the packages of one thing, or all, newest first."""
    demand_keeper(uow)
    p = RecordsPackage
    rows = select(p).order_by(p.made_at.desc(), p.id).limit(MOST)
    for column, wanted in (
        (p.request_id, request_id),
        (p.business_id, business_id),
        (p.operation_id, operation_id),
    ):
        rows = rows.where(column == wanted) if wanted is not None else rows
    return [line(row) for row in uow.session.scalars(rows)]


def line(row: RecordsPackage) -> PackageLine:
    """Copy a row into the public type."""
    return PackageLine(
        row.id,
        row.subject,
        row.request_id,
        row.business_id,
        row.operation_id,
        row.number,
        row.name,
        row.manifest,
        row.digest,
        row.size,
        row.content_hmac,
        row.made_by,
        row.made_at,
    )
