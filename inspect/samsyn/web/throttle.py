"""How often wrong passwords may be tried; counted in this process, so that it holds also when Redis is away."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Final

from werkzeug.exceptions import ServiceUnavailable, TooManyRequests


class Throttle:
    """At most ``most`` failures in ``within`` seconds per address, ten times that per caller; ``at_once`` checks run.

    A check takes 64 MiB and most of a second of one core (argon2id): more of them at once would be a way to stop us.
    """

    def __init__(self, most: int, within: float, at_once: int) -> None:
        self.most, self.within = most, within
        self._failures: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock, self._checks = Lock(), BoundedSemaphore(at_once)

    @contextmanager
    def turn(self, address: str, caller: str) -> Iterator[None]:
        """Wait up to ten seconds for a turn; 429 after too many failures, 503 when the queue is long."""
        if self.recent(f"a:{address}") >= self.most or self.recent(f"c:{caller}") >= 10 * self.most:
            raise TooManyRequests
        if not self._checks.acquire(timeout=10):
            raise ServiceUnavailable
        try:
            yield
        finally:
            self._checks.release()

    def failed(self, address: str, caller: str) -> None:
        """Count a failure against the address tried and against the caller."""
        with self._lock:
            if len(self._failures) > 10_000:  # noqa: PLR2004 - a flood of made-up addresses must not fill the memory
                self._failures.clear()
            for name in (f"a:{address}", f"c:{caller}"):
                self._failures[name].append(monotonic())

    def recent(self, name: str) -> int:
        """Return how many failures count still."""
        with self._lock:
            times = self._failures.get(name, deque())
            while times and times[0] < monotonic() - self.within:
                times.popleft()
            return len(times)


SIGN_INS: Final = Throttle(most=10, within=300, at_once=2)
