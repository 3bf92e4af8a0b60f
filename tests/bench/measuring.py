"""What a piece of work costs: processor time of this process and of those that it works with, and wall time.

CPU is the number to trust: the machine is shared. Wall time is indicative.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil
from sqlalchemy import Engine, text

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one time: here, in the others (database backend, mail server), and on the wall."""

    here: float
    others: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.here + self.others


class Clock:
    """Counts this process and some others, named by their process ids."""

    def __init__(self, *others: int) -> None:
        self._others = [psutil.Process(pid) for pid in others]

    def now(self) -> Cost:
        spent = [process.cpu_times() for process in self._others]
        return Cost(time.process_time(), sum(s.user + s.system for s in spent), time.perf_counter())

    def cost(self, work: Callable[[], object], times: int = 1) -> Cost:
        """Return the mean cost of one time. The kernel counts others in steps of 10 ms: choose ``times`` above it."""
        before = self.now()
        for _ in range(times):
            work()
        after = self.now()
        here, others, wall = after.here - before.here, after.others - before.others, after.wall - before.wall
        return Cost(here / times, others / times, wall / times)

    def interleaved(
        self,
        works: Mapping[str, Callable[[], object]],
        times: Mapping[str, int] | int = 1,
        *,
        before: Mapping[str, Callable[[], object]] | None = None,
        rounds: int = ROUNDS,
    ) -> dict[str, Cost]:
        """Return the median of each over rounds in which all take turns: a noisy minute hits all of them alike.

        ``before`` prepares a work in each round and is not counted.
        """
        seen: dict[str, list[Cost]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                if before and name in before:
                    before[name]()
                seen[name].append(self.cost(work, times if isinstance(times, int) else times.get(name, 1)))
        return {name: median(costs) for name, costs in seen.items()}


def median(costs: list[Cost]) -> Cost:
    """Return the median of each number by itself."""
    return Cost(
        statistics.median(c.here for c in costs),
        statistics.median(c.others for c in costs),
        statistics.median(c.wall for c in costs),
    )


def backend_of(engine: Engine) -> int:
    """Return the process behind an engine's only connection (its pool hands out the same one again and again)."""
    with engine.connect() as db:
        return int(db.scalar(text("SELECT pg_backend_pid()")))
