"""The relay: reads ids of due rows, nothing else, and says through Redis that there may be work.

A row hinted and still open is hinted again, so a lost Redis costs one sweep.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Engine, text

SWEEP_SECONDS: Final = 0.5
HINT_AGAIN_SECONDS: Final = 2
MOST_HINTS: Final = 1000
"""So many may lie in Redis unread: more tell a worker that comes back nothing new, and it would read for minutes."""
# Who was never hinted comes first: a thousand rows that nobody can finish would otherwise starve all that come after.
HINT: Final = text("""
    UPDATE outbox SET hinted_at = now()
     WHERE id IN (SELECT id FROM outbox
                   WHERE next_at <= now() AND (state = 'due' OR state = 'leased' AND lease_until < now())
                     AND (hinted_at IS NULL OR hinted_at < now() - make_interval(secs => :again_after))
                   ORDER BY hinted_at NULLS FIRST, next_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
    RETURNING task, acts_for_id""")
log = structlog.get_logger()


def sweep(engine: Engine, send: Callable[[str, UUID], None], *, again_after: float = HINT_AGAIN_SECONDS) -> int:
    """Hint every (task, authority) with open rows once; return how many hints were given."""
    with engine.begin() as connection:
        pairs = {(row.task, row.acts_for_id) for row in connection.execute(HINT, {"again_after": again_after})}
    for task, acts_for_id in sorted(pairs, key=str):
        send(task, acts_for_id)  # after the commit; if Redis is away the next sweep says it again
    return len(pairs)


def hint(task: str, acts_for: UUID) -> None:
    """Put a hint into the queue: the name of a task and the id of an authority."""
    from samsyn_workers.app import app

    app.send_task(task, kwargs={"acts_for": str(acts_for)}, queue="samsyn")


def crowded() -> bool:
    """Say whether nobody has read hints for a while."""
    from samsyn_workers.app import app

    with app.connection_or_acquire() as connection:
        return int(connection.default_channel.client.llen("samsyn")) >= MOST_HINTS


def run(
    engine: Engine, send: Callable[[str, UUID], None], stop: threading.Event, full: Callable[[], bool] = crowded
) -> None:
    """Sweep until told to stop; a database or a Redis that is away is waited for, with a growing pause."""
    failures = 0
    while not stop.is_set():
        try:
            if not full():
                sweep(engine, send)
            failures = 0
        except Exception as error:
            failures += 1
            log.warning("relay.away", error=type(error).__name__)
        stop.wait(min(SWEEP_SECONDS * 2**failures, 5) if failures else SWEEP_SECONDS)


def main() -> None:
    """Run as a process of its own (``samsyn relay``)."""
    from samsyn.core.database import make_engine
    from samsyn.core.logs import start_logging
    from samsyn.core.settings import load_settings
    from samsyn_workers.app import configure

    settings = load_settings()
    start_logging(settings.log_level)
    configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = make_engine(settings.relay_database_url, pool_size=1)
    run(engine, hint, stop)
    engine.dispose()
