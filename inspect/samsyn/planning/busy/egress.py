"""The process that goes outside: it fetches and reads one calendar, and says when its owner is taken, nothing else.

It has no database, no keys and an empty environment; the address comes in by its standard input. What it read ends
with it: no word of a calendar reaches a process that could log or keep one.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import UTC, datetime
from typing import Any, Final

from samsyn.core.outgoing import Outside, UnfetchedError, fetch
from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.reading import read_calendar
from samsyn.planning.busy.told import Owner

CPU_SECONDS: Final = 5
MEMORY_BYTES: Final = 512 * 1024 * 1024


def main(outside: Outside | None = None) -> int:
    """Answer one question; the answer is JSON in one line. ``outside`` is another world's, in tests alone."""
    _limit_myself()
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer(asked, outside)))
    return 0


def answer(asked: dict[str, Any], outside: Outside | None = None) -> dict[str, Any]:
    """Return ``busy`` and ``tells`` in seconds since 1970, or the ``fault``."""
    window = (_moment(asked["window"][0]), _moment(asked["window"][1]))
    try:
        data = fetch(asked["url"], outside)
        read = read_calendar(data, Owner(frozenset(asked["owner"]), frozenset(asked["invitations"])), window)
    except UnfetchedError as error:
        return {"fault": Fault(error.why.value)}
    except UnreadError as error:
        return {"fault": error.fault}
    except MemoryError:
        return {"fault": Fault.HEAVY}
    return {"busy": [_seconds(*span) for span in read.busy], "tells": _seconds(*read.tells)}


def _seconds(first: datetime, last: datetime) -> list[int]:
    """Return a time as whole seconds: what is taken in part of a second is taken."""
    return [int(first.timestamp()), -int(-last.timestamp() // 1)]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _limit_myself() -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
