"""Hot spots as a file: a line per business in each, or the hot spot alone where none lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.businesses.queries import BusinessCard, BusinessFilter, list_businesses
from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork
from samsyn.places.queries import HotSpotCard, list_hot_spots, premises_by_hot_spot
from samsyn.places.rules import HotSpotState
from samsyn.web.exports.columns import Column, Kind
from samsyn.web.exports.listing import Listing
from samsyn.web.listing import PageQuery
from samsyn.web.pages.hot_spots import MOST
from samsyn.web.shell import t


@dataclass(frozen=True, slots=True)
class SpotRow:
    """A business in a hot spot."""

    spot: HotSpotCard
    business: BusinessCard | None


def read(uow: UnitOfWork, _query: PageQuery) -> Sequence[SpotRow]:
    """The page's hot spots, followed ones first; a constant number of statements."""
    spots = sorted(list_hot_spots(uow), key=lambda one: one.state is not HotSpotState.FOLLOWED)
    members = premises_by_hot_spot(uow)
    found = list_businesses(uow, Seek(MOST), wanted=BusinessFilter(running=True, day=uow.today)).items
    rows: list[SpotRow] = []
    for spot in spots:
        inside = [one for one in found if one.premises_id in members.get(spot.id, frozenset())]
        rows += [SpotRow(spot, one) for one in inside] or [SpotRow(spot, None)]
    return rows


def name_of(row: SpotRow) -> str:
    """Return the business's name, or nothing."""
    return row.business.name if row.business else ""


HOT_SPOTS: Final[Listing[PageQuery, SpotRow]] = Listing(
    name="hot_spots",
    path="/hot-spots",
    query=PageQuery,
    read=read,
    columns=(
        Column("hot_spot", "tables.column.hot_spot", Kind.TEXT, lambda row: row.spot.name),
        Column("state", "operations.column.state", Kind.TEXT, lambda row: t(f"hot_spots.state.{row.spot.state}")),
        Column(
            "business", "operations.column.business", Kind.TEXT, lambda row: row.business.name if row.business else ""
        ),
        Column("id", "tables.column.id", Kind.IDENTITY, lambda row: row.spot.id, machine=True),
    ),
)
