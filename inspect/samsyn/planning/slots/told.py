"""When somebody can, from what others may learn of it: taken, unknown, and between the two what is known to be free."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.planning.slots.bits import Run, run, united
from samsyn.planning.slots.search import Free


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a person's time. ``held``: what is given or asked for here; all three may be empty."""

    busy: tuple[Run, ...] = ()
    unknown: tuple[Run, ...] = ()
    held: tuple[Run, ...] = ()


def free_of(told: Told, usual: int) -> Free:
    """Return when a person is known to be free, and when perhaps: nothing that nobody knows is ever sure.

    Between the first and the last thing that is told the rest is known: it is a shift, and free. Before, after, and
    where it is said that nobody knows, ``usual`` hours are assumed (PRODUCT); outside of them nobody is asked.
    """
    busy, unknown = united(told.busy), united(told.unknown)
    said = busy | unknown
    known = run((said & -said).bit_length() - 1, said.bit_length()) & ~said
    taken = busy | united(told.held)
    return Free(known & ~taken, (known | usual) & ~taken)
