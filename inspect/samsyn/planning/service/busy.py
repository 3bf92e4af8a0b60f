"""Where a person's own calendar is, and what came of fetching it: times alone, and what others may learn of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as pg_insert

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError
from samsyn.core.home import local_day
from samsyn.core.jobs import begun_since, start_job
from samsyn.core.keys import Keys
from samsyn.core.outbox import emit
from samsyn.core.outgoing import UnfetchedError, safe_address
from samsyn.core.uow import UnitOfWork
from samsyn.planning.busy.faults import Fault
from samsyn.planning.busy.told import Reading
from samsyn.planning.iso_week import at
from samsyn.planning.models import BusyReading, BusySource, BusyTime
from samsyn.planning.queries.busy import PURPOSE, bound_to
from samsyn.planning.queries.hours import reach
from samsyn.planning.rules import Span
from samsyn.planning.service.hours import record_busy, refresh_unavailable

FETCH: Final = "samsyn.planning.fetch_busy"
"""Subject: the person. Planned, each by the one before it, as long as there is an address and the trying goes on."""
FETCH_NOW: Final = "samsyn.planning.fetch_busy_now"
"""Subject: a job of the person's, who waits for it."""
TELL_UNREAD: Final = "samsyn.lifecycle.tell_calendar_unread"
"""Subject: the person, for whose calendar the trying has ended: the rooms above know how to tell."""
EVERY: Final = timedelta(hours=2)
PAUSES: Final = tuple(timedelta(minutes=n) for n in (5, 15, 60, 240, 720, 1440, 1440))
"""After the first failure, the second and so on; after the last of them nobody tries until the person does."""
AHEAD: Final = timedelta(weeks=26)
MOST_BY_HAND: Final = 20
"""Fetches that a person may begin in an hour: nobody looks around in other people's machines through this one."""
SOON: Final = timedelta(minutes=1)
"""A person who presses again within this gets no other fetch: the other side is somebody else's machine."""


def window_at(now: datetime) -> Span:
    """Return for which time a calendar is read: from today's midnight at home."""
    begins = at(local_day(now), time(0))
    return begins, begins + AHEAD


def put_address(uow: UnitOfWork, keys: Keys, typed: str) -> UUID:
    """Keep where the viewer's own calendar is, in place of an address before it, and fetch it; return the job's id.

    ``InvalidError`` (field ``address``) for what is no https address on a usual port, and for the twenty-first try
    within an hour. Whether it leads to the public
    internet is looked at when it is fetched, every time.
    """
    url = normal(typed)
    if _often(uow):
        raise InvalidError("too many addresses", fields={"address": ["calendar_too_often"]})
    if _forget(uow):  # what another calendar said is nothing that this one says
        uow.session.execute(delete(BusyTime).where(BusyTime.person_id == uow.person, BusyTime.authority_id == uow.me))
    source_id, (sealed, key_name) = uuid4(), keys.encrypt(PURPOSE, url.encode(), bound_to(uow))
    uow.session.execute(
        insert(BusySource).values(
            id=source_id,
            person_id=uow.person,
            authority_id=uow.me,
            address=sealed,
            key_name=key_name,
            added_at=uow.now,
            next_at=None,
            tried_at=None,
            failures=0,
            fault=None,
        )
    )
    _keep_reading(uow, readable=False)
    _tell_others(uow)
    record(uow, "busy_source.add", uow.person)
    return start_job(uow, FETCH_NOW)


def normal(typed: str) -> str:
    """Return an address as it is fetched: ``webcal`` is only a name for https (CALENDARS 2.4)."""
    url = typed.strip()
    for scheme in ("webcal://", "webcals://"):
        if url.lower().startswith(scheme):
            url = f"https://{url[len(scheme) :]}"
    url = url.partition("#")[0]
    try:
        safe_address(url)
    except UnfetchedError:
        raise InvalidError("no address of a calendar", fields={"address": ["calendar_address"]}) from None
    return url


