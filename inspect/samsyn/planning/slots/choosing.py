"""Which of many starts to show: some that do not overlap, the best first, at most a few a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.planning.slots.bits import run

A_DAY = 2


@dataclass(frozen=True, slots=True)
class Pick:
    """A start that is shown, of which rank it is, and until when it could begin just as well."""

    start: int
    rank: int
    until: int


def distinct(ranks: Sequence[int], length: int, days: Sequence[int], most: int, a_day: int = A_DAY) -> list[Pick]:
    """Return up to ``most`` starts, rank by rank and each rank by time; ``days``: all quarters of each day.

    None lies within ``length`` quarters of another, and no day has more than ``a_day``.
    """
    found: list[Pick] = []
    held = [0] * len(days)
    shut = 0
    for n, starts in enumerate(ranks):
        while (left := starts & ~shut) and len(found) < most:
            start = (left & -left).bit_length() - 1
            after = starts >> start
            found.append(Pick(start, n, start + (after ^ (after + 1)).bit_length() - 2))
            shut |= run(start - length + 1, start + length)
            day = next(d for d, quarters in enumerate(days) if quarters >> start & 1)
            held[day] += 1
            shut |= days[day] if held[day] >= a_day else 0
    return found
