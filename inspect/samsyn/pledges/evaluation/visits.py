"""The authorities' visits beside the operations' numbers, so that what is left of them is not few (R15). Pure.

Each operation has a visit of an authority, and each further authority at it one more: the shown numbers of operations
say how many visits there are at least. What is more of them is a third authority, or a second visit, of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from samsyn.dossiers.report.small import LEAST, PublicTable
from samsyn.pledges.evaluation.cells import EVERYTHING, Part, things_of, whose

MOST_SUMS: Final = 1_000
"""Sums of shown numbers that are gone through: where there would be more, the visits are not shown."""


def few(n: int) -> bool:
    """Say whether what is left is few, also none; below nought it is no part of what it was taken from."""
    return 0 <= n < LEAST


def visits_of(visits: Mapping[str, int], operations: int, shown: Sequence[Part], *, apart: bool) -> PublicTable:
    """Return the authorities' visits, all of them or their sum alone; nothing where it is the operations' number.

    ``shown``: the operations' numbers that are shown. ``apart``: whether nothing is promised of a part of the
    operations: an authority's visits beside such a number, or its absence, would tell where it came alone, or twice.

    Who never inspects, or was no member in the year, is known to have none: beside a hidden nought that anybody knows,
    the sum would tell the other hidden ones. So nobody's number is hidden beside others that are shown.
    """
    total = sum(visits.values())
    sets = [Part(EVERYTHING, max(operations, LEAST - 1)), *shown]
    if total < LEAST or any(few(n) for n in left_of(total, sets)):
        return {"total": None, "kinds": None}
    alone = not apart or any(n < LEAST for n in visits.values())
    return {"total": total, "kinds": None if alone else dict(visits)}


def left_of(total: int, sets: Sequence[Part]) -> Iterator[int]:
    """Yield what is left of all visits by each sum of shown numbers that they hold for certain; 0 for too many sums."""
    most = [max(one.least, len(one.fields), 1) for one in sets]
    if prod(n + 2 for n in most) > MOST_SUMS:
        yield 0
        return
    worlds = [visits_at_least(sets, lead) for lead in whose(sets)]
    for weights in product(*(range(-1, n + 1) for n in most)):
        if any(all(n >= times(weights, cell) for cell, n in world.items()) for world in worlds):
            yield total - times(weights, [one.n for one in sets])


def visits_at_least(sets: Sequence[Part], lead: str) -> dict[tuple[bool, ...], int]:
    """Return how many visits an operation has at least, by which of the sets count it."""
    found: dict[tuple[bool, ...], int] = {}
    for thing in things_of(sets, lead):
        cell = tuple(thing.counted_by(one) for one in sets)
        found[cell] = min(thing.n, found.get(cell, thing.n))
    return found


def times(weights: Sequence[int], numbers: Sequence[int]) -> int:
    """Return the sum of numbers, each so many times."""
    return sum(weight * n for weight, n in zip(weights, numbers, strict=True))
