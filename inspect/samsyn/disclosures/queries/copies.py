"""Read what was handed over: by the giver, and by the receiver until it is withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Subquery, func, select

from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.models import DisclosedItem, DisclosedPicture, Disclosure, DisclosureGround, DisclosureReceipt
from samsyn.disclosures.rules import READERS, Copy, Decision, as_copy

MOST_OF_VISITS: Final = 2_000
"""Decisions about one operation's visits; so many are read at most."""


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A picture of a copy; what it shows is ``read_picture``."""

    id: UUID
    item_id: UUID
    size: int


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One frozen copy."""

    id: UUID
    copy: Copy
    pictures: tuple[PictureLine, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A decision. ``to_id`` none: everybody. For a receiver of what was withdrawn it says that, and nothing else."""

    id: UUID
    from_id: UUID
    to_id: UUID | None
    visit_id: UUID
    business_id: UUID | None
    operation_id: UUID | None
    request_id: UUID | None
    decision: Decision
    legal_basis: str
    reason: str
    digest: str
    decider: str
    at: datetime
    withdrawn_at: datetime | None
    to_unit_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """A decision with its copies; ``balancing`` and ``withdrawal_reason`` are there for the giver alone."""

    handed: Handed
    items: tuple[CopyLine, ...]
    balancing: str = ""
    withdrawal_reason: str = ""


COLUMNS: tuple[Any, ...] = (
    Disclosure.id,
    Disclosure.from_id,
    Disclosure.to_id,
    Disclosure.visit_id,
    Disclosure.business_id,
    Disclosure.operation_id,
    Disclosure.request_id,
    Disclosure.decision,
    Disclosure.legal_basis,
    Disclosure.reason,
    Disclosure.digest,
    Disclosure.decider,
    Disclosure.at,
    Disclosure.withdrawn_at,
    Disclosure.to_unit_id,
)


def get_disclosure(uow: UnitOfWork, disclosure_id: UUID) -> ReadCopy:
    """Return a decision with its copies (audited on both sides).

    ``NotFoundError`` for anybody else, and for a receiver once it was withdrawn.
    """
    demand_reader(uow)
    row = uow.session.execute(select(*COLUMNS).where(Disclosure.id == disclosure_id)).one_or_none()
    if row is None:
        raise NotFoundError("no such disclosure")
    handed = Handed(*row)
    items = items_of(uow, [disclosure_id])[disclosure_id]
    _note(uow, handed)
    g = DisclosureGround
    words = uow.session.execute(
        select(g.balancing, g.withdrawal_reason).where(g.disclosure_id == disclosure_id)
    ).one_or_none()
    return ReadCopy(handed, items, *(words or ("", "")))


def copies_of_business(uow: UnitOfWork, business_id: UUID) -> list[ReadCopy]:
    """Return what others have handed to the own authority, or to everybody, of a business, newest first (audited)."""
    demand_reader(uow)
    d = Disclosure
    rows = select(*COLUMNS).where(d.business_id == business_id, d.from_id != uow.me, d.decision == Decision.GRANTED)
    found = [Handed(*row) for row in uow.session.execute(rows.order_by(d.at.desc(), d.id).limit(200))]
    items = items_of(uow, [one.id for one in found])
    for one in found:
        _note(uow, one)
    return [ReadCopy(one, items[one.id]) for one in found]


def copies_of_visits(uow: UnitOfWork, visits: Collection[UUID]) -> list[ReadCopy]:
    """Return what others have handed to the own authority, or to everybody, of some visits, newest first (audited)."""
    demand_reader(uow)
    d = Disclosure
    rows = select(*COLUMNS).where(d.visit_id.in_(visits), d.from_id != uow.me, d.decision == Decision.GRANTED)
    latest = rows.order_by(d.at.desc(), d.id).limit(MOST_OF_VISITS)
    found = [Handed(*row) for row in uow.session.execute(latest)] if visits else []
    items = items_of(uow, [one.id for one in found])
    for one in found:
        _note(uow, one)
    return [ReadCopy(one, items[one.id]) for one in found]


def count_copies(uow: UnitOfWork) -> dict[UUID, int]:
    """Return how many copies the own authority may read of each business; no content, one statement."""
    d, i = Disclosure, DisclosedItem
    rows = (
        select(i.business_id, func.count().label("n"))
        .join(d, d.id == i.disclosure_id)
        .where(d.from_id != uow.me, d.withdrawn_at.is_(None))
        .group_by(i.business_id)
    )
    return {row.business_id: row.n for row in uow.session.execute(rows)}


def latest_copies(me: UUID) -> Subquery:
    """Select when the last copy of each business came, ``business_id`` and ``at``, for a list to join."""
    d = Disclosure
    given = select(d.business_id, func.max(d.at).label("at"))
    return given.where(d.from_id != me, d.decision == Decision.GRANTED).group_by(d.business_id).subquery("copied")


def receipt_of(uow: UnitOfWork, disclosure_id: UUID) -> DisclosureReceipt | None:
    """Return what both sides keep of a decision."""
    return uow.session.get(DisclosureReceipt, disclosure_id)


def demand_reader(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for somebody whose roles read no findings."""
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads no findings")


def _note(uow: UnitOfWork, handed: Handed) -> None:
    record(uow, "disclosure.read", handed.id)
    if handed.from_id != uow.me:
        record(uow, "disclosure.read", handed.id, owner=handed.from_id)


def items_of(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, tuple[CopyLine, ...]]:
    """Return the copies of some decisions with their pictures; two statements."""
    i, p = DisclosedItem, DisclosedPicture
    pictures: dict[UUID, list[PictureLine]] = {}
    shown = select(p.id, p.item_id, p.size).where(p.disclosure_id.in_(ids)).order_by(p.item_id, p.position)
    for row in uow.session.execute(shown):
        pictures.setdefault(row.item_id, []).append(PictureLine(*row))
    found: dict[UUID, list[CopyLine]] = {one: [] for one in ids}
    rows = (
        select(i.id, i.disclosure_id, i.copy.label("said"))
        .where(i.disclosure_id.in_(ids))
        .order_by(i.disclosure_id, i.position)
    )
    for row in uow.session.execute(rows):
        found[row.disclosure_id].append(CopyLine(row.id, as_copy(row.said), tuple(pictures.get(row.id, ()))))
    return {one: tuple(lines) for one, lines in found.items()}
