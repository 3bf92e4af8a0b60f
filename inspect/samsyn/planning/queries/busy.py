"""Read the viewer's own calendar's address, as far as it is shown, and what was read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork
from samsyn.planning.busy.faults import Fault
from samsyn.planning.models import BusyReading, BusySource, BusyTime
from samsyn.planning.queries.hours import span_of
from samsyn.planning.rules import Span

PURPOSE: Final = "busy-address"
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """What a person is shown of the own calendar: the address's host alone, never the rest of it.

    ``readable``: the last try told something. ``next_at``: nothing once the trying has ended.
    """

    host: str
    added_at: datetime
    tried_at: datetime | None
    next_at: datetime | None
    failures: int
    fault: Fault | None
    fetched_at: datetime | None
    tells: Span | None
    readable: bool
    periods: int
    coming: tuple[Span, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Errand:
    """Where a worker goes for a person."""

    source_id: UUID
    url: str


def bound_to(uow: UnitOfWork) -> str:
    """Return what an address's ciphertext is bound to: the person in the authority."""
    return f"{uow.person} {uow.me}"


def own_calendar(uow: UnitOfWork, keys: Keys, *, shown: int = SHOWN) -> OwnCalendar | None:
    """Return the viewer's own calendar with the next times that it says are taken; nothing where there is none."""
    s, r, t = BusySource, BusyReading, BusyTime
    row = uow.session.execute(
        select(s, r.fetched_at, r.tells, func.coalesce(r.readable, False))
        .outerjoin(r, (r.person_id == s.person_id) & (r.authority_id == s.authority_id))
        .where(s.person_id == uow.person, s.authority_id == uow.me)
    ).one_or_none()
    if row is None:
        return None
    source, fetched_at, tells, readable = row
    mine = (t.person_id == uow.person, t.authority_id == uow.me)
    count = uow.session.scalar(select(func.count()).where(*mine)) or 0
    rows = (
        select(func.lower(t.during), func.upper(t.during))
        .where(*mine, func.upper(t.during) > uow.now)
        .order_by(t.during)
        .limit(shown)
    )
    return OwnCalendar(
        host=urlsplit(_opened(uow, keys, source) or "").hostname or "",
        added_at=source.added_at,
        tried_at=source.tried_at,
        next_at=source.next_at,
        failures=source.failures,
        fault=source.fault,
        fetched_at=fetched_at,
        tells=span_of(tells) if tells is not None else None,
        readable=readable,
        periods=count,
        coming=tuple((first, last) for first, last in uow.session.execute(rows)),
    )


def errand(uow: UnitOfWork, keys: Keys, *, at_once: bool) -> Errand | None:
    """Return where to go for the viewer now, to the worker that acts for it; nothing where it is not time for that.

    By the database's clock; ``at_once``: whether it is time or not. An address that no key opens is nowhere to go.
    """
    s = BusySource
    mine = select(s).where(s.person_id == uow.person, s.authority_id == uow.me)
    if not at_once:
        mine = mine.where(s.next_at <= func.now())
    source = uow.session.scalar(mine)
    if source is None or (url := _opened(uow, keys, source)) is None:
        return None
    return Errand(source.id, url)


def _opened(uow: UnitOfWork, keys: Keys, source: BusySource) -> str | None:
    try:
        return keys.decrypt(PURPOSE, source.address, bound_to(uow), source.key_name).decode()
    except (InvalidTag, KeyError):
        return None
