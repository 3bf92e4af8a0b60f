"""Which of many starts to show: some that do not overlap, the best first, at most a few a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.planning.slots.bits import run, united

A_DAY = 2


@dataclass(frozen=True, slots=True)
class Pick:
    """A start that is shown, of which rank it is, and until when it could begin just as well."""

    start: int
    rank: int
    until: int


def distinct(ranks: Sequence[int], length: int, midnights: Sequence[int], most: int, a_day: int = A_DAY) -> list[Pick]:
    """Return up to ``most`` starts, by rank and time: of each rank first one a day, then more up to ``a_day``.

    None lies within ``length`` quarters of another. ``midnights``: with which quarter each day begins, and the end.
    """
    found: list[Pick] = []
    near, held = 0, [0] * (len(midnights) - 1)
    for rank, starts in enumerate(ranks):
        for allowed in range(1, a_day + 1) if starts else ():
            full = united((midnights[n], midnights[n + 1]) for n, so_many in enumerate(held) if so_many >= allowed)
            while (left := starts & ~near & ~full) and len(found) < most:
                start = (left & -left).bit_length() - 1
                after = starts >> start
                found.append(Pick(start, rank, start + (after ^ (after + 1)).bit_length() - 2))
                near |= run(start - length + 1, start + length)
                day = bisect_right(midnights, start) - 1
                held[day] += 1
                full |= run(midnights[day], midnights[day + 1]) if held[day] >= allowed else 0
    return sorted(found, key=lambda one: (one.rank, one.start))
