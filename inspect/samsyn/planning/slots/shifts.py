"""A person's days out of the quarters in which that person is free: from the first to the last, less what lies between.

What is taken, or what nobody knows, splits no day in two: the visits of a day are counted from morning to night.
"""

from __future__ import annotations

from samsyn.planning.slots.bits import Run, run, runs_of
from samsyn.planning.slots.grid import Grid


def days_of(grid: Grid, free: int) -> tuple[list[Run], list[Run]]:
    """Return the days with something free in them, each from its first free quarter to its last, and what is taken
    inside of them. No day goes past a midnight.
    """
    days: list[Run] = []
    taken: list[Run] = []
    for _, begins, length in grid.each_day():
        if mine := free & run(begins, begins + length):
            day = (mine & -mine).bit_length() - 1, mine.bit_length()
            days.append(day)
            taken += runs_of(run(*day) & ~mine)
    return days, taken
