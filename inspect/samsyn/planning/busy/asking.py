"""Ask for a calendar by way of the process that goes outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.told import Owner, Reading
from samsyn.planning.rules import Span

WALL_SECONDS: Final = 15
"""From the start of the process; 5 for the fetch, 5 of processor for the reading, the rest on a busy machine."""
EGRESS: Final = (sys.executable, "-I", "-m", "samsyn.planning.busy.egress")


def ask_outside(url: str, owner: Owner, window: Span, program: Iterable[str] = EGRESS) -> Reading:
    """Return when a calendar at an address says that its owner is taken; ``UnreadError`` says why it tells nothing.

    Ends within ``WALL_SECONDS``; call it with no unit of work open.
    """
    asked = {
        "url": url,
        "owner": sorted(one.lower() for one in owner.addresses),
        "invitations": sorted(owner.invitations),
        "window": [int(one.timestamp()) for one in window],
    }
    try:
        child = subprocess.run(  # noqa: S603  our own interpreter and module, no shell, no argument from outside
            tuple(program),
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would carry what was read
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadError(Fault.SLOW) from None
    if child.returncode:
        raise UnreadError(Fault.HEAVY if child.returncode in {-signal.SIGXCPU, -signal.SIGKILL} else Fault.INTERNAL)
    said: dict[str, Any] = json.loads(child.stdout)
    if "fault" in said:
        raise UnreadError(Fault(said["fault"]))
    busy = tuple((_moment(first), _moment(last)) for first, last in said["busy"])
    return Reading(busy, (_moment(said["tells"][0]), _moment(said["tells"][1])))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
