"""What a place has to bear: who was there when, and which visits are near one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Been:
    """A visit that was carried out, as its traces tell: the day, and who was there by name."""

    visit_id: UUID
    on_date: date
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit that is to be, of which the viewer may know."""

    visit_id: UUID
    on_date: date
    operation_id: UUID
    code_word: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the viewer may know of visits to one place.

    ``traced``: the place is in a register of the viewer's collaboration, so that traces of its members are read at all.
    """

    traced: bool = False
    been: tuple[Been, ...] = ()
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Another visit near a day; ``days`` from that day to it, negative before. Done where it has no ``coming``."""

    days: int
    on_date: date
    names: tuple[str, ...] = ()
    coming: Coming | None = None


@dataclass(frozen=True, slots=True)
class Burden:
    """A place on a day: ``last_on`` is the last done visit up to that day; years are that day's calendar year's."""

    traced: bool
    last_on: date | None
    days_since: int | None
    this_year: int
    last_year: int
    planned: int
    near: tuple[Near, ...]


def burden_on(known: Known, day: date, within: int, but: Collection[UUID] = ()) -> Burden:
    """Return what a place has to bear on a day, without the visits ``but``, which are asked about themselves.

    ``within``: how many days away another visit is near; 0 for never. The nearest comes first.
    """
    been = [one for one in known.been if one.visit_id not in but]
    coming = [one for one in known.coming if one.visit_id not in but]
    last = max((one.on_date for one in been if one.on_date <= day), default=None)
    near = sorted(nearby(been, coming, day, within), key=lambda one: (abs(one.days), one.days, one.coming is not None))
    return Burden(
        known.traced,
        last,
        (day - last).days if last else None,
        sum(one.on_date.year == day.year for one in been),
        sum(one.on_date.year == day.year - 1 for one in been),
        sum(one.on_date.year == day.year for one in coming),
        tuple(near),
    )


def nearby(been: Collection[Been], coming: Collection[Coming], day: date, within: int) -> Iterator[Near]:
    """Yield the visits that lie within so many days of a day, on either side; none where nobody wants to be warned."""
    if within:
        for one in been:
            if abs(days := (one.on_date - day).days) <= within:
                yield Near(days, one.on_date, one.names)
        for plan in coming:
            if abs(days := (plan.on_date - day).days) <= within:
                yield Near(days, plan.on_date, coming=plan)
