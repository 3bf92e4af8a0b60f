"""Somebody else's server with the forty calendars on it, and the trap beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samsyn.core.outgoing import Outside
from samsyn.planning.busy import egress
from tests.planning.busy.calendars import CASES, ME, OURS, WINDOW, path_of
from tests.planning.busy.outside import NAME, Listener, listening, make_certificate, world

GOING_OUT: Final = Path(__file__).parent / "going_out.py"


@dataclass
class There:
    """What stands outside: the server, the trap, and the world in which they do."""

    server: Listener
    trap: Listener
    trusted: Path
    world: Outside

    def ask(self, path: str) -> dict[str, Any]:
        """What the process that goes outside would answer."""
        asked = {
            "url": f"https://{NAME}{path}",
            "owner": [ME],
            "invitations": [OURS],
            "window": [int(one.timestamp()) for one in WINDOW],
        }
        return egress.answer(asked, self.world)

    @property
    def program(self) -> tuple[str, ...]:
        """That process, in this world."""
        return (sys.executable, str(GOING_OUT), str(self.server.port), str(self.trap.port), str(self.trusted))


@contextmanager
def standing_outside(folder: Path) -> Iterator[There]:
    trusted, chain = make_certificate(folder)
    answers = {path_of(case): case.answer for case in CASES}
    with listening(chain, answers) as server, listening(None) as trap:
        yield There(server, trap, trusted, world(server.port, trap.port, trusted))
