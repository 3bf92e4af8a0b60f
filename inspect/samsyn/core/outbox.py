"""The queue: PostgreSQL is the record, Redis only hints. Lease and due times are the database's clock alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from samsyn.core.rules import OutboxState
from samsyn.core.uow import UnitOfWork

LEASE_SECONDS: Final = 30
"""Longer than the tasks' time limit of 25 s; it is what a killed worker costs."""
BATCH: Final = 50
MAX_ATTEMPTS: Final = 40
"""With ``pause`` below this is about three days; then the row is ``dead`` and shown to the planner."""
MAX_LOST: Final = 5
"""So often may a row's worker vanish (killed, out of memory) with it; then it is the row that kills: ``dead``."""

_EMIT = text("""
    INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
    VALUES (:id, :task, :acts_for, :made_by, :subject, 'due', 0, now() + make_interval(secs => :after))""")
# MATERIALIZED: a plan that ran the inner SELECT more than once would lease more than the limit.
_LEASE = """
    WITH mine AS MATERIALIZED (
         SELECT id, state FROM outbox
          WHERE acts_for_id = (SELECT me()) AND task = :task AND next_at <= now() AND {which}
          LIMIT :limit FOR UPDATE SKIP LOCKED)
    UPDATE outbox o SET state = 'leased', lease_by = :holder, attempts = o.attempts + 1,
           lease_until = now() + make_interval(secs => :seconds)
      FROM mine WHERE o.id = mine.id
    RETURNING o.id, o.subject_id, o.attempts, o.made_by_id, mine.state = 'leased'"""
_LEASE_LOST = text(_LEASE.format(which="state = 'leased' AND lease_until < now() ORDER BY lease_until, id"))
_LEASE_DUE = text(_LEASE.format(which="state = 'due' ORDER BY next_at, id"))
_ANY = text("""
    SELECT EXISTS (SELECT FROM outbox WHERE acts_for_id = (SELECT me()) AND task = :task AND next_at <= now()
                      AND (state = 'due' OR state = 'leased' AND lease_until < now()))""")
_HELD = text("SELECT held_since IS NOT NULL FROM installation WHERE id = 1")
_FINISH = text("""
    UPDATE outbox SET state = 'done', lease_by = NULL, lease_until = NULL
     WHERE id = :id AND lease_by = :holder AND state = 'leased' RETURNING id""")
_AGAIN = text("""
    UPDATE outbox SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'due' END,
           next_at = now() + make_interval(secs => :after), lease_by = NULL, lease_until = NULL, hinted_at = NULL
     WHERE id = :id AND lease_by = :holder AND state = 'leased' RETURNING id""")
# By its number of attempts: a lease that was lost meanwhile, and taken by somebody else, has another.
_RENEW = text("""
    UPDATE outbox SET lease_until = now() + make_interval(secs => :seconds)
     WHERE id = :id AND state = 'leased' AND attempts = :attempts RETURNING id""")
_GIVE_BACK = text("""
    UPDATE outbox SET state = 'due', attempts = attempts - 1, lease_by = NULL, lease_until = NULL, hinted_at = NULL
     WHERE id = ANY(:ids) AND lease_by = :holder AND state = 'leased'""")
_PUT_OFF = text("""
    UPDATE outbox SET state = 'due', attempts = attempts - 1, next_at = :at, lease_by = NULL, lease_until = NULL,
           hinted_at = NULL
     WHERE id = :id AND lease_by = :holder AND state = 'leased' AND :at > now() RETURNING id""")
_BURY = text("""
    UPDATE outbox SET state = 'dead', lease_by = NULL, lease_until = NULL
     WHERE id = :id AND lease_by = :holder AND state = 'leased' RETURNING id""")


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that is mine for ``LEASE_SECONDS``. ``lost``: the one who had it before vanished and left it leased."""

    id: UUID
    subject_id: UUID
    attempts: int
    made_by_id: UUID
    lost: bool


def emit(uow: UnitOfWork, task: str, subject: UUID, *, acts_for: UUID, after: timedelta = timedelta()) -> None:
    """Queue a task for one subject, in this transaction; ``after`` holds it back from now by the database's clock."""
    values = {
        "id": uuid4(),
        "task": task,
        "acts_for": acts_for,
        "made_by": uow.me,
        "subject": subject,
        "after": after.total_seconds(),
    }
    uow.session.execute(_EMIT, values)


_LEFT = text("""
    SELECT DISTINCT state FROM outbox
     WHERE acts_for_id = (SELECT me()) AND state <> 'done' AND task = ANY(:tasks) AND subject_id = ANY(:subjects)""")
