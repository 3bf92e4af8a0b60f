"""Read the own authority's follow-ups: a part's, a person's, a unit's, those due; one with its past."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import aliased

from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import GroundLine, grounds_by_id
from samsyn.outcomes.models import FollowUp, Outcome
from samsyn.outcomes.queries.outcomes import may_read
from samsyn.outcomes.rules import UNFINISHED, FollowUpState
from samsyn.outcomes.tools import Tool, find_tool

MOST = 500
"""Of one part, one operation, or one person's to-do; so many are read at most."""


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One version of a follow-up; ``point`` and ``tool``: what it is about, without a finding's words."""

    follow_up_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    operation_id: UUID
    unit_id: UUID | None
    finding_id: UUID | None
    outcome_id: UUID | None
    owner_id: UUID
    due_on: date
    state: FollowUpState
    text: str
    reason: str
    written_by: UUID
    written_at: datetime
    point: str | None = None
    tool: Tool | None = None
    unit_only: bool = False

    @property
    def unfinished(self) -> bool:
        """Say whether it is still to be seen to."""
        return self.state in UNFINISHED

    def overdue(self, today: date) -> bool:
        """Say whether its day has gone by."""
        return self.unfinished and self.due_on < today


@dataclass(frozen=True, slots=True)
class FollowUpFilter:
    """What is looked for; empty leaves it open. ``due_until``: due on that day or before."""

    owner_id: UUID | None = None
    unit_id: UUID | None = None
    states: frozenset[FollowUpState] = UNFINISHED
    due_until: date | None = None
    operation_id: UUID | None = None


def list_follow_ups(uow: UnitOfWork, seek: Seek, wanted: FollowUpFilter) -> Page[FollowUpLine]:
    """Return the own follow-ups by their day, so that what is overdue stands first (logged); three statements."""
    may_read(uow)
    f = FollowUp
    rows = newest().where(f.authority_id == uow.me, f.state.in_(wanted.states)).order_by(f.due_on, f.follow_up_id)
    if wanted.owner_id is not None:
        rows = rows.where(f.owner_id == wanted.owner_id)
    if wanted.unit_id is not None:
        rows = rows.where(f.unit_id == wanted.unit_id)
    if wanted.operation_id is not None:
        rows = rows.where(f.operation_id == wanted.operation_id)
    if wanted.due_until is not None:
        rows = rows.where(f.due_on <= wanted.due_until)
    if seek.after:
        rows = rows.where(tuple_(f.due_on, f.follow_up_id) > tuple_(*_place(seek.after)))
    found = lines(uow, uow.session.scalars(rows.limit(seek.limit + 1)).all())
    if found:
        record(uow, "follow_up.read", uow.me)
    return cut(found, seek, lambda line: (line.due_on.isoformat(), str(line.follow_up_id)))


def follow_ups_of_part(uow: UnitOfWork, part_id: UUID) -> list[FollowUpLine]:
    """Return the follow-ups of an own part by their day (logged); nothing at another's."""
    may_read(uow)
    found = lines(uow, _some(uow, (FollowUp.part_id == part_id) & (FollowUp.authority_id == uow.me)))
    if found:
        record(uow, "follow_up.read", part_id)
    return found


def follow_ups_of_visits(uow: UnitOfWork, visits: Collection[UUID]) -> list[FollowUpLine]:
    """Return the own follow-ups of some visits by their day; one line in the trail for each part with one."""
    may_read(uow)
    here = FollowUp.visit_id.in_(visits) & (FollowUp.authority_id == uow.me)
    found = lines(uow, _some(uow, here)) if visits else []
    for part_id in sorted({one.part_id for one in found}):
        record(uow, "follow_up.read", part_id)
    return found


def history_of_follow_up(uow: UnitOfWork, follow_up_id: UUID) -> list[FollowUpLine]:
    """Return every version, oldest first (logged); ``NotFoundError`` where it is absent or another authority's."""
    may_read(uow)
    rows = select(FollowUp).where(FollowUp.follow_up_id == follow_up_id).order_by(FollowUp.version)
    found = lines(uow, uow.session.scalars(rows).all())
    if not found:
        raise NotFoundError("no such follow-up")
    record(uow, "follow_up.read", found[0].part_id)
    return found


