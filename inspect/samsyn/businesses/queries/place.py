"""Read what stands around a business: since when it is there, who was there before, what its operator runs besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from samsyn.businesses.models import Business, Operator, Premises
from samsyn.businesses.rules import ALWAYS
from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Spell:
    """Since when a business is there (none: as long as the registry knows), and the day from which it is no more.

    ``version`` is that of the place: whoever changes anything at a place shows that the newest was seen.
    """

    since: date | None
    until: date | None
    version: int

    def runs(self, on: date) -> bool:
        """Say whether the operator is there on a day."""
        return self.until is None or on < self.until


@dataclass(frozen=True, slots=True)
class Beside:
    """Another business: of the same place or of the same operator."""

    id: UUID
    place: str
    address: str
    operator: str
    trades: tuple[str, ...]
    since: date | None
    until: date | None


def spell_of(uow: UnitOfWork, business_id: UUID) -> Spell:
    """Return when a business is there; ``NotFoundError`` where it is hidden or absent."""
    rows = select(func.lower(Business.during), func.upper(Business.during), Premises.version)
    found = uow.session.execute(
        rows.join(Premises, Premises.id == Business.premises_id).where(Business.id == business_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("no such business")
    return Spell(known(found[0]), found[1], found[2])


def others_at(uow: UnitOfWork, premises_id: UUID, business_id: UUID) -> list[Beside]:
    """Return the other businesses of a place, those that run first, then the latest."""
    return _beside(uow, (Business.premises_id == premises_id) & (Business.id != business_id))


def others_of(uow: UnitOfWork, operator_id: UUID, premises_id: UUID) -> list[Beside]:
    """Return what an operator runs, or ran, at other places."""
    return _beside(uow, (Business.operator_id == operator_id) & (Business.premises_id != premises_id))


def known(day: date | None) -> date | None:
    """Return a first day, or nothing where the registry was begun with the business in it."""
    return None if day == ALWAYS else day


def _beside(uow: UnitOfWork, which: ColumnElement[bool]) -> list[Beside]:
    until = func.upper(Business.during)
    rows = (
        select(
            Business.id,
            Premises.name,
            Premises.address,
            Operator.name,
            Business.trades,
            func.lower(Business.during),
            until,
        )
        .join(Premises, Premises.id == Business.premises_id)
        .join(Operator, Operator.id == Business.operator_id)
        .where(which)
        .order_by(until.desc().nulls_first(), Premises.sort_key, Business.id)
        .limit(MOST)
    )
    return [Beside(r[0], r[1], r[2], r[3], tuple(r[4]), known(r[5]), r[6]) for r in uow.session.execute(rows)]
