"""Write when people can: working hours, leave, busy times, and what others may learn of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from samsyn.audit.service import record
from samsyn.core.database import one_of
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.planning.models import BusyReading, BusyTime, Leave, Shift, Unavailable
from samsyn.planning.queries.hours import span_of
from samsyn.planning.red_days import assumed_on
from samsyn.planning.rules import LeaveKind, Span, merged, unavailable

__all__ = ["AddLeave", "add_leave", "add_shifts", "record_busy", "refresh_unavailable", "withdraw_shifts"]
STALE: Final = timedelta(hours=24)
"""After this a reading of a person's calendar calls nothing free any more, whether anybody looks after it or not."""


@dataclass(frozen=True, slots=True)
class AddLeave:
    """Time away of a colleague. Nothing of health: what is not one of the kinds is ``other`` (R5)."""

    person_id: UUID
    starts_and_ends: Span
    kind: LeaveKind


def demand_keeper(uow: UnitOfWork, person_id: UUID) -> None:
    """Refuse who is neither the person, nor plans or administers in the person's authority."""
    if person_id != uow.viewer.person_id and not uow.viewer.roles & {"planner", "unit_admin", TASK}:
        raise NotAllowedError("only the person, a planner or a unit administrator keeps a person's hours")


def checked(spans: Iterable[Span]) -> list[Range[datetime]]:
    """Return the spans as the database keeps them; ``InvalidError`` for one that ends before it begins."""
    ranges = [Range(start, end) for start, end in spans]
    if any(r.lower is None or r.upper is None or r.lower >= r.upper for r in ranges):
        raise InvalidError("a time ends before it begins", fields={"ends_at": ["must be after starts_at"]})
    return ranges


def add_shifts(uow: UnitOfWork, person_id: UUID, spans: Sequence[Span]) -> int:
    """Add working hours of a colleague; what stands already is not written twice. Return how many were written."""
    demand_keeper(uow, person_id)
    stand = set(_standing(uow, Shift, person_id))
    new = [r for r in checked(spans) if (r.lower, r.upper) not in stand]
    if new:
        uow.session.execute(
            insert(Shift),
            [{"id": uuid4(), "person_id": person_id, "authority_id": uow.me, "during": r} for r in new],
        )
        record(uow, "shifts.add", person_id)
    return len(new)


def withdraw_shifts(uow: UnitOfWork, person_id: UUID, horizon: Span) -> None:
    """Take back the shifts that begin in the horizon, before others are written in their place."""
    demand_keeper(uow, person_id)
    uow.session.execute(
        update(Shift)
        .where(Shift.person_id == person_id, Shift.authority_id == uow.me, Shift.withdrawn_at.is_(None))
        .where(Shift.during.contained_by(Range(*horizon)))
        .values(withdrawn_at=uow.now)
    )
    record(uow, "shifts.withdraw", person_id)


def add_leave(uow: UnitOfWork, command: AddLeave) -> UUID:
    """Note time away of a colleague; others learn that the time is taken and never why."""
    demand_keeper(uow, command.person_id)
    leave_id = uuid4()
    uow.session.execute(
        insert(Leave).values(
            id=leave_id,
            person_id=command.person_id,
            authority_id=uow.me,
            during=checked([command.starts_and_ends])[0],
            leave_kind=command.kind,
        )
    )
    record(uow, "leave.add", command.person_id)
    return leave_id


def record_busy(uow: UnitOfWork, person_id: UUID, spans: Sequence[Span]) -> None:
    """Write what a person's own calendar says is taken, in place of what it said before: times, never titles.

    What stands already is left as it is, so that a calendar that changes little writes little.
    """
    demand_keeper(uow, person_id)
    mine = (BusyTime.person_id == person_id, BusyTime.authority_id == uow.me)
    said = {(r.lower, r.upper): r for r in checked(merged(spans))}
    stand = {(one.during.lower, one.during.upper): one.id for one in uow.session.scalars(select(BusyTime).where(*mine))}
    gone = [key for span, key in stand.items() if span not in said]
    if gone:
        uow.session.execute(delete(BusyTime).where(*mine, one_of(BusyTime.id, set(gone))))
    rows = [
        {"id": uuid4(), "person_id": person_id, "authority_id": uow.me, "during": r, "fetched_at": uow.now}
        for span, r in said.items()
        if span not in stand
    ]
    if rows:
        uow.session.execute(insert(BusyTime), rows)
    record(uow, "busy.fetch", person_id)


def refresh_unavailable(uow: UnitOfWork, person_id: UUID, horizon: Span, *, readable: bool | None = None) -> int:
    """Rewrite what others learn of a colleague's time within the horizon, from shifts, leave and busy times.

    A calendar of the person's own that could not be read the last time makes every shift unknown; one that was read
    tells, in the time that it was read for, that its gaps are free, until the reading is ``STALE``. ``readable`` says
    it of who has given no address (the practice town). Return the number of rows.
    """
    demand_keeper(uow, person_id)
    shifts = _standing(uow, Shift, person_id)
    away = [span for model in (Leave, BusyTime) for span in _standing(uow, model, person_id)]
    read = uow.session.get(BusyReading, (person_id, uow.me), populate_existing=True)
    told: dict[str, Any] = {"readable": readable is not False}
    good_until = None
    if read is not None:
        told = {"readable": read.readable}
        if read.readable and read.tells is not None and read.fetched_at is not None:
            tells = span_of(read.tells)
            told |= {"tells": tells, "usual": usual_hours(tells)}
            good_until = read.fetched_at + STALE
    rows = [
        {
            "id": uuid4(),
            "person_id": person_id,
            "authority_id": uow.me,
            "during": Range(*span),
            "state": state,
            "as_of": uow.now,
            "good_until": good_until,
        }
        for span, state in unavailable(horizon, shifts, away, **told)
    ]
    uow.session.execute(
        delete(Unavailable).where(
            Unavailable.person_id == person_id,
            Unavailable.authority_id == uow.me,
            Unavailable.during.overlaps(Range(*horizon)),
        )
    )
    if rows:
        uow.session.execute(insert(Unavailable), rows)
    return len(rows)


def usual_hours(period: Span) -> list[Span]:
    """Return the working hours that are assumed of whom no shifts are known, on each day of a period."""
    first, last = (local_day(one) for one in period)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [hours for day in days if (hours := assumed_on(day)) is not None]


def _standing(uow: UnitOfWork, model: type[Shift] | type[Leave] | type[BusyTime], person_id: UUID) -> list[Span]:
    """Return the times of one table that have not been taken back."""
    rows = select(model.during).where(model.person_id == person_id, model.authority_id == uow.me)
    if issubclass(model, (Shift, Leave)):
        rows = rows.where(model.withdrawn_at.is_(None))
    return [span_of(one) for one in uow.session.scalars(rows)]
