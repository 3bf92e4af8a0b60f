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
from samsyn.web.pages.businesses import word
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("hot_spots")
WIDE: Final = 900.0
MARGIN: Final = 0.12
LOW: Final = 1.6
"""A picture is at least so many times as wide as it is high."""
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
    """Places and outlines on a plane, north up; sizes in the units of the picture. ``beyond``: places outside it."""

    high: float
    beyond: int
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
        wanted = BusinessFilter(running=True, day=uow.today)
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
    """Return the hot spots and what lies around them, or nothing where none tells where it is.

    An equirectangular projection with the middle latitude's width: right to a few metres over a municipality. Villages
    far off would shrink the rest to a blot, so they are counted and not drawn.
    """
    places = {
        one.premises_id: (one.latitude, one.longitude)
        for one in businesses
        if one.latitude is not None and one.longitude is not None
    }
    core = [corner for spot in spots for corner in spot.outline]
    core += [at for one, at in places.items() if one in members]
    if len(set(core)) < 2:  # noqa: PLR2004  one place has no extent
        return None
    frame = frame_around(core)
    seen = {one: at for one, at in places.items() if frame.holds(at)}
    outlines = []
    for n, spot in enumerate(spots, 1):
        corners = [frame.put(corner) for corner in spot.outline]
        if corners:
            middle = tuple(round(sum(axis) / len(corners), 1) for axis in zip(*corners, strict=True))
            shape = " ".join(f"{x},{y}" for x, y in corners)
            outlines.append(Outline(n, shape, (middle[0], middle[1]), spot.state is HotSpotState.FOLLOWED))
    return Plot(
        round((frame.north - frame.south) * frame.scale, 1),
        len(places) - len(seen),
        tuple(outlines),
        tuple(sorted({frame.put(at) for one, at in seen.items() if one in members})),
        tuple(sorted({frame.put(at) for one, at in seen.items() if one not in members})),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The edges in degrees, and how many units of the picture a degree of latitude is."""

    north: float
    south: float
    west: float
    east: float
    narrow: float
    scale: float

    def holds(self, at: Point) -> bool:
        """Say whether a place (latitude, longitude) lies in the picture."""
        return self.south <= at[0] <= self.north and self.west <= at[1] <= self.east

    def put(self, at: Point) -> Point:
        """Return where a place (latitude, longitude) is in the picture."""
        x, y = (at[1] - self.west) * self.narrow * self.scale, (self.north - at[0]) * self.scale
        return round(x, 1), round(y, 1)


def frame_around(core: Sequence[Point]) -> Frame:
    """Return a frame with a margin around some places, at least as wide as it is high."""
    north, south = max(lat for lat, _ in core), min(lat for lat, _ in core)
    west, east = min(lon for _, lon in core), max(lon for _, lon in core)
    narrow = math.cos(math.radians((north + south) / 2))
    margin = max((east - west) * narrow, north - south) * MARGIN
    north, south = north + margin, south - margin
    missing = max((north - south) * LOW - ((east - west) * narrow + 2 * margin), 0.0) / 2
    west, east = west - (margin + missing) / narrow, east + (margin + missing) / narrow
    return Frame(north, south, west, east, narrow, WIDE / ((east - west) * narrow))