def remove_address(uow: UnitOfWork) -> None:
    """Forget the viewer's address and all that was read there; nothing is done where there is none."""
    if not _forget(uow):
        return
    for model in (BusyTime, BusyReading):
        mine = (model.person_id == uow.person, model.authority_id == uow.me)
        uow.session.execute(delete(model).where(*mine))
    _tell_others(uow)
    record(uow, "busy_source.remove", uow.person)


def fetch_now(uow: UnitOfWork) -> UUID | None:
    """Fetch the viewer's calendar at once; return the job's id.

    Nothing where there is none, or where it was tried a moment ago or again and again.
    """
    source = _mine(uow)
    if source is None or _often(uow) or (source.tried_at is not None and uow.now - source.tried_at < SOON):
        return None
    return start_job(uow, FETCH_NOW)


def note_reading(uow: UnitOfWork, source_id: UUID, read: Reading) -> bool:
    """Keep what was read in place of what was read before, let others learn it, and plan the next fetch.

    As the worker that went there for the person. False, and nothing kept, if the address has been replaced meanwhile.
    """
    source = _mine(uow)
    if source is None or source.id != source_id:
        return False
    record_busy(uow, uow.person, read.busy)
    _keep_reading(uow, readable=True, tells=read.tells)
    _tell_others(uow)
    _plan_next(uow, source_id, EVERY, failures=0, fault=None)
    return True


def note_fault(uow: UnitOfWork, source_id: UUID, fault: Fault) -> bool:
    """Keep that nothing could be read: what was free is unknown from now on, what was taken stays taken.

    It is tried again after a growing pause, and no more once the pauses are used up: then the person is told, once,
    and no more of what is tried by hand. False as ``note_reading``.
    """
    source = _mine(uow)
    if source is None or source.id != source_id:
        return False
    uow.session.execute(
        update(BusyReading)
        .where(BusyReading.person_id == uow.person, BusyReading.authority_id == uow.me)
        .values(readable=False)
    )
    _tell_others(uow)
    failures = source.failures + 1
    pause = PAUSES[source.failures] if source.failures < len(PAUSES) else None
    _plan_next(uow, source_id, pause, failures=failures, fault=fault)
    if failures == len(PAUSES) + 1:
        emit(uow, TELL_UNREAD, uow.person, acts_for=uow.me)
    record(uow, "busy.fail", uow.person, reason=fault.value)
    return True


def _plan_next(uow: UnitOfWork, source_id: UUID, pause: timedelta | None, **values: object) -> None:
    """Write when the next fetch is and plan it, both by the database's clock."""
    next_at = None if pause is None else func.now() + pause
    uow.session.execute(
        update(BusySource).where(BusySource.id == source_id).values(next_at=next_at, tried_at=uow.now, **values)
    )
    if pause is not None:
        emit(uow, FETCH, uow.person, acts_for=uow.me, after=pause)


def _keep_reading(uow: UnitOfWork, *, readable: bool, tells: Span | None = None) -> None:
    values = {
        "readable": readable,
        "fetched_at": uow.now if readable else None,
        "tells": Range(*tells) if tells is not None else None,
    }
    row = pg_insert(BusyReading).values(person_id=uow.person, authority_id=uow.me, **values)
    uow.session.execute(row.on_conflict_do_update(index_elements=["person_id", "authority_id"], set_=values))


def _tell_others(uow: UnitOfWork) -> None:
    refresh_unavailable(uow, uow.person, reach(uow, uow.person, window_at(uow.now)))


def _often(uow: UnitOfWork) -> bool:
    return begun_since(uow, FETCH_NOW, uow.now - timedelta(hours=1)) >= MOST_BY_HAND


def _forget(uow: UnitOfWork) -> bool:
    mine = delete(BusySource).where(BusySource.person_id == uow.person, BusySource.authority_id == uow.me)
    return uow.session.execute(mine.returning(BusySource.id)).first() is not None


def _mine(uow: UnitOfWork) -> BusySource | None:
    """Return the viewer's source, locked: two fetches of one calendar write one after the other."""
    mine = select(BusySource).where(BusySource.person_id == uow.person, BusySource.authority_id == uow.me)
    return uow.session.scalar(mine.with_for_update())
