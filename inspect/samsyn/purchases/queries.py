"""Read the own authority's test purchases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.purchases.models import TestPurchase
from samsyn.purchases.rules import WRITERS

MOST = 200
"""A part holds a few; so many are read at most."""


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One test purchase as its own authority reads it; ``told_trader_on`` None: the trader has not been told."""

    id: UUID
    part_id: UUID
    visit_id: UUID
    on_date: date
    asked_for: str
    age_asked: bool
    told_trader_on: date | None
    written_by: UUID
    written_at: datetime
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """A purchase whose trader waits to be told: ids and a day, none of its words."""

    id: UUID
    part_id: UUID
    visit_id: UUID
    on_date: date


def purchases_at(uow: UnitOfWork, part_id: UUID) -> list[PurchaseLine]:
    """Return the purchases of an own part, oldest first (logged); nothing at another's."""
    found = select(TestPurchase).where(TestPurchase.part_id == part_id, TestPurchase.authority_id == uow.me)
    rows = uow.session.scalars(found.order_by(TestPurchase.on_date, TestPurchase.written_at).limit(MOST)).all()
    if rows:
        record(uow, "purchase.read", part_id)
    return [line(row) for row in rows]


def purchases_for_records(uow: UnitOfWork, visits: Collection[UUID]) -> list[PurchaseLine]:
    """Return the own purchases at some visits for who examines the authority's records, oldest first (logged)."""
    if not uow.viewer.roles & KEEPERS:
        raise NotAllowedError("this role examines no records")
    found = select(TestPurchase).where(TestPurchase.visit_id.in_(visits))
    rows = uow.session.scalars(found.order_by(TestPurchase.on_date, TestPurchase.written_at, TestPurchase.id)).all()
    for part_id in sorted({row.part_id for row in rows}):
        record(uow, "purchase.read", part_id)
    return [line(row) for row in rows]


def get_purchase(uow: UnitOfWork, purchase_id: UUID) -> PurchaseLine:
    """Return one (logged); ``NotFoundError`` for another's and for none."""
    row = uow.session.get(TestPurchase, purchase_id)
    if row is None:
        raise NotFoundError("no such test purchase")
    record(uow, "purchase.read", row.part_id)
    return line(row)


def untold(uow: UnitOfWork) -> list[Untold]:
    """Return whose traders wait to be told, for who may write it down; one statement."""
    if not uow.viewer.roles & WRITERS:
        return []
    columns = (TestPurchase.id, TestPurchase.part_id, TestPurchase.visit_id, TestPurchase.on_date)
    found = select(*columns).where(TestPurchase.authority_id == uow.me, TestPurchase.told_trader_on.is_(None))
    return [Untold(*row) for row in uow.session.execute(found.order_by(TestPurchase.on_date).limit(MOST))]


def line(row: TestPurchase) -> PurchaseLine:
    """Copy a row into the public type."""
    return PurchaseLine(
        row.id,
        row.part_id,
        row.visit_id,
        row.on_date,
        row.asked_for,
        row.age_asked,
        row.told_trader_on,
        row.written_by,
        row.written_at,
        row.unit_id,
    )
