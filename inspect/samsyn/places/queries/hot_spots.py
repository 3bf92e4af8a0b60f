"""Read hot spots: the places themselves, their history, what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.places.models import HotSpot, HotSpotEvent, HotSpotPremises
from samsyn.places.rules import HotSpotChange, HotSpotState

MOST: Final = 5_000
"""More than anybody follows: who chooses one, or names one in a list, sees them all."""


@dataclass(frozen=True, slots=True)
class HotSpotCard:
    """A named place with its outline (latitude, longitude)."""

    id: UUID
    collaboration_id: UUID
    name: str
    outline: tuple[tuple[float, float], ...]
    state: HotSpotState


@dataclass(frozen=True, slots=True)
class HotSpotEventLine:
    """What happened to a hot spot on a day."""

    on_date: date
    change: HotSpotChange
    text: str
    name: str | None = None


def list_hot_spots(uow: UnitOfWork, collaboration_id: UUID | None = None, limit: int = MOST) -> list[HotSpotCard]:
    """All the hot spots of the viewer's collaborations by name, also those that ended."""
    rows = select(HotSpot).order_by(HotSpot.name, HotSpot.id).limit(limit)
    if collaboration_id is not None:
        rows = rows.where(HotSpot.collaboration_id == collaboration_id)
    return [
        HotSpotCard(r.id, r.collaboration_id, r.name, tuple((p[0], p[1]) for p in r.outline), HotSpotState(r.state))
        for r in uow.session.scalars(rows)
    ]


def get_hot_spot(uow: UnitOfWork, hot_spot_id: UUID) -> HotSpotCard:
    """Return one; ``NotFoundError`` where it is hidden or absent."""
    row = uow.session.get(HotSpot, hot_spot_id)
    if row is None:
        raise NotFoundError("no such hot spot")
    outline = tuple((point[0], point[1]) for point in row.outline)
    return HotSpotCard(row.id, row.collaboration_id, row.name, outline, HotSpotState(row.state))


def hot_spot_history(uow: UnitOfWork, hot_spot_id: UUID, limit: int = 200) -> list[HotSpotEventLine]:
    """The newest lines of a hot spot's history, newest first."""
    rows = select(HotSpotEvent.on_date, HotSpotEvent.change, HotSpotEvent.text, HotSpotEvent.name)
    rows = rows.where(HotSpotEvent.hot_spot_id == hot_spot_id).order_by(HotSpotEvent.on_date.desc(), HotSpotEvent.id)
    return [HotSpotEventLine(*row) for row in uow.session.execute(rows.limit(limit))]


def histories(uow: UnitOfWork, hot_spots: set[UUID], limit: int = 1000) -> dict[UUID, list[HotSpotEventLine]]:
    """The history of several hot spots, newest first, in one statement."""
    e = HotSpotEvent
    rows = select(e.hot_spot_id, e.on_date, e.change, e.text).where(e.hot_spot_id.in_(hot_spots))
    found: dict[UUID, list[HotSpotEventLine]] = {}
    for row in uow.session.execute(rows.order_by(e.on_date.desc(), e.id).limit(limit)):
        found.setdefault(row.hot_spot_id, []).append(HotSpotEventLine(row.on_date, row.change, row.text))
    return found


def premises_by_hot_spot(uow: UnitOfWork) -> dict[UUID, frozenset[UUID]]:
    """What lies in each hot spot now, in one statement."""
    s = HotSpotPremises
    rows = select(s.hot_spot_id, s.premises_id).where(s.left_on.is_(None))
    found: dict[UUID, set[UUID]] = {}
    for hot_spot_id, premises_id in uow.session.execute(rows):
        found.setdefault(hot_spot_id, set()).add(premises_id)
    return {one: frozenset(premises) for one, premises in found.items()}


def hot_spots_of_premises(uow: UnitOfWork, premises: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the hot spots in which each premises lies now."""
    rows = (
        select(HotSpotPremises.premises_id, HotSpot.name)
        .join(HotSpot, HotSpot.id == HotSpotPremises.hot_spot_id)
        .where(HotSpotPremises.premises_id.in_(premises), HotSpotPremises.left_on.is_(None))
        .order_by(HotSpot.name)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for premises_id, name in uow.session.execute(rows):
        found[premises_id] = (*found.get(premises_id, ()), name)
    return found


def premises_ever_in(uow: UnitOfWork, hot_spot_id: UUID) -> dict[UUID, date | None]:
    """What lies or lay in a hot spot, with the day on which it was taken out."""
    s = HotSpotPremises
    rows = select(s.premises_id, s.left_on).where(s.hot_spot_id == hot_spot_id)
    return {row.premises_id: row.left_on for row in uow.session.execute(rows)}


def premises_in_hot_spot(uow: UnitOfWork, hot_spot_id: UUID) -> frozenset[UUID]:
    """What lies in a hot spot now."""
    rows = select(HotSpotPremises.premises_id).where(
        HotSpotPremises.hot_spot_id == hot_spot_id, HotSpotPremises.left_on.is_(None)
    )
    return frozenset(uow.session.scalars(rows))
