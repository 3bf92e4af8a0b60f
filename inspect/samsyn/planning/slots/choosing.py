"""Which of many starts to show: some that do not overlap, the best first, at most a few a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from samsyn.planning.slots.bits import run

A_DAY = 2


@dataclass(frozen=True, slots=True)
class Pick:
    """A start that is shown, of which rank it is, and until when it could begin just as well."""

    start: int
    rank: int
    until: int


def distinct(ranks: Sequence[int], length: int, days: Sequence[int], most: int, a_day: int = A_DAY) -> list[Pick]:
    """Return up to ``most`` starts, by rank and time: of each rank first one a day, then more up to ``a_day``.

    None lies within ``length`` quarters of another. ``days``: all quarters of each day.
    """
    found: list[Pick] = []
    near = 0
    for rank, starts in enumerate(ranks):
        for allowed in range(1, a_day + 1):
            while (left := starts & ~near & ~full(found, days, allowed)) and len(found) < most:
                start = (left & -left).bit_length() - 1
                after = starts >> start
                found.append(Pick(start, rank, start + (after ^ (after + 1)).bit_length() - 2))
                near |= run(start - length + 1, start + length)
    return sorted(found, key=lambda one: (one.rank, one.start))


def full(found: Sequence[Pick], days: Sequence[int], allowed: int) -> int:
    """Return the days that have as many as they may."""
    return reduce(or_, (day for day in days if sum(day >> one.start & 1 for one in found) >= allowed), 0)
