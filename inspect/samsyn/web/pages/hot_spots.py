"""Hot spots: where they lie among the places, what happened to them, and which businesses lie in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samsyn.businesses.queries import BusinessCard, BusinessFilter, list_businesses
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.places.queries import HotSpotCard, histories, list_hot_spots, premises_by_hot_spot
from samsyn.places.rules import HotSpotState
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import day_of
from samsyn.web.pages.businesses import word
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("hot_spots")
WIDE: Final = 900.0
PAD: Final = 24.0
MOST: Final = 2_000
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A hot spot on the plot: its number in the list, its corners as SVG takes them, and where the number stands."""

    n: int
    corners: str
    at: Point
    followed: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """Places and outlines on a plane, north up; sizes in the units of the picture."""

    high: float
    outlines: tuple[Outline, ...]
    inside: tuple[Point, ...]
    outside: tuple[Point, ...]


@blueprint.get("/hot-spots")
@guarded()
def get_hot_spots() -> str:
    """Every hot spot of the own collaborations, followed ones first; a constant number of statements."""
    with unit_of_work(current_viewer()) as uow:
        spots = sorted(list_hot_spots(uow), key=lambda one: one.state is not HotSpotState.FOLLOWED)
        told = histories(uow, {one.id for one in spots})
        members = premises_by_hot_spot(uow)
        wanted = BusinessFilter(running=True, day=day_of(uow.now))
        businesses = list_businesses(uow, Seek(MOST), wanted=wanted).items
    within = {
        spot.id: [one for one in businesses if one.premises_id in members.get(spot.id, frozenset())] for spot in spots
    }
    return page(
        "hot-spots.html.j2",
        spots=spots,
        told=told,
        within=within,
        plot=plot_of(spots, businesses, frozenset().union(*members.values())),
        word=word,
    )


def plot_of(
    spots: Sequence[HotSpotCard], businesses: Sequence[BusinessCard], members: frozenset[object]
) -> Plot | None:
    """Return the plot, or nothing where no two places tell where they are.

    An equirectangular projection with the middle latitude's width: right to a few metres over a municipality.
    """
    places = {
        one.premises_id: (one.latitude, one.longitude)
        for one in businesses
        if one.latitude is not None and one.longitude is not None
    }
    every = [*places.values(), *(corner for spot in spots for corner in spot.outline)]
    if len(set(every)) < 2:  # noqa: PLR2004  one place has no extent
        return None
    north, south = max(lat for lat, _ in every), min(lat for lat, _ in every)
    west, east = min(lon for _, lon in every), max(lon for _, lon in every)
    narrow = math.cos(math.radians((north + south) / 2))
    scale = (WIDE - 2 * PAD) / max((east - west) * narrow, (north - south) * 1.25, 1e-6)
    left = PAD + (WIDE - 2 * PAD - (east - west) * narrow * scale) / 2

    def put(lat: float, lon: float) -> Point:
        return round(left + (lon - west) * narrow * scale, 1), round(PAD + (north - lat) * scale, 1)

    outlines = []
    for n, spot in enumerate(spots, 1):
        corners = [put(*corner) for corner in spot.outline]
        if corners:
            middle = tuple(round(sum(axis) / len(corners), 1) for axis in zip(*corners, strict=True))
            shape = " ".join(f"{x},{y}" for x, y in corners)
            outlines.append(Outline(n, shape, (middle[0], middle[1]), spot.state is HotSpotState.FOLLOWED))
    return Plot(
        round((north - south) * scale + 2 * PAD, 1),
        tuple(outlines),
        tuple(sorted({put(*at) for one, at in places.items() if one in members})),
        tuple(sorted({put(*at) for one, at in places.items() if one not in members})),
    )
