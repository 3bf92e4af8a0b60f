"""Chain what was committed: in the order of transaction ids, and only below the oldest that is still open.

A transaction takes its id when it first writes and may commit long after later ones. ``pg_snapshot_xmin`` is the oldest
id that is still open: every act below it is there to be seen, or never will be. So no act is chained before one that
belongs in front of it, and none is ever passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from samsyn.audit.canonical import START, link

BATCH: Final = 5000
LOCK: Final = 7_268_780
"""An arbitrary number: whoever holds it (to the end of its transaction) is the one sealer."""
# A scalar sub-select, not NOT EXISTS: that one may be planned as a join that reads the whole chain at every look.
_MINE: Final = text("SELECT pg_try_advisory_xact_lock(:lock)")
_LAST: Final = text("""
    SELECT s.n, s.hash, s.horizon, s.audit_at, s.audit_id, a.xid FROM sealed s
      LEFT JOIN audit a ON a.at = s.audit_at AND a.id = s.audit_id ORDER BY s.n DESC LIMIT 1""")
_HORIZON: Final = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
# The place of the last link is a key into the index, so that a backlog is walked through once; and the digest, which is
# computed when it is read, is asked of the rows that are taken alone.
_PENDING: Final = text("""
    WITH seen AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon),
    taken AS MATERIALIZED (
    SELECT a.id, a.at, a.xid FROM audit a
     WHERE (a.xid, a.at, a.id) > (:xid, CAST(:at AS timestamptz), CAST(:id AS uuid))
       AND a.xid < (SELECT horizon FROM seen) AND (SELECT s.n FROM sealed s WHERE s.audit_id = a.id) IS NULL
     ORDER BY a.xid, a.at, a.id LIMIT :most)
    SELECT t.id, t.at, t.xid, a.digest, seen.horizon
      FROM seen, taken t JOIN audit a ON a.at = t.at AND a.id = t.id ORDER BY t.xid, t.at, t.id""")
_ADD: Final = text("""
    INSERT INTO sealed (audit_id, audit_at, n, horizon, digest, hash)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:ats AS timestamptz[]), CAST(:ns AS bigint[]),
                         CAST(:horizons AS bigint[]), CAST(:digests AS bytea[]), CAST(:hashes AS bytea[]))""")
_WAITING: Final = text("""
    SELECT EXISTS (SELECT FROM audit a
                    WHERE (a.xid, a.at, a.id) > (:xid, CAST(:at AS timestamptz), CAST(:id AS uuid))
                      AND (SELECT s.n FROM sealed s WHERE s.audit_id = a.id) IS NULL)""")
_SAY: Final = text("""
    INSERT INTO seal_state (id, sealed_at, waiting_since) VALUES (1, :now, :waiting_since)
    ON CONFLICT (id) DO UPDATE SET sealed_at = :now, waiting_since = :waiting_since""")


BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the looking for acts goes on: behind this one, in the order of transaction, time and id."""

    xid: int
    at: datetime = BEGINNING
    id: UUID = FIRST


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did: how many it chained, whether acts wait for an older transaction to end, where the end is."""

    sealed: int
    waiting: bool
    n: int
    hash: bytes
    more: bool = False


def seal(db: Connection, most: int = BATCH) -> Pass | None:
    """Chain up to ``most`` acts in the caller's transaction; nothing when another sealer is at it.

    After a restore from a dump the database counts its transactions anew, below where the chain is: then everything
    that is not chained is looked for from the beginning.
    """
    if not db.scalar(_MINE, {"lock": LOCK}):
        return None
    last = db.execute(_LAST).one_or_none()  # after the lock: a snapshot that has what the one before wrote
    n, end, start = (last.n, bytes(last.hash), start_after(last)) if last else (0, START, Place(0))
    if (db.scalar(_HORIZON) or 0) < start.xid:
        start = Place(0)
    rows = db.execute(_PENDING, {**asdict(start), "most": most}).all()
    if rows:
        full = len(rows) == most
        # A full batch ends in the middle: what comes after its last transaction is not done.
        horizon = rows[-1].xid if full else rows[-1].horizon
        n, end = add(db, rows, n, end, horizon)
        start = Place(horizon, rows[-1].at, rows[-1].id) if full else Place(horizon)
        return Pass(len(rows), waiting(db, start), n, end, more=full)
    return Pass(0, waiting(db, start), n, end)


def start_after(last: Any) -> Place:
    """Return where to go on after a link: behind its act where a batch ended in the middle, else at its horizon."""
    return Place(last.horizon, last.audit_at, last.audit_id) if last.xid == last.horizon else Place(last.horizon)


def add(db: Connection, rows: Sequence[Any], n: int, end: bytes, horizon: int) -> tuple[int, bytes]:
    """Write the links of some acts; return the new end."""
    ns, hashes = [], []
    for row in rows:
        n += 1
        end = link(end, n, bytes(row.digest))
        ns.append(n)
        hashes.append(end)
    db.execute(
        _ADD,
        {
            "ids": [row.id for row in rows],
            "ats": [row.at for row in rows],
            "ns": ns,
            "horizons": [horizon] * len(rows),
            "digests": [bytes(row.digest) for row in rows],
            "hashes": hashes,
        },
    )
    return n, end


def waiting(db: Connection, start: Place) -> bool:
    """Say whether acts are committed that cannot be chained yet, because an older transaction is open."""
    return bool(db.scalar(_WAITING, asdict(start)))


def tell_state(db: Connection, now: datetime, waiting_since: datetime | None) -> None:
    """Say that all was chained that could be, and since when something waits."""
    db.execute(_SAY, {"now": now, "waiting_since": waiting_since})
