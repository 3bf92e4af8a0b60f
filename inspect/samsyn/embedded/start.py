"""What the starts of the three servers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from samsyn.embedded.child import Child
from samsyn.embedded.errors import ChildFailedError
from samsyn.embedded.ports import pick
from samsyn.embedded.process import Supervisor

TRIES = 4
TAKEN = ("address already in use", "could not create any tcp/ip sockets")


@contextmanager
def owned(folder: Path, supervisor: Supervisor | None) -> Iterator[Supervisor]:
    """Give ``supervisor``, or a new one that holds ``folder`` and is closed again if the start fails."""
    if supervisor is not None:
        yield supervisor
        return
    own = Supervisor(folder)
    try:
        yield own
    except BaseException:
        own.close()
        raise


def on_a_port(supervisor: Supervisor, child: Callable[[int], Child], port: int | None) -> int:
    """Start ``child(port)`` and return the port; without one, free ports are tried until one is not snatched away."""
    for _ in range(TRIES - 1):
        number = port or pick()
        try:
            supervisor.start(child(number))
        except ChildFailedError as error:
            if port is not None or not any(word in error.log.lower() for word in TAKEN):
                raise
        else:
            return number
    number = pick()
    supervisor.start(child(number))
    return number