_SETTLE = text("""
    UPDATE outbox SET state = 'done'
     WHERE acts_for_id = (SELECT me()) AND state IN ('due', 'held', 'dead') AND task = :task
       AND subject_id = ANY(:subjects) RETURNING id""")


def anything_due(session: Session, task: str) -> bool:
    """Say whether ``lease`` would find anything, before something dear is opened for it (a connection)."""
    return not session.scalar(_HELD) and bool(session.scalar(_ANY, {"task": task}))


def lease(
    session: Session, task: str, holder: UUID, *, limit: int = BATCH, seconds: int = LEASE_SECONDS
) -> list[Leased]:
    """Take up to ``limit`` due rows of the viewer's authority; none while the installation is held after a restore.

    A row whose lease has expired comes first and alone: it may be what killed its worker, and others must not die
    with it again and again.
    """
    if session.scalar(_HELD):
        return []
    values = {"holder": holder, "task": task, "limit": 1, "seconds": seconds}
    rows = session.execute(_LEASE_LOST, values).all() or session.execute(_LEASE_DUE, values | {"limit": limit}).all()
    return [Leased(*row) for row in rows]


def finish(session: Session, row: Leased, holder: UUID) -> bool:
    """Complete a row; False if the lease was lost, and then somebody else does it again."""
    return session.scalar(_FINISH, {"id": row.id, "holder": holder}) is not None


def renew(session: Session, row: Leased, *, seconds: int = LEASE_SECONDS) -> bool:
    """Keep a row for a piece of work that goes on for longer than one lease; False if the lease was lost."""
    return session.scalar(_RENEW, {"id": row.id, "attempts": row.attempts, "seconds": seconds}) is not None


def try_again(session: Session, row: Leased, holder: UUID) -> bool:
    """Give a row back with a growing pause; after ``MAX_ATTEMPTS`` it is dead. False if the lease was lost."""
    values = {"id": row.id, "holder": holder, "after": pause(row.attempts), "most": MAX_ATTEMPTS}
    return session.scalar(_AGAIN, values) is not None


def give_back(session: Session, rows: Sequence[Leased], holder: UUID) -> None:
    """Make rows that were leased and not tried due at once, as if they had never been taken."""
    if rows:
        session.execute(_GIVE_BACK, {"ids": [row.id for row in rows], "holder": holder})


def put_off(session: Session, row: Leased, holder: UUID, until: datetime) -> bool:
    """Make a row due at a later time, as if never taken; False if that time has come, or the lease was lost."""
    return session.scalar(_PUT_OFF, {"id": row.id, "holder": holder, "at": until}) is not None


def bury(session: Session, row: Leased, holder: UUID) -> bool:
    """Make a row dead now: no attempt will end better. False if the lease was lost."""
    return session.scalar(_BURY, {"id": row.id, "holder": holder}) is not None


def pause(attempts: int) -> float:
    """Return the seconds before the next attempt: 2, 4, 8 ... at most 2 hours."""
    return float(min(2.0 ** min(attempts, 13), 7200.0))


def waiting(session: Session) -> list[tuple[str, str, int]]:
    """Return task, state and count of the viewer's authority's rows that are not done."""
    rows = session.execute(
        text("SELECT task, state, count(*) FROM outbox WHERE state <> 'done' GROUP BY task, state ORDER BY task, state")
    )
    return [(row[0], row[1], row[2]) for row in rows]


def left_of(session: Session, tasks: Collection[str], subjects: Collection[UUID]) -> frozenset[OutboxState]:
    """Return in what states rows are that some tasks have not done yet for some subjects of the viewer's authority."""
    told = {"tasks": list(tasks), "subjects": list(subjects)}
    return frozenset(OutboxState(state) for state in session.scalars(_LEFT, told))


def settle(session: Session, task: str, subjects: Collection[UUID]) -> bool:
    """Complete the rows of a task that no worker has now, before this transaction does what they ask; say if any."""
    return bool(session.execute(_SETTLE, {"task": task, "subjects": list(subjects)}).all())


def release(session: Session) -> int:
    """Make held rows of the viewer's authority due; return how many."""
    return len(session.execute(text("UPDATE outbox SET state = 'due' WHERE state = 'held' RETURNING id")).all())


def retry(session: Session) -> int:
    """Make dead rows of the viewer's authority due with fresh attempts; return how many."""
    again = text("UPDATE outbox SET state = 'due', attempts = 0, next_at = now() WHERE state = 'dead' RETURNING id")
    return len(session.execute(again).all())
