"""Find what was edited, removed, inserted, reordered or cut off, and say which row is the first.

The digest of each act is computed anew by the database from the act as it stands now, compared with the one that was
chained, and the chain is followed link by link; then the heads, those of the database and those of the second place.
One snapshot, read in pieces: memory does not grow with the trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from samsyn.audit.canonical import DIGEST, LINK, START
from samsyn.audit.heads import Head, SealKeys, copied_heads, stored_heads

PIECE: Final = 20_000


class Fault(StrEnum):
    """What is wrong."""

    EDITED = "edited"  # the act is not what was chained
    REMOVED = "removed"  # the act is gone, its link is there
    INSERTED = "inserted"  # the act has no link, though everything of its time was chained
    LINK_REMOVED = "link_removed"  # a number is missing in the chain
    LINK_BROKEN = "link_broken"  # a link does not follow from the one before: edited or reordered
    CUT_OFF = "cut_off"  # a signed head says that the chain was longer
    REWRITTEN = "rewritten"  # a signed head says that the chain was another one
    HEAD_REMOVED = "head_removed"  # a head of the second place is not in the database
    HEAD_FORGED = "head_forged"  # a head that none of our keys signed
    UNREADABLE = "unreadable"  # a file of the second place that is no head
    DIGEST_CHANGED = "digest_changed"  # the database no longer computes digests as we do


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault and where it is: the number in the chain, the act's id and time, or the head's file."""

    fault: Fault
    n: int | None = None
    audit_id: UUID | None = None
    at: datetime | None = None
    file: str | None = None
    since: int | None = None
    """For a rewritten chain: the number up to which a head still agrees."""

    def words(self) -> str:
        """Return it as one line for people."""
        parts = [self.fault.value]
        parts += [f"n={self.n}"] if self.n is not None else []
        parts += [f"id={self.audit_id}"] if self.audit_id else []
        parts += [f"at={self.at.isoformat()}"] if self.at else []
        parts += [f"after n={self.since}"] if self.since is not None else []
        return " ".join([*parts, f"file={self.file}"] if self.file else parts)


@dataclass(slots=True)
class Verdict:
    """What a check found: nothing wrong, or what, the first of the chain first (at most ``MOST`` are listed)."""

    links: int = 0
    heads: int = 0
    copies: int = 0
    unsealed: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.wrong


MOST: Final = 100
# The digest beside the link is the one of the act as it stands. Only what does not fit comes back, and the last link.
# Act by act (LATERAL, OFFSET 0): a hash join would compute the digests of the whole trail anew for every piece.
_PIECE: Final = text("""
    WITH part AS MATERIALIZED (
         SELECT n, audit_id, audit_at, digest, hash FROM sealed WHERE n > :after ORDER BY n LIMIT :size),
    checked AS (
         SELECT p.n, p.audit_id, p.audit_at, p.hash, a.id IS NULL AS gone, a.digest IS DISTINCT FROM p.digest AS edited,
                p.n - lag(p.n, 1, CAST(:after AS bigint)) OVER w <> 1 AS gap,
                p.hash <> sha256(CAST(:mark AS bytea) || lag(p.hash, 1, CAST(:before AS bytea)) OVER w
                                 || int8send(p.n) || p.digest) AS broken,
                row_number() OVER w AS place, count(*) OVER () AS links
           FROM part p LEFT JOIN LATERAL (
                SELECT id, digest FROM audit WHERE at = p.audit_at AND id = p.audit_id OFFSET 0) a ON true
         WINDOW w AS (ORDER BY p.n))
    SELECT * FROM checked WHERE gone OR edited OR gap OR broken OR place = links ORDER BY n LIMIT :most""")
_LAST: Final = text("SELECT n, hash, horizon FROM sealed ORDER BY n DESC LIMIT 1")
_COUNT: Final = text("SELECT count(*) FROM audit WHERE xid < :horizon")
_INSERTED: Final = text("""
    SELECT a.id, a.at FROM audit a
     WHERE a.xid < :horizon AND NOT EXISTS (SELECT FROM sealed s WHERE s.audit_id = a.id AND s.audit_at = a.at)
     ORDER BY a.xid, a.at, a.id LIMIT :most""")
_UNSEALED: Final = text("SELECT count(*) FROM audit WHERE xid >= :horizon")
_HASHES: Final = text("SELECT n, hash FROM sealed WHERE n = ANY(:ns)")
_FORMULAS: Final = text("""
    SELECT a.attgenerated::text AS generated, pg_get_expr(d.adbin, d.adrelid) AS formula
      FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attname = 'digest' AND NOT a.attisdropped
       AND a.attrelid IN (SELECT relid FROM pg_partition_tree('audit'))""")
_TABLES: Final = text("SELECT count(*) FROM pg_partition_tree('audit')")
_PATIENT: Final = text("SET LOCAL statement_timeout = 0")


