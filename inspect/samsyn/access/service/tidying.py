"""Clear technical rows of the own authority: what can open, repeat or be sent nothing any more. No record is among it.

Which rows may go, and how long after their end, the database's own rules say (``keeping_kinds``); here is how many.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, text

from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK

TIDY: Final = "samsyn.access.tidy"
"""Subject: the authority. Clear a bounded number of rows; more is left for the next time."""
MOST: Final = 1_000
"""Rows of one kind per run: a fraction of a second."""
AFTER: Final = timedelta(hours=1)
"""After the sign-in that asked for it; one that waits already is enough, so at most once an hour."""
_WAITS: Final = text("SELECT EXISTS (SELECT FROM outbox WHERE task = :task AND state IN ('due', 'leased'))")
_CLEAR: Final = {
    "tokens": text("""
        DELETE FROM token WHERE hash IN (SELECT hash FROM token
          WHERE coalesce(revoked_at, expires_at) < now() - interval '30 days' LIMIT :most)"""),
    "keys": text("""
        DELETE FROM idempotency_key WHERE (authority_id, person_id, key) IN (SELECT authority_id, person_id, key
          FROM idempotency_key WHERE at < now() - interval '7 days' LIMIT :most)"""),
    "queue": text("""
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
          WHERE state = 'done' AND next_at < now() - interval '30 days' LIMIT :most)"""),
    "attempts": text("DELETE FROM attempt WHERE id IN (SELECT id FROM attempt WHERE until < now() LIMIT :most)"),
    "taken": text("""
        DELETE FROM invitation_acceptance WHERE invitation_id IN (SELECT a.invitation_id FROM invitation_acceptance a
          JOIN invitation i ON i.id = a.invitation_id WHERE i.expires_at < now() - interval '90 days' LIMIT :most)"""),
    "invitations": text("""
        DELETE FROM invitation WHERE id IN (SELECT i.id FROM invitation i WHERE i.authority_id = (SELECT me())
          AND i.expires_at < now() - interval '90 days' AND NOT EXISTS (SELECT FROM invitation_acceptance a
          WHERE a.invitation_id = i.id) LIMIT :most)"""),
    "bounces": text("""
        DELETE FROM inbound WHERE id IN (SELECT id FROM inbound WHERE authority_id = (SELECT me())
          AND decision = 'logged' AND reason IN ('bounce', 'no_bounce', 'bounce_of_notice')
          AND at < now() - interval '90 days' LIMIT :most)"""),
    "deputies": text("""
        DELETE FROM deputy WHERE id IN (SELECT id FROM deputy
          WHERE least(ended_at, CAST(until_on AS timestamp with time zone)) < now() - interval '90 days'
          LIMIT :most)"""),
    "late": text("""
        DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine
          WHERE at < now() - interval '7 days' LIMIT :most)"""),
    "marks": text("""
        DELETE FROM feed_mark WHERE (of_id, xid, operation_id) IN (SELECT of_id, xid, operation_id FROM feed_mark
          WHERE at < now() - interval '7 days' LIMIT :most)"""),
}


def plan_tidying(uow: UnitOfWork) -> None:
    """Ask for it, unless it is asked for: whoever signs in leaves rows, and so sees to those of before."""
    if not uow.session.scalar(_WAITS, {"task": TIDY}):
        emit(uow, TIDY, uow.me, acts_for=uow.me, after=AFTER)


def tidy(uow: UnitOfWork, most: int = MOST) -> dict[str, int]:
    """Clear up to ``most`` rows of each kind as a worker; return how many of each."""
    if TASK not in uow.viewer.roles:
        raise NotAllowedError("rows are cleared by a worker")
    gone = {}
    for name, statement in _CLEAR.items():
        result = uow.session.execute(statement, {"most": most})
        assert isinstance(result, CursorResult)  # noqa: S101  a DELETE always gives one
        gone[name] = result.rowcount
    if any(gone.values()):
        record(uow, "house.tidy", uow.me, reason=" ".join(f"{name} {n}" for name, n in gone.items() if n))
    return gone
