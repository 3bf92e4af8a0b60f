"""Draw a month's sample and tick it off; look through the trail for what is unusual, and handle alarms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from samsyn.access.queries import log_reviewers
from samsyn.audit.queries import draw_lines, newest_command
from samsyn.audit.service import record
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Tell, notify
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.reviews.facts import acts_between, facts_of
from samsyn.reviews.models import LogAlarm, LogMonth, LogSample, LogWatch
from samsyn.reviews.queries import months
from samsyn.reviews.rules import (
    HOUR,
    NOTE,
    SAMPLING,
    Handling,
    NotTakenError,
    Raised,
    Sampling,
    Verdict,
    raised,
    span_of,
)

BACK: Final = timedelta(days=1)
"""So far a first look goes back; a later one to the hour before the one before, however long nobody worked."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST((SELECT me()) AS text), 7268781))")


@dataclass(frozen=True, slots=True)
class TickOff:
    """What a reviewer says of a drawn line."""

    audit_id: UUID
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandleAlarm:
    """What became of an alarm."""

    alarm_id: UUID
    handling: Handling
    note: str = ""


def draw_month(uow: UnitOfWork, month: date, sampling: Sampling = SAMPLING) -> int:
    """Draw a month that is over and that nobody drew before; return how many lines it has. Drawn, it stands.

    The lines are those of people and of commands about own objects, in the order of SHA-256 over seed and line:
    whoever has both draws the same ones again. Raises ``NotFoundError`` for a month that is not to be reviewed.
    """
    uow.session.execute(_LOCK)
    stand = {one.month: one for one in months(uow)}
    if month not in stand:
        raise NotFoundError("no month to review")
    if (before := stand[month].drawn) is not None:
        return before
    seed, (since, until) = secrets.token_hex(32), span_of(month)
    lines, drawn = draw_lines(uow, seed, since, until, sampling.size)
    mine = {"authority_id": uow.me, "month": month}
    kept = {"seed": seed, "drawn": len(drawn), "of_lines": lines, "drawn_by": uow.person, "drawn_at": uow.now}
    uow.session.execute(insert(LogMonth).values(**mine, **kept))
    rows = [{**mine, "audit_at": at, "audit_id": key, "position": n} for n, (at, key) in enumerate(drawn, 1)]
    if rows:
        uow.session.execute(insert(LogSample), rows)
    record(uow, "sample.draw", uow.me, reason=f"{month:%Y-%m} {len(drawn)}")
    return len(drawn)


def tick_off(uow: UnitOfWork, command: TickOff) -> date:
    """Say what a drawn line is; may be said anew. Return its month. ``NotFoundError`` for a line that was not drawn."""
    note = checked(command.note)
    if command.verdict is Verdict.LOOK_CLOSER and not note:
        raise NotTakenError("note", "missing")
    s = LogSample
    row = update(s).where(s.authority_id == uow.me, s.audit_id == command.audit_id).returning(s.month)
    said = {"verdict": command.verdict, "note": note or None, "ticked_by": uow.person, "ticked_at": uow.now}
    month = uow.session.scalar(row.values(**said))
    if month is None:
        raise NotFoundError("no such drawn line")
    record(uow, "sample.tick", command.audit_id, reason=command.verdict.value)
    return month


def handle_alarm(uow: UnitOfWork, command: HandleAlarm) -> None:
    """Say what became of an alarm, once. One on oneself is forwarded, or another explains it."""
    a = LogAlarm
    row = uow.session.scalar(select(a).where(a.authority_id == uow.me, a.id == command.alarm_id).with_for_update())
    if row is None:
        raise NotFoundError("no such alarm")
    if row.handling is not None:
        raise ConflictError("the alarm has been handled")
    if row.person_id == uow.person and command.handling is Handling.EXPLAINED:
        raise NotAllowedError("nobody explains an alarm on oneself")
    note = checked(command.note)
    if not note:
        raise NotTakenError("note", "missing")
    row.handling, row.note, row.handled_by, row.handled_at = command.handling, note, uow.person, uow.now
    record(uow, f"alarm.{command.handling.value}", row.id)


def checked(note: str) -> str:
    """Return a note as it may be kept; no personal numbers (R5)."""
    note = note.replace("\x00", "").strip()
    if len(note) > NOTE:
        raise NotTakenError("note", "too_long_text")
    if has_personal_number(note):
        raise NotTakenError("note", "must not hold a personal identity number")
    return note


def watch(uow: UnitOfWork) -> int:
    """Look through the hours since the last look and the one before; raise what is unusual; return how many are new.

    That a command on the server did something in somebody's name is told as well: it is nobody's reading, so no alarm.
    As a worker of the own authority that may read its trail. Running twice raises nothing twice.
    """
    uow.session.execute(_LOCK)
    w = LogWatch
    before = uow.session.scalar(select(w.looked_until).where(w.authority_id == uow.me))
    since = before - HOUR if before is not None else uow.now - BACK
    since = since.replace(minute=0, second=0, microsecond=0)
    found = raised(facts_of(uow, acts_between(uow, since, uow.now + HOUR)))
    new = [one for one in (raise_alarm(uow, alarm) for alarm in found) if one is not None]
    command = newest_command(uow, since)
    looked = upsert(w).values(authority_id=uow.me, looked_until=uow.now)
    uow.session.execute(looked.on_conflict_do_update(index_elements=[w.authority_id], set_={"looked_until": uow.now}))
    if new:
        # One notice for all of a look: it says that there is something, and nothing of what.
        notify(uow, Tell(NoticeKind.LOG_ALARM, None, "", new[0]), log_reviewers(uow))
    if command is not None:
        # About the newest of them: a look that goes back to the same one tells nothing twice.
        notify(uow, Tell(NoticeKind.BY_COMMAND, None, "", command, 1), log_reviewers(uow))
    return len(new)


def raise_alarm(uow: UnitOfWork, one: Raised) -> UUID | None:
    """Write an alarm, or bring an open one up to date; return its id where it is new."""
    a, key = LogAlarm, uuid4()
    values = {
        "id": key,
        "authority_id": uow.me,
        "alarm": one.alarm,
        "person_id": one.person_id,
        "starts_at": one.starts_at,
        "subject_id": one.subject_id,
        "n": one.n,
        "usual": one.usual,
        "raised_at": uow.now,
    }
    same = [a.authority_id, a.alarm, a.person_id, a.starts_at, a.subject_id]
    new = upsert(a).values(**values)
    write = new.on_conflict_do_update(index_elements=same, set_={"n": one.n}, where=a.handling.is_(None))
    if uow.session.scalar(write.returning(a.id)) != key:
        return None
    record(uow, "alarm.raise", key, reason=one.alarm.value)
    return key


def looked_until(uow: UnitOfWork) -> datetime | None:
    """Return how far the own trail was looked through."""
    return uow.session.scalar(select(LogWatch.looked_until).where(LogWatch.authority_id == uow.me))
