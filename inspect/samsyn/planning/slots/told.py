"""When somebody can, from what others may learn of it: taken, unknown, and between the two what is known to be free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from samsyn.planning.slots.bits import Run, lasting, run, runs_of, united
from samsyn.planning.slots.search import Free

LONGEST: Final = 96
"""Quarters of the longest shift: a day. What is left open for longer was not looked into."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a person's time, as sets of quarters: taken, unknown, and ``held`` for something here.

    ``readings``: what was told at once, taken and unknown together. What lies between the first and the last of one
    reading and is neither is a shift, and free; between two readings nobody has looked.
    """

    busy: int = 0
    unknown: int = 0
    held: int = 0
    readings: tuple[int, ...] = ()


def free_of(told: Told, usual: int) -> Free:
    """Return when a person is known to be free, and when perhaps: nothing that nobody knows is ever sure.

    Outside of known shifts ``usual`` hours are assumed (PRODUCT); outside of those nobody is asked.
    """
    known = looked_into(told.readings) & ~(told.busy | told.unknown)
    if too_long := lasting(known, LONGEST + 1):
        known &= ~united((first, last + LONGEST) for first, last in runs_of(too_long))
    taken = told.busy | told.held
    return Free(known & ~taken, (known | usual) & ~taken)


def looked_into(readings: Iterable[int]) -> int:
    """Return all that lies between the first and the last of each reading."""
    found = 0
    for said in readings:
        found |= run((said & -said).bit_length() - 1, said.bit_length())
    return found


def without(told: Told, going: Run) -> Told:
    """Return what is told without a time that stands in it by itself: an own calendar's of what is held here."""
    mine = run(*going)
    alone = told.busy & run(going[0] - 1, going[1] + 1) == mine
    return replace(told, busy=told.busy & ~mine) if alone else told
