"""Read the review of the own authority's trail; empty for anybody but a log reviewer (the policies say so)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from samsyn.audit.queries import AuditLine, first_act, lines_by_id
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.reviews.models import LogAlarm, LogMonth, LogSample
from samsyn.reviews.rules import Alarm, Handling, Verdict, months_over

YEAR = 12
"""So many months back are still reviewed."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month and how its review stands. ``drawn`` None: nothing was drawn yet."""

    month: date
    drawn: int | None = None
    ticked: int = 0
    closer: int = 0
    of_lines: int = 0
    drawn_at: datetime | None = None
    seed: str = ""

    @property
    def done(self) -> bool:
        """Say whether every drawn line is ticked off."""
        return self.drawn is not None and self.ticked >= self.drawn


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A drawn line; ``act`` None: the line is gone from the trail, which the nightly check tells as well."""

    audit_id: UUID
    month: date
    position: int
    act: AuditLine | None
    verdict: Verdict | None
    note: str | None
    ticked_by: UUID | None
    ticked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm as the reviewers read it."""

    id: UUID
    alarm: Alarm
    person_id: UUID
    starts_at: datetime
    subject_id: UUID
    n: int
    usual: int
    raised_at: datetime
    handling: Handling | None
    note: str | None
    handled_by: UUID | None
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToReview:
    """What waits for a log reviewer: months that are over and not ticked off, the oldest first, and open alarms."""

    months: tuple[MonthLine, ...] = ()
    alarms: int = 0

    @property
    def total(self) -> int:
        """Return how many lines the page says it in."""
        return bool(self.months) + bool(self.alarms)


NOTHING: Final = ToReview()


def months(uow: UnitOfWork) -> list[MonthLine]:
    """Return the months that are over, newest first, back to the first act, at most a year; two statements."""
    first = first_act(uow)
    stand = _stand(uow)
    over = months_over(first, uow.now, YEAR) if first is not None else []
    return [stand.get(month, MonthLine(month)) for month in sorted({*over, *stand}, reverse=True)][: 2 * YEAR]


def _stand(uow: UnitOfWork) -> Mapping[date, MonthLine]:
    """Return what was drawn, by month."""
    m, s = LogMonth, LogSample
    rows = (
        select(
            m.month,
            m.drawn,
            func.count(s.verdict),
            func.count().filter(s.verdict == Verdict.LOOK_CLOSER),
            m.of_lines,
            m.drawn_at,
            m.seed,
        )
        .outerjoin(s, (s.authority_id == m.authority_id) & (s.month == m.month))
        .where(m.authority_id == uow.me)
        .group_by(m.authority_id, m.month)
        .order_by(m.month.desc())
        .limit(2 * YEAR)
    )
    return {row[0]: MonthLine(*row) for row in uow.session.execute(rows)}


def get_month(uow: UnitOfWork, month: date) -> MonthLine:
    """Return a drawn month; ``NotFoundError`` where nothing was drawn."""
    found = _stand(uow).get(month)
    if found is None:
        raise NotFoundError("no sample of that month")
    return found


def month_of(uow: UnitOfWork, audit_id: UUID) -> date:
    """Return the month of a drawn line; ``NotFoundError`` for one that was not drawn."""
    s = LogSample
    month = uow.session.scalar(select(s.month).where(s.authority_id == uow.me, s.audit_id == audit_id))
    if month is None:
        raise NotFoundError("no such drawn line")
    return month


def sample_of(uow: UnitOfWork, month: date) -> list[SampleLine]:
    """Return a month's drawn lines in their order; two statements."""
    s = LogSample
    drawn = select(s).where(s.authority_id == uow.me, s.month == month).order_by(s.position)
    rows = list(uow.session.scalars(drawn))
    acts = lines_by_id(uow, {(row.audit_at, row.audit_id) for row in rows})
    return [
        SampleLine(
            row.audit_id,
            row.month,
            row.position,
            acts.get(row.audit_id),
            row.verdict,
            row.note,
            row.ticked_by,
            row.ticked_at,
        )
        for row in rows
    ]


def list_alarms(uow: UnitOfWork, seek: Seek, *, handled: bool = False) -> Page[AlarmLine]:
    """Return the open alarms (or those that are handled), newest first."""
    a = LogAlarm
    rows = select(a).where(a.authority_id == uow.me, a.handling.is_not(None) if handled else a.handling.is_(None))
    if seek.after:
        try:
            at, last = datetime.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((a.starts_at < at) | ((a.starts_at == at) & (a.id < last)))
    found = uow.session.scalars(rows.order_by(a.starts_at.desc(), a.id.desc()).limit(seek.limit + 1))
    return cut([line(row) for row in found], seek, lambda one: (one.starts_at.isoformat(), str(one.id)))


def line(row: LogAlarm) -> AlarmLine:
    """Copy a row into the public type."""
    return AlarmLine(
        row.id,
        row.alarm,
        row.person_id,
        row.starts_at,
        row.subject_id,
        row.n,
        row.usual,
        row.raised_at,
        row.handling,
        row.note,
        row.handled_by,
        row.handled_at,
    )


def to_review(uow: UnitOfWork) -> ToReview:
    """Return what waits; nothing, and no statement, for who reviews no log."""
    if "log_reviewer" not in uow.viewer.roles:
        return NOTHING
    left = [one for one in reversed(months(uow)) if not one.done]
    a = LogAlarm
    open_ones = select(func.count()).select_from(a).where(a.authority_id == uow.me, a.handling.is_(None))
    return ToReview(tuple(left), uow.session.scalar(open_ones) or 0)
