"""When somebody can, from what others may learn of it: taken, unknown, and between the two what is known to be free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from samsyn.planning.slots.bits import Run, lasting, run, runs_of, united
from samsyn.planning.slots.search import Free

LONGEST: Final = 96
"""Quarters of the longest shift: a day. What is left open for longer was not looked into."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a person's time: taken, unknown, and ``held`` for something here; each may be empty.

    ``readings``: what was told at once, taken and unknown together. What lies between the first and the last of one
    reading and is neither is a shift, and free; between two readings nobody has looked.
    """

    busy: tuple[Run, ...] = ()
    unknown: tuple[Run, ...] = ()
    held: tuple[Run, ...] = ()
    readings: tuple[tuple[Run, ...], ...] = ()


def free_of(told: Told, usual: int) -> Free:
    """Return when a person is known to be free, and when perhaps: nothing that nobody knows is ever sure.

    Outside of known shifts ``usual`` hours are assumed (PRODUCT); outside of those nobody is asked.
    """
    busy = united(told.busy)
    known = looked_into(told.readings) & ~(busy | united(told.unknown))
    if too_long := lasting(known, LONGEST + 1):
        known &= ~united((first, last + LONGEST) for first, last in runs_of(too_long))
    taken = busy | united(told.held)
    return Free(known & ~taken, (known | usual) & ~taken)


def looked_into(readings: Iterable[tuple[Run, ...]]) -> int:
    """Return all that lies between the first and the last of each reading."""
    found = 0
    for one in readings:
        said = united(one)
        found |= run((said & -said).bit_length() - 1, said.bit_length())
    return found
