"""Count how long an authority's own people were to be, and were, out: each counts its own, and sums leave its house.

Only of operations that are over: what is to come would tell the other members that something is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_change

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import UnitOfWork
from samsyn.operations.rules import quarter
from samsyn.pledges.models import Activity, ActivityTime, Tally
from samsyn.pledges.rules import MOST_MINUTES, ActivityKind, Measure, quarter_days
from samsyn.pledges.service.alone import count_alone
from samsyn.pledges.service.promising import demand_planner, refuse

COUNT_TIME: Final = "samsyn.pledges.count_time"
# A visit's time is the booked one for who was booked to the operation at that time, else as many as were asked for.
# Spent: from coming to leaving, or to the visit's end; where nobody noted a coming, as planned to the visit's end.
_OVER: Final = """
  SELECT v.id, v.starts_at, v.ends_at, v.ended_at, v.operation_id,
         (SELECT coalesce(sum(p.people), 0) FROM visit_part p JOIN part_answer r ON r.part_id = p.id AND r.accepted
           WHERE p.visit_id = v.id AND p.authority_id = (SELECT me()) AND p.withdrawn_at IS NULL) AS people
    FROM visit v JOIN operation o ON o.id = v.operation_id
   WHERE o.collaboration_id = CAST(:collaboration_id AS uuid) AND v.state = 'done'
     AND (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date >= :first
     AND (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date < :after"""
_SPELLS: Final = f"""
  SELECT c.visit_id, c.person_id, c.at AS came,
         coalesce((SELECT min(l.at) FROM presence l
                    WHERE l.visit_id = c.visit_id AND l.person_id = c.person_id AND l.authority_id = c.authority_id
                      AND l.what = 'left' AND l.at >= c.at), greatest(v.ended_at, c.at)) AS gone
    FROM presence c JOIN ({_OVER}) v ON v.id = c.visit_id
   WHERE c.authority_id = (SELECT me()) AND c.what = 'came'
     AND NOT EXISTS (SELECT 1 FROM presence e
                      WHERE e.visit_id = c.visit_id AND e.person_id = c.person_id AND e.authority_id = c.authority_id
                        AND e.what = 'came' AND (e.at, e.id) < (c.at, c.id)
                        AND NOT EXISTS (SELECT 1 FROM presence b
                                         WHERE b.visit_id = e.visit_id AND b.person_id = e.person_id
                                           AND b.authority_id = e.authority_id AND b.what = 'left'
                                           AND b.at >= e.at AND b.at <= c.at))"""  # noqa: S608  made of constants; values are parameters
_COUNT: Final = text(f"""
  WITH over AS ({_OVER}), spell AS ({_SPELLS}),
  operations AS (
    SELECT coalesce(sum(v.people * extract(epoch FROM v.ends_at - v.starts_at) / 60), 0) AS planned,
           coalesce(sum(coalesce(s.minutes, v.people * greatest(extract(epoch FROM v.ended_at - v.starts_at), 0) / 60)),
                    0) AS spent
      FROM over v
      LEFT JOIN (SELECT visit_id, sum(extract(epoch FROM gone - came) / 60) AS minutes FROM spell GROUP BY visit_id) s
           ON s.visit_id = v.id
     WHERE v.people > 0 OR s.minutes IS NOT NULL),
  activities AS (
    SELECT coalesce(sum(t.planned), 0) AS planned, coalesce(sum(t.spent), 0) AS spent
      FROM activity_time t JOIN activity a ON a.id = t.activity_id
     WHERE t.authority_id = (SELECT me()) AND a.collaboration_id = CAST(:collaboration_id AS uuid)
       AND a.state = 'done' AND a.on_date >= :first AND a.on_date < :after)
  INSERT INTO tally (authority_id, collaboration_id, quarter, measure, dimension, n)
  SELECT (SELECT me()), CAST(:collaboration_id AS uuid), CAST(:quarter AS text), x.measure, x.dimension, x.n
    FROM (SELECT CAST(:planned AS text) AS measure, 'operations' AS dimension, round(planned)::int AS n FROM operations
          UNION ALL SELECT CAST(:spent AS text), 'operations', round(spent)::int FROM operations
          UNION ALL SELECT CAST(:planned AS text), 'activities', planned::int FROM activities
          UNION ALL SELECT CAST(:spent AS text), 'activities', spent::int FROM activities) x
   WHERE NOT EXISTS (SELECT FROM tally f WHERE f.authority_id = (SELECT me()) AND f.frozen_at IS NOT NULL
                        AND f.collaboration_id = CAST(:collaboration_id AS uuid) AND f.quarter = CAST(:quarter AS text))
      ON CONFLICT (authority_id, collaboration_id, quarter, measure, dimension) DO UPDATE SET n = excluded.n
   WHERE tally.n <> excluded.n""")  # noqa: S608  made of constants; values are parameters


@dataclass(frozen=True, slots=True)
class WriteTime:
    """Minutes that the own authority planned and spent on an activity; ``seen_version`` 0 where none were written."""

    activity_id: UUID
    planned: int
    spent: int
    seen_version: int


def count_minutes(uow: UnitOfWork, collaboration_id: UUID, name: str) -> None:
    """Count the own time of a quarter ("2026-Q4") anew; twice changes nothing, a frozen quarter is left alone."""
    count_alone(uow, collaboration_id)
    first, after = quarter_days(name)
    values: dict[str, Any] = {"collaboration_id": collaboration_id, "quarter": name, "first": first, "after": after}
    uow.session.execute(_COUNT, {**values, "planned": Measure.PLANNED_MINUTES, "spent": Measure.SPENT_MINUTES})


def write_time(uow: UnitOfWork, command: WriteTime) -> None:
    """Write the own time of an activity of any member; the own worker counts its quarter.

    ``InvalidError`` by field; ``NotFoundError`` for what is hidden and for operations, which count themselves.
    """
    demand_planner(uow)
    activity = uow.session.get(Activity, command.activity_id)
    if activity is None or activity.activity_kind is ActivityKind.OPERATION:
        raise NotFoundError("no such activity")
    said = {"planned": command.planned, "spent": command.spent}
    refuse({name: ["minutes"] for name, n in said.items() if not 0 <= n <= MOST_MINUTES})
    key = (uow.me, command.activity_id)
    row = uow.session.get(ActivityTime, key, with_for_update=True)
    if (row.version if row else 0) != command.seen_version:
        raise ChangedMeanwhileError("somebody wrote the time")
    values = {**said, "version": command.seen_version + 1}
    put = insert_or_change(ActivityTime).values(authority_id=uow.me, activity_id=command.activity_id, **values)
    as_seen = ActivityTime.version == command.seen_version  # of two first writers the later saw none
    key_of = ["authority_id", "activity_id"]
    put = put.on_conflict_do_update(index_elements=key_of, set_=values, where=as_seen)
    if uow.session.scalar(put.returning(ActivityTime.version)) is None:
        raise ChangedMeanwhileError("somebody wrote the time")
    record(uow, "activity.time", command.activity_id)
    emit(uow, COUNT_TIME, command.activity_id, acts_for=uow.me)


def count_time(uow: UnitOfWork, activity_id: UUID) -> None:
    """As the own authority's worker, which no conflict of interest of a person narrows: count an activity's quarter.

    It may have been moved from any other quarter that has such time, so that these are counted too.
    """
    activity = uow.session.get(Activity, activity_id)
    if activity is not None:
        t = Tally
        of_mine = select(t.quarter).where(t.authority_id == uow.me, t.collaboration_id == activity.collaboration_id)
        counted = of_mine.where(t.dimension == "activities", t.n > 0, t.frozen_at.is_(None))
        for name in sorted({quarter(activity.on_date), *uow.session.scalars(counted)}):
            count_minutes(uow, activity.collaboration_id, name)
