"""How often wrong passwords may be tried; counted in PostgreSQL: all processes hold one limit, without Valkey too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from samsyn.access.service import count_attempts, note_attempt


class Throttle:
    """At most ``most`` failures in ``within`` per address, ten times that per caller; ``at_once`` checks run here.

    A check takes 64 MiB and most of a second of one core (argon2id): more of them at once would be a way to stop us.
    A database that is away refuses every sign-in, and so does this.
    """

    def __init__(self, most: int, within: timedelta, at_once: int) -> None:
        self.most, self.within = most, within
        self._checks = BoundedSemaphore(at_once)

    @contextmanager
    def turn(self, address: str, caller: str) -> Iterator[None]:
        """Wait up to ten seconds for a turn; 429 after too many failures, 503 when the queue is long."""
        self.demand(address, caller)
        if not self._checks.acquire(timeout=10):
            raise ServiceUnavailable
        try:
            yield
        finally:
            self._checks.release()

    def demand(self, address: str, caller: str) -> None:
        """Raise 429 after too many failures; ``address`` is empty before anybody is named."""
        named = bool(address) and count_attempts(f"a:{address}") >= self.most
        if named or count_attempts(f"c:{caller}") >= 10 * self.most:
            raise TooManyRequests

    def failed(self, address: str, caller: str) -> None:
        """Count a failure against the address tried and against the caller."""
        for name in filter(None, (f"a:{address}" if address else "", f"c:{caller}")):
            note_attempt(name, self.within)


SIGN_INS: Final = Throttle(most=10, within=timedelta(minutes=5), at_once=2)
AT_PROVIDERS: Final = Throttle(most=10, within=timedelta(minutes=5), at_once=8)
"""Sign-ins that wait for an outside provider: at most so many of our threads do, however slow it is."""
