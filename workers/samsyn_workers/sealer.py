"""The sealer: chains what was committed, signs the chain's end every hour, checks the whole trail every night.

Two of them do no harm: whoever holds the lock in the database works, the other looks again. It dies at no bad moment:
a pass is one transaction.
"""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, create_engine, pool, text

from samsyn.audit.heads import SealKeys, copy_heads, latest_heads, load_seal_keys, say_copied, write_head
from samsyn.audit.sealing import BATCH, Pass, seal, tell_state
from samsyn.audit.verifying import Verdict, verify
from samsyn.core.settings import Settings

SAY_EVERY: Final = timedelta(seconds=5)
"""So old the word that the sealer lives may be, while nothing happens."""
_STATE: Final = text("SELECT sealed_at, waiting_since, head_at, checked_at FROM seal_state WHERE id = 1")
_END: Final = text("SELECT n, hash FROM sealed ORDER BY n DESC LIMIT 1")
_LAST_HEAD: Final = text("SELECT max(n) FROM seal_head")
_CHECKED: Final = text("""
    INSERT INTO seal_state (id, checked_at, check_fault) VALUES (1, :now, :fault)
    ON CONFLICT (id) DO UPDATE SET checked_at = :now, check_fault = :fault""")
log = structlog.get_logger()


def pass_once(engine: Engine, now: datetime, most: int = BATCH) -> int:
    """Chain all that can be; return how many acts were chained."""
    done = 0
    while True:
        with engine.begin() as db:
            result = seal(db, most)
            if result is not None:
                tell(db, result, now)
        if result is None:
            return done
        done += result.sealed
        if not result.more:
            return done


def tell(db: Connection, result: Pass, now: datetime) -> None:
    """Say how it stands, where that is news."""
    state = db.execute(_STATE).one_or_none()
    since = (state.waiting_since or now) if state and result.waiting else (now if result.waiting else None)
    old = state is None or state.sealed_at is None or now - state.sealed_at > SAY_EVERY
    if old or result.sealed or (state and state.waiting_since != since):
        tell_state(db, now, since)


def sign_if_due(engine: Engine, keys: SealKeys, settings: Settings, now: datetime) -> bool:
    """Sign the chain's end when an hour is over and it has grown; say whether that was done."""
    with engine.begin() as db:
        state, end = db.execute(_STATE).one_or_none(), db.execute(_END).one_or_none()
        due = (
            state is None
            or state.head_at is None
            or (now - state.head_at).total_seconds() >= settings.seal_head_seconds
        )
        if end is None or not due or db.scalar(_LAST_HEAD) == end.n:
            return False
        write_head(db, keys, end.n, now, bytes(end.hash))
    return True


def copy_out(engine: Engine, keys: SealKeys, settings: Settings, now: datetime) -> int:
    """Bring heads to the second place that are not there; a place that is away is tried again at the next look."""
    if settings.seal_copy is None:
        return 0
    with engine.begin() as db:
        heads = latest_heads(db)
        copied = copy_heads(heads, settings.seal_copy, keys.chain)
        if copied:
            say_copied(db, heads[-1].at, now)
    return copied


def check(engine: Engine, settings: Settings, now: datetime) -> Verdict:
    """Check the whole trail in one snapshot, and say the outcome where pages and ``samsyn doctor`` read it."""
    keys = load_seal_keys(settings.seal_keys())
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as db:
        copies = settings.seal_copy / keys.chain if settings.seal_copy else None
        verdict = verify(db, keys, copies)
    fault = verdict.wrong[0].fault.value if verdict.wrong else None
    with engine.begin() as db:
        db.execute(_CHECKED, {"now": now, "fault": fault})
    if verdict.wrong:
        log.error("audit.broken", first=verdict.wrong[0].words(), faults=len(verdict.wrong))
    return verdict


def check_due(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Say whether the night's check is to be made: never made, or its hour has come since."""
    with engine.begin() as db:
        state = db.execute(_STATE).one_or_none()
    if state is None or state.checked_at is None:
        return state is not None and state.head_at is not None
    today = now.replace(hour=settings.seal_check_hour, minute=0, second=0, microsecond=0)
    last = today if now >= today else today - timedelta(days=1)
    return bool(state.checked_at < last)


class Nightly:
    """The check, beside the sealing: a big trail takes longer than an act may wait for its link."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.thread: threading.Thread | None = None

    def start_if_due(self, now: datetime) -> None:
        """Begin the check in a thread, unless one runs."""
        if (self.thread is None or not self.thread.is_alive()) and check_due(self.engine, self.settings, now):
            self.thread = threading.Thread(target=self._check, args=(now,), name="check", daemon=True)
            self.thread.start()

    def _check(self, now: datetime) -> None:
        try:
            check(self.engine, self.settings, now)
        except Exception as error:  # tried again at the next look
            log.warning("audit.unchecked", error=type(error).__name__)


def run(engine: Engine, settings: Settings, stop: threading.Event) -> None:
    """Seal until told to stop; a database that is away is waited for."""
    nightly = Nightly(engine, settings)
    while not stop.is_set():
        try:
            keys = load_seal_keys(settings.seal_keys())  # each time: a new key counts from its making on
            pass_once(engine, datetime.now(UTC))
            now = datetime.now(UTC)
            sign_if_due(engine, keys, settings, now)
            copy_out(engine, keys, settings, now)
            nightly.start_if_due(now)
        except Exception as error:
            log.warning("sealer.away", error=type(error).__name__)
        stop.wait(settings.seal_seconds)


def sealer_engine(settings: Settings) -> Engine:
    """Return an engine as the sealer's role: few connections, no limit on how long a check takes."""
    return create_engine(
        settings.sealer_database_url.replace("postgresql://", "postgresql+psycopg://", 1),
        poolclass=pool.QueuePool,
        pool_size=2,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "prepare_threshold": None,
            "application_name": "samsyn-sealer",
            "options": "-c lock_timeout=5000",
        },
    )


def main() -> None:
    """Run as a process of its own (``samsyn audit seal --watch``)."""
    from samsyn.core.logs import start_logging
    from samsyn.core.settings import load_settings

    settings = load_settings()
    start_logging(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = sealer_engine(settings)
    run(engine, settings, stop)
    engine.dispose()