def open_of_operation(uow: UnitOfWork, operation_id: UUID) -> list[FollowUpLine]:
    """Return what keeps the own authority from saying that its follow-ups are closed or carried over, as far as the
    viewer sees it; only that there are any is said of them.
    """
    f = FollowUp
    here = (f.operation_id == operation_id) & (f.authority_id == uow.me) & (f.state == FollowUpState.OPEN)
    return lines(uow, _some(uow, here))


def to_do(uow: UnitOfWork, until: date) -> list[FollowUpLine]:
    """Return the viewer's own unfinished follow-ups that are due by a day; of them a count and a day are shown."""
    f = FollowUp
    mine = (f.owner_id == uow.viewer.person_id) & (f.authority_id == uow.me) & f.state.in_(UNFINISHED)
    return lines(uow, _some(uow, mine & (f.due_on <= until)))


def due_by(uow: UnitOfWork, until: date) -> list[FollowUpLine]:
    """Return the own authority's unfinished follow-ups that are due by a day, for where several fall due together."""
    may_read(uow)
    f = FollowUp
    return lines(uow, _some(uow, (f.authority_id == uow.me) & f.state.in_(UNFINISHED) & (f.due_on <= until)))


def unfinished_one(uow: UnitOfWork, follow_up_id: UUID) -> FollowUpLine | None:
    """Return a follow-up that is still to be seen to, for the worker that reminds its owner; else nothing."""
    row = newest_follow_up(uow, follow_up_id)
    return None if row is None or row.state not in UNFINISHED else lines(uow, [row])[0]


def newest_follow_up(uow: UnitOfWork, follow_up_id: UUID) -> FollowUp | None:
    """Return the newest version as it stands in the table, or nothing; for the service."""
    rows = select(FollowUp).where(FollowUp.follow_up_id == follow_up_id)
    return uow.session.scalar(rows.order_by(FollowUp.version.desc()).limit(1))


def newest() -> Select[FollowUp]:
    """Return the versions after which there is no other."""
    after = aliased(FollowUp)
    later = select(after.version).where(
        after.follow_up_id == FollowUp.follow_up_id, after.version == FollowUp.version + 1
    )
    return select(FollowUp).where(~later.exists())


def _some(uow: UnitOfWork, which: ColumnElement[bool]) -> Sequence[FollowUp]:
    rows = newest().where(which).order_by(FollowUp.due_on, FollowUp.follow_up_id)
    return uow.session.scalars(rows.limit(MOST)).all()


def _place(after: tuple[str, ...]) -> tuple[date, UUID]:
    """Read the sort values of a cursor; raise ``InvalidError`` for one that we did not make."""
    try:
        day, last = after
        return date.fromisoformat(day), UUID(last)
    except ValueError as error:
        raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error


def lines(uow: UnitOfWork, rows: Sequence[FollowUp]) -> list[FollowUpLine]:
    """Copy rows into the public type with what they are about; two statements at most."""
    grounds = grounds_by_id(uow, {row.finding_id for row in rows if row.finding_id is not None})
    keys = {(row.outcome_id, row.outcome_version) for row in rows if row.outcome_id is not None}
    o = Outcome
    wanted = select(o.outcome_id, o.version, o.tool).where(tuple_(o.outcome_id, o.version).in_(keys))
    tools = {(one.outcome_id, one.version): one.tool for one in uow.session.execute(wanted)} if keys else {}
    return [_line(row, grounds, tools) for row in rows]


def _line(
    row: FollowUp,
    grounds: Mapping[tuple[UUID, int], GroundLine],
    tools: Mapping[tuple[UUID, int], str],
) -> FollowUpLine:
    ground = code = None
    if row.finding_id is not None and row.finding_version is not None:
        ground = grounds.get((row.finding_id, row.finding_version))
    if row.outcome_id is not None and row.outcome_version is not None:
        code = tools.get((row.outcome_id, row.outcome_version))
    return FollowUpLine(
        row.follow_up_id,
        row.version,
        row.part_id,
        row.visit_id,
        row.operation_id,
        row.unit_id,
        row.finding_id,
        row.outcome_id,
        row.owner_id,
        row.due_on,
        row.state,
        row.text,
        row.reason,
        row.written_by,
        row.written_at,
        ground.check_point if ground else None,
        find_tool(code) if code else None,
        row.unit_only,
    )