def verify(db: Connection, keys: SealKeys, copies: Path | None = None, *, piece: int = PIECE) -> Verdict:
    """Check the whole trail in the caller's transaction, which should be one snapshot (REPEATABLE READ)."""
    db.execute(_PATIENT)
    verdict = Verdict()
    if not formula_stands(db):
        verdict.wrong.append(Wrong(Fault.DIGEST_CHANGED))
    follow(db, verdict, piece)
    look_for_inserted(db, verdict)
    outside = list(copied_heads(copies)) if copies is not None and copies.exists() else []
    check_heads(db, keys, verdict, outside)
    return verdict


def follow(db: Connection, verdict: Verdict, piece: int) -> None:
    """Follow the chain from its first link to its last."""
    after, before = 0, START
    while True:
        asked = {"after": after, "before": before, "size": piece, "mark": LINK, "most": MOST + 1}
        rows = db.execute(_PIECE, asked).all()
        if not rows:
            return
        for row in rows:
            keep(verdict, faults_of(row))
        last = rows[-1]
        if last.place != last.links:  # more faults than are listed: the piece's end was not among them
            last = db.execute(text("SELECT n, hash FROM sealed WHERE n > :a ORDER BY n OFFSET :o LIMIT 1"),
                              {"a": after, "o": rows[0].links - 1}).one()  # fmt: skip
        verdict.links += rows[0].links
        after, before = last.n, bytes(last.hash)


def faults_of(row: Any) -> Iterable[Wrong]:
    """Yield what is wrong with a link or its act."""
    if row.gap:
        yield Wrong(Fault.LINK_REMOVED, row.n - 1, None, None)
    if row.broken and not row.gap:
        yield Wrong(Fault.LINK_BROKEN, row.n, row.audit_id, row.audit_at)
    if row.gone:
        yield Wrong(Fault.REMOVED, row.n, row.audit_id, row.audit_at)
    elif row.edited:
        yield Wrong(Fault.EDITED, row.n, row.audit_id, row.audit_at)


def keep(verdict: Verdict, found: Iterable[Wrong]) -> None:
    """Remember faults, at most ``MOST``."""
    verdict.wrong += list(found)[: max(0, MOST - len(verdict.wrong))]


def look_for_inserted(db: Connection, verdict: Verdict) -> None:
    """Look for acts without a link, older than what the chain has reached; counted first, which is cheap."""
    last = db.execute(_LAST).one_or_none()
    horizon = last.horizon if last else 0
    verdict.unsealed = db.scalar(_UNSEALED, {"horizon": horizon}) or 0
    if (db.scalar(_COUNT, {"horizon": horizon}) or 0) == verdict.links and verdict.good:
        return
    rows = db.execute(_INSERTED, {"horizon": horizon, "most": MOST})
    keep(verdict, (Wrong(Fault.INSERTED, None, row.id, row.at) for row in rows))


def check_heads(db: Connection, keys: SealKeys, verdict: Verdict, outside: list[tuple[Path, Head | None]]) -> None:
    """Hold the chain against every signed end of it, inside and outside."""
    inside = list(stored_heads(db))
    verdict.heads, verdict.copies = len(inside), len(outside)
    known = {head.n for head in inside}
    heads: list[tuple[Head, Path | None]] = [(head, None) for head in inside]
    heads += [(head, path) for path, head in outside if head is not None]
    keep(verdict, (Wrong(Fault.UNREADABLE, file=path.name) for path, head in outside if head is None))
    last = db.execute(_LAST).one_or_none()
    end, agreed = (last.n if last else 0), 0
    hashes = hashes_of(db, [head.n for head, _ in heads])
    for head, path in sorted(heads, key=lambda pair: pair[0].n):
        wrong = Wrong(Fault.HEAD_FORGED, head.n, at=head.at, file=path.name if path else None)
        if not keys.vouches(head):
            keep(verdict, [wrong])
        elif head.n > end:
            keep(verdict, [replace(wrong, fault=Fault.CUT_OFF, since=end)])
        elif hashes.get(head.n) != head.hash:
            keep(verdict, [replace(wrong, fault=Fault.REWRITTEN, since=agreed)])
        else:
            agreed = head.n
            if path is not None and head.n not in known:
                keep(verdict, [replace(wrong, fault=Fault.HEAD_REMOVED)])


def hashes_of(db: Connection, ns: list[int]) -> dict[int, bytes]:
    """Return the chain's hashes at some numbers."""
    return {row.n: bytes(row.hash) for row in db.execute(_HASHES, {"ns": ns})}


def formula_stands(db: Connection) -> bool:
    """Say whether the database computes the digest from the act, in every partition, as it was told to."""
    rows = db.execute(_FORMULAS).all()
    said = {(row.generated, bare(row.formula)) for row in rows}
    return len(rows) == db.scalar(_TABLES) and said == {("v", bare(DIGEST))}


def bare(formula: str) -> str:
    """Return a formula without the brackets, blanks, casts and capitals that PostgreSQL sets as it likes."""
    return "".join(char for char in formula.replace("::text", "").lower() if char not in "() \n")
