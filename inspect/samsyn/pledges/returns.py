"""Return visits: where the own authority found a deficiency, it comes back to the same business within so many days.

Read from the own silo alone. Of another authority only what it handed in is known: numbers of whole quarters that are
over, and none of a quarter with fewer than ``FEWEST`` returns due, or visits without one: it would tell what was where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.home import HOME
from samsyn.core.uow import UnitOfWork
from samsyn.core.viewer import TASK
from samsyn.outcomes.tools import every_tool
from samsyn.pledges.queries import PledgeLine
from samsyn.pledges.rules import QUARTERS, Measure, quarter_of

FEWEST: Final = 5
"""Returns due in a quarter, and visits with none due, from which a count leaves its silo (R15's least cell)."""
SOON: Final = timedelta(days=14)
"""How long before its last day a return that nobody has planned is warned of."""
MOST: Final = 5_000

# A deficiency as its newest version says, or a decision that binds and stands. Back is the next day or later: a second
# visit of the same evening is none. What jäv closes to the viewer is not in the rows, and so in no line.
_VISITS: Final = text("""
  WITH mine AS MATERIALIZED (
    SELECT v.id AS visit_id, v.operation_id, v.state, (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date AS day,
           t.business_id, t.name, t.address, p.id AS part_id
      FROM operation o
      JOIN visit v ON v.operation_id = o.id
      JOIN visit_target t ON t.visit_id = v.id
      JOIN visit_part p ON p.visit_id = v.id AND p.authority_id = (SELECT me()) AND p.withdrawn_at IS NULL
      JOIN part_answer r ON r.part_id = p.id AND r.accepted
     WHERE o.collaboration_id = :collaboration_id AND o.state <> 'cancelled' AND v.starts_at >= :since
       AND (v.state = 'done' OR (v.state = 'planned' AND o.state IN
            ('proposed', 'preparing', 'scheduled', 'invited', 'confirmed', 'ongoing')))
  ), bad AS MATERIALIZED (
    SELECT f.part_id
      FROM mine m JOIN finding f ON f.part_id = m.part_id
     WHERE f.answer = 'deficiency' AND (f.serious OR NOT CAST(:serious AS boolean))
       AND NOT EXISTS (SELECT 1 FROM finding n WHERE n.finding_id = f.finding_id AND n.version > f.version)
    UNION
    SELECT d.part_id
      FROM mine m JOIN outcome d ON d.part_id = m.part_id
     WHERE d.state = 'decided' AND d.tool = ANY (CAST(:binding AS text[])) AND NOT CAST(:serious AS boolean)
       AND NOT EXISTS (SELECT 1 FROM outcome n WHERE n.outcome_id = d.outcome_id AND n.version > d.version)
  ), seen AS (
    SELECT m.visit_id, m.operation_id, m.business_id, m.name, m.address, m.day, bool_or(b.part_id IS NOT NULL) AS bad
      FROM mine m LEFT JOIN bad b ON b.part_id = m.part_id
     WHERE m.state = 'done' AND m.day >= :first AND m.day < :after
     GROUP BY m.visit_id, m.operation_id, m.business_id, m.name, m.address, m.day
  )
  SELECT s.visit_id, s.operation_id, s.business_id, s.name, s.address, s.day, s.bad,
         min(l.day) FILTER (WHERE l.state = 'done') AS returned_on,
         min(l.day) FILTER (WHERE l.state = 'planned' AND l.day >= :today) AS planned_on
    FROM seen s LEFT JOIN mine l ON s.bad AND l.business_id = s.business_id AND l.day > s.day
   GROUP BY s.visit_id, s.operation_id, s.business_id, s.name, s.address, s.day, s.bad
   ORDER BY s.day, s.visit_id
   LIMIT :most""")
_TOLD: Final = text("""
  SELECT authority_id, CAST(right(quarter, 1) AS integer) AS quarter, measure, n
    FROM tally
   WHERE collaboration_id = :collaboration_id AND dimension = :dimension AND measure = ANY (CAST(:measures AS text[]))
     AND quarter LIKE :year
   ORDER BY authority_id, quarter, measure""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Within how many days, and whether only for what is serious."""

    days: int
    serious: bool

    @property
    def dimension(self) -> str:
        """Return what its counts are kept under."""
        return f"{self.days}-serious" if self.serious else str(self.days)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """An own visit after which a return is due by a day; and when it was, or is to be, made."""

    visit_id: UUID
    operation_id: UUID
    business_id: UUID | None
    name: str
    address: str
    seen_on: date
    due_on: date
    returned_on: date | None
    planned_on: date | None

    @property
    def kept(self) -> bool:
        """Say whether somebody came back in time."""
        return self.returned_on is not None and self.returned_on <= self.due_on

    @property
    def late(self) -> bool:
        """Say whether somebody came back too late."""
        return self.returned_on is not None and self.returned_on > self.due_on

    def overdue(self, today: date) -> bool:
        """Say whether its day is over and nobody came back."""
        return self.returned_on is None and self.due_on < today

    def planned(self, today: date) -> bool:
        """Say whether it is still to be made, and planned in time."""
        coming = self.planned_on is not None and self.planned_on <= self.due_on
        return self.returned_on is None and self.due_on >= today and coming

    def soon(self, today: date) -> bool:
        """Say whether its last day is near and nothing is planned."""
        waits = self.returned_on is None and today <= self.due_on <= today + SOON
        return waits and not self.planned(today)


@dataclass(frozen=True, slots=True)
class Told:
    """What another authority handed in of a quarter."""

    authority_id: UUID
    quarter: int
    due: int
    kept: int
    late: int


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns of a year: the own, one by one, and what the other parties handed in."""

    own: Sequence[ReturnLine] = ()
    told: Sequence[Told] = ()


def read_returns(uow: UnitOfWork, pledge: PledgeLine, wanted: Wanted, today: date, *, party: bool) -> Returns:
    """Read the returns whose last day lies in a pledge's year: a party's own, and the others' numbers.

    A worker, whose numbers are for everybody, reads what was handed in alone, also of its own authority.
    """
    own: Sequence[ReturnLine] = ()
    if party and TASK not in uow.viewer.roles:
        span = date(pledge.year, 1, 1), date(pledge.year + 1, 1, 1)
        own, _ = own_returns(uow, pledge.collaboration_id, wanted, span, today)
    told = handed_in(uow, pledge.collaboration_id, wanted, pledge.year)
    if TASK not in uow.viewer.roles:
        told = [one for one in told if one.authority_id != uow.me]
    return Returns(own, told)


def own_returns(
    uow: UnitOfWork, collaboration_id: UUID, wanted: Wanted, span: tuple[date, date], today: date
) -> tuple[list[ReturnLine], int]:
    """Return the own returns due in a span (its first day, the one after it), and how many visits could have had one.

    Planned is what is planned for ``today`` or later: of a day that passed without a visit nothing came.
    """
    within, (first, after) = timedelta(days=wanted.days), span
    since = datetime(*(first - within).timetuple()[:3], tzinfo=HOME)
    values = {
        "collaboration_id": collaboration_id,
        "serious": wanted.serious,
        "binding": sorted(tool.code for tool in every_tool().values() if tool.binds),
        "since": since,
        "first": first - within,
        "after": after - within,
        "today": today,
        "most": MOST,
    }
    rows = uow.session.execute(_VISITS, values).all()
    lines = [
        ReturnLine(
            *(row.visit_id, row.operation_id, row.business_id, row.name, row.address, row.day, row.day + within),
            *(row.returned_on, row.planned_on),
        )
        for row in rows
        if row.bad
    ]
    return lines, len(rows)


def handed_in(uow: UnitOfWork, collaboration_id: UUID, wanted: Wanted, year: int) -> list[Told]:
    """Return what members handed in of a year's quarters."""
    values = {
        "collaboration_id": collaboration_id,
        "dimension": wanted.dimension,
        "measures": [Measure.RETURNS_DUE, Measure.RETURNS_KEPT, Measure.RETURNS_LATE],
        "year": f"{year:04}-Q_",
    }
    found: dict[tuple[UUID, int], dict[str, int]] = {}
    for row in uow.session.execute(_TOLD, values):
        found.setdefault((row.authority_id, row.quarter), {})[row.measure] = row.n
    return [
        Told(
            *(who, quarter, said.get(Measure.RETURNS_DUE, 0), said.get(Measure.RETURNS_KEPT, 0)),
            said.get(Measure.RETURNS_LATE, 0),
        )
        for (who, quarter), said in found.items()
    ]


def due_by_quarter(found: Returns) -> Counter[int]:
    """Count what was due, by the quarter of its last day."""
    due = Counter(quarter_of(line.due_on) for line in found.own)
    for one in found.told:
        due[one.quarter] += one.due
    return due


def kept_by_quarter(found: Returns) -> Counter[int]:
    """Count what was kept, by the quarter of its last day, so that no quarter keeps more than was due in it."""
    kept = Counter(quarter_of(line.due_on) for line in found.own if line.kept)
    for one in found.told:
        kept[one.quarter] += one.kept
    return kept


def measured(lines: Iterable[ReturnLine]) -> dict[Measure, int]:
    """Return what is handed in of a quarter."""
    lines = list(lines)
    return {
        Measure.RETURNS_DUE: len(lines),
        Measure.RETURNS_KEPT: sum(line.kept for line in lines),
        Measure.RETURNS_LATE: sum(line.late for line in lines),
    }


def quarters_over(year: int, today: date) -> list[int]:
    """Return the quarters of a year that are over on a day."""
    return [quarter for quarter in QUARTERS if (year, quarter) < (today.year, quarter_of(today))]
