"""Write an entry of the trail in the transaction that it describes."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import text

from samsyn.audit.rules import BY_COMMAND, WATCH, WATCH_AFTER, is_watched
from samsyn.core.uow import UnitOfWork

_LINE: Final = """
    INSERT INTO audit (id, at, actor_authority_id, actor_person_id, action, object_authority_id, object_id, reason)
    VALUES (:id, :at, :me, :person, :action, :owner, :object, :reason)"""
_RECORD: Final = text(_LINE)
# What is read, or done by a command, makes the log be looked through a while later: one row waits at a time, and no
# statement more is sent.
_AND_WATCH: Final = """
    WITH line AS ({line})
    INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)
    SELECT :watch_id, :watch, :me, :me, :me, 'due', 0, now() + make_interval(secs => :after)
     WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.acts_for_id = :me AND o.task = :watch AND o.state = 'due')"""
_RECORD_AND_WATCH: Final = text(_AND_WATCH.format(line=_LINE))


def record(
    uow: UnitOfWork, action: str, object_id: UUID, *, owner: UUID | None = None, reason: str | None = None
) -> None:
    """Say that the viewer did ``action`` to an object of ``owner`` (default: the viewer's authority).

    Ids and a reason code only, never content (R12). What the machine's keeper does by a command in somebody's name is
    nobody's act of the authority: the line names no person, and its reason begins with ``command_line``.
    """
    person = None if uow.viewer.by_command else uow.viewer.person_id
    if uow.viewer.by_command:
        reason = f"{BY_COMMAND} {reason}" if reason else BY_COMMAND
    values = {
        "id": uuid4(),
        "at": uow.now,
        "me": uow.me,
        "person": person,
        "action": action,
        "owner": owner or uow.me,
        "object": object_id,
        "reason": reason,
    }
    looked_at = uow.viewer.by_command or (person is not None and is_watched(action))
    if not looked_at or owner not in {None, uow.me}:
        uow.session.execute(_RECORD, values)
        return
    watch = {"watch_id": uuid4(), "watch": WATCH, "after": WATCH_AFTER.total_seconds()}
    uow.session.execute(_RECORD_AND_WATCH, values | watch)
