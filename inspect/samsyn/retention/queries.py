"""Read rules, holds, what is due, and protocols: the own authority's alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from samsyn.access.rules import KEEPERS
from samsyn.core.errors import InvalidError, NotAllowedError, NotFoundError
from samsyn.core.paging import Page, Seek, cut
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.retention.models import RecordsHold, RetentionRule, RetentionRun
from samsyn.retention.rules import DataClass, Rule, defaults, last_year
from samsyn.retention.statement import count_by_year


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold; with neither business nor operation it holds everything."""

    id: UUID
    business_id: UUID | None
    operation_id: UUID | None
    request_id: UUID | None
    reason: str
    placed_by: UUID
    placed_at: datetime
    lifted_at: datetime | None
    lift_reason: str


@dataclass(frozen=True, slots=True)
class YearLine:
    """What there is of a class by year: how many, how many of them held, and from which day they may go.

    ``waits``: how many others stay until what they wait for is done: an open follow-up, a picture.
    """

    year: int
    n: int
    held: int
    waits: int
    due_on: date | None
    due: bool


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class with its rule and what it would remove when, as far as the viewer may read it."""

    rule: Rule
    years: tuple[YearLine, ...]

    @property
    def due(self) -> int:
        """Return how many things may go today."""
        return sum(one.n - one.held - one.waits for one in self.years if one.due)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A protocol."""

    id: UUID
    data_class: DataClass
    rule_version: int
    decision_ref: str
    last_year: int
    ordered_by: UUID
    ordered_at: datetime
    removed: int
    objects: tuple[str, ...]
    finished_at: datetime | None


def demand_keeper(uow: UnitOfWork) -> None:
    """Raise ``NotAllowedError`` for who does not keep the authority's records."""
    if not uow.viewer.roles & (KEEPERS | {TASK}):
        raise NotAllowedError("this role keeps no records")


def rules_of(uow: UnitOfWork) -> dict[DataClass, Rule]:
    """Return the newest rule of each class; a proposal where the authority decided none."""
    r = RetentionRule
    rows = uow.session.execute(
        select(r.data_class, r.version, r.preserve, r.years, r.decision_ref, r.decided_on).order_by(r.version)
    )
    return defaults() | {row.data_class: Rule(*row) for row in rows}


def preview(uow: UnitOfWork) -> list[ClassCard]:
    """Return what each rule would remove when: a statement per class."""
    demand_keeper(uow)
    today = uow.today
    found = []
    for data_class, rule in sorted(rules_of(uow).items(), key=lambda one: list(DataClass).index(one[0])):
        last = last_year(rule, today)
        years = tuple(
            YearLine(
                row.year,
                row.n,
                row.held,
                row.waits,
                date(row.year + rule.years + 1, 1, 1) if not rule.preserve else None,
                rule.removes and row.year <= last,
            )
            for row in uow.session.execute(count_by_year(data_class))
        )
        found.append(ClassCard(rule, years))
    return found


def list_holds(uow: UnitOfWork, *, lifted: bool = False) -> list[HoldLine]:
    """Return the holds that stand (or those that were lifted), newest first."""
    demand_keeper(uow)
    h = RecordsHold
    columns = select(
        h.id,
        h.business_id,
        h.operation_id,
        h.request_id,
        h.reason,
        h.placed_by,
        h.placed_at,
        h.lifted_at,
        h.lift_reason,
    )
    rows = columns.where(h.lifted_at.is_not(None) if lifted else h.lifted_at.is_(None))
    return [HoldLine(*row) for row in uow.session.execute(rows.order_by(h.placed_at.desc(), h.id).limit(200))]


def get_run(uow: UnitOfWork, run_id: UUID) -> RunLine:
    """Return a protocol; ``NotFoundError`` where it is hidden or absent."""
    demand_keeper(uow)
    row = uow.session.get(RetentionRun, run_id)
    if row is None:
        raise NotFoundError("no such run")
    return line(row)


def list_runs(uow: UnitOfWork, seek: Seek) -> Page[RunLine]:
    """Return the protocols, newest first."""
    demand_keeper(uow)
    r = RetentionRun
    rows = select(r).order_by(r.ordered_at.desc(), r.id.desc())
    if seek.after:
        try:
            at, last = datetime.fromisoformat(seek.after[0]), UUID(seek.after[1])
        except ValueError as error:
            raise InvalidError("unknown cursor", fields={"cursor": ["unknown"]}) from error
        rows = rows.where((r.ordered_at < at) | ((r.ordered_at == at) & (r.id < last)))
    lines = [line(row) for row in uow.session.scalars(rows.limit(seek.limit + 1))]
    return cut(lines, seek, lambda one: (one.ordered_at.isoformat(), str(one.id)))


def line(row: RetentionRun) -> RunLine:
    """Copy a row into the public type."""
    return RunLine(
        row.id,
        row.data_class,
        row.rule_version,
        row.decision_ref,
        row.last_year,
        row.ordered_by,
        row.ordered_at,
        row.removed,
        tuple(row.objects),
        row.finished_at,
    )
