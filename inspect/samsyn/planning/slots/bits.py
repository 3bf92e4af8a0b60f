"""Sets of quarters as Python integers: bit n stands for the n-th quarter. No compiled code, a few shifts and ands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Run = tuple[int, int]
"""Quarters from one until before another."""


def run(first: int, last: int) -> int:
    """Return the quarters from ``first`` until before ``last``; what lies before the beginning is cut off."""
    first = max(first, 0)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def united(runs: Iterable[Run]) -> int:
    """Return the quarters of some runs together."""
    found = 0
    for first, last in runs:
        found |= run(first, last)
    return found


def lasting(free: int, length: int) -> int:
    """Return the quarters from which on ``length`` quarters in a row are free, in as many steps as that has digits."""
    have = 1
    while have < length:
        step = min(have, length - have)
        free &= free >> step
        have += step
    return free


def at_least(sets: Iterable[int], most: int) -> list[int]:
    """Return for each number from 1 to ``most`` the quarters that at least so many of the sets hold.

    For 0 that would be everything, which no set can say: nobody asks for it.
    """
    found = [0] * (most + 1)
    for one in sets:
        for n in range(most, 1, -1):
            found[n] |= found[n - 1] & one
        found[1] |= one
    return found


def runs_of(bits: int) -> Iterator[Run]:
    """Yield the runs of a set, in their order, none touching the next."""
    at = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (bits ^ (bits + 1)).bit_length() - 1
        yield at + gap, at + gap + length
        bits >>= length
        at += gap + length
