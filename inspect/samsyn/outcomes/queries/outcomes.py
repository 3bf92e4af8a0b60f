"""Read the own authority's outcomes, newest versions; each reading is in the trail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from samsyn.audit.service import record
from samsyn.core.errors import NotAllowedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import GroundLine, grounds_by_id
from samsyn.operations.models import VisitTarget
from samsyn.outcomes.models import Outcome, OutcomeFinding
from samsyn.outcomes.rules import READERS, DecidedBy, OutcomeState
from samsyn.outcomes.tools import Tool, find_tool

MOST = 500
"""A part holds a few, an operator some dozens; so many are read at most."""


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One version of an outcome; ``grounds``: the findings that it rests on, without their words."""

    outcome_id: UUID
    version: int
    part_id: UUID
    visit_id: UUID
    operation_id: UUID
    unit_id: UUID | None
    unit_only: bool
    operator_id: UUID | None
    tool: Tool
    state: OutcomeState
    text: str
    amount: int | None
    heard_on: date | None
    until_on: date | None
    decided_by: DecidedBy | None
    decider: str
    delegation: str
    decided_on: date | None
    case_number: str
    reason: str
    written_by: UUID
    written_at: datetime
    grounds: tuple[GroundLine, ...] = ()

    @property
    def points(self) -> frozenset[str]:
        """Return the check points that it is about; free observations have none."""
        return frozenset(one.check_point for one in self.grounds if one.check_point)


def may_read(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for somebody whose roles read no outcomes (observer, administrator alone)."""
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads no outcomes")


def outcomes_of_part(uow: UnitOfWork, part_id: UUID) -> list[OutcomeLine]:
    """Return the outcomes of an own part, oldest first (logged); nothing at another's."""
    may_read(uow)
    found = _newest(uow, (Outcome.part_id == part_id) & (Outcome.authority_id == uow.me))
    if found:
        record(uow, "outcome.read", part_id)
    return found


def outcomes_of_visits(uow: UnitOfWork, visits: Collection[UUID]) -> list[OutcomeLine]:
    """Return the own outcomes of some visits, oldest first; one line in the trail for each part with one."""
    may_read(uow)
    found = _newest(uow, Outcome.visit_id.in_(visits)) if visits else []
    for part_id in sorted({one.part_id for one in found}):
        record(uow, "outcome.read", part_id)
    return found


def history_of_outcome(uow: UnitOfWork, outcome_id: UUID) -> list[OutcomeLine]:
    """Return every version, oldest first (logged); ``NotFoundError`` where it is absent or another authority's."""
    may_read(uow)
    rows = uow.session.scalars(select(Outcome).where(Outcome.outcome_id == outcome_id).order_by(Outcome.version)).all()
    if not rows:
        raise NotFoundError("no such outcome")
    record(uow, "outcome.read", rows[0].part_id)
    return outcome_lines(uow, rows)


def latest_outcomes(me: UUID) -> Subquery:
    """Select when an outcome was last written at each business, ``business_id`` and ``at``, for a list to join."""
    at = select(VisitTarget.business_id, func.max(Outcome.written_at).label("at"))
    at = at.join(VisitTarget, VisitTarget.visit_id == Outcome.visit_id).where(Outcome.authority_id == me)
    return at.group_by(VisitTarget.business_id).subquery("decided")


def newest_version(uow: UnitOfWork, outcome_id: UUID) -> Outcome | None:
    """Return the newest version as it stands in the table, or nothing; for the service."""
    rows = select(Outcome).where(Outcome.outcome_id == outcome_id)
    return uow.session.scalar(rows.order_by(Outcome.version.desc()).limit(1))


def standing_of_operator(uow: UnitOfWork, operator_id: UUID) -> list[OutcomeLine]:
    """Return what the own authority proposed or decided about an operator and did not withdraw.

    Only for what to think of: nothing of it is shown but tool, day and point, and opening one is logged.
    """
    found = _newest(uow, (Outcome.operator_id == operator_id) & (Outcome.authority_id == uow.me))
    return [one for one in found if one.state is not OutcomeState.WITHDRAWN]


def _newest(uow: UnitOfWork, which: ColumnElement[bool]) -> list[OutcomeLine]:
    rows = select(Outcome).ext(distinct_on(Outcome.outcome_id)).where(which)
    newest = uow.session.scalars(rows.order_by(Outcome.outcome_id, Outcome.version.desc()).limit(MOST)).all()
    return sorted(outcome_lines(uow, newest), key=lambda one: (one.written_at, one.outcome_id))


def outcome_lines(uow: UnitOfWork, rows: Sequence[Outcome]) -> list[OutcomeLine]:
    """Copy rows into the public type with their grounds; two statements."""
    ids = {row.outcome_id for row in rows}
    links = uow.session.scalars(select(OutcomeFinding).where(OutcomeFinding.outcome_id.in_(ids))).all() if ids else []
    known = grounds_by_id(uow, {link.finding_id for link in links})
    grounds: dict[tuple[UUID, int], list[GroundLine]] = {}
    for link in links:
        if (ground := known.get((link.finding_id, link.finding_version))) is not None:
            grounds.setdefault((link.outcome_id, link.version), []).append(ground)
    return [_line(row, tuple(grounds.get((row.outcome_id, row.version), ()))) for row in rows]


def _line(row: Outcome, grounds: tuple[GroundLine, ...]) -> OutcomeLine:
    return OutcomeLine(
        row.outcome_id,
        row.version,
        row.part_id,
        row.visit_id,
        row.operation_id,
        row.unit_id,
        row.unit_only,
        row.operator_id,
        find_tool(row.tool),
        row.state,
        row.text,
        row.amount,
        row.heard_on,
        row.until_on,
        row.decided_by,
        row.decider,
        row.delegation,
        row.decided_on,
        row.case_number,
        row.reason,
        row.written_by,
        row.written_at,
        tuple(sorted(grounds, key=lambda one: (one.check_point is None, one.check_point or "", str(one.finding_id)))),
    )
