"""Hand in counts: each authority counts its own traces, and only the number leaves its silo."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork
from samsyn.operations.rules import quarter
from samsyn.operations.traces import write_trace
from samsyn.pledges.rules import Measure, quarter_days
from samsyn.pledges.service.activities import count_operation
from samsyn.pledges.service.alone import count_alone
from samsyn.pledges.service.minutes import count_minutes

# Always a recount, never an increment: a task may run twice. A frozen row would not be skipped by ON CONFLICT but
# refused by its update policy, so a quarter with a frozen row is left out beforehand.
_RECOUNT = text("""
  INSERT INTO tally (authority_id, collaboration_id, quarter, measure, dimension, n)
  SELECT (SELECT me()), CAST(:collaboration_id AS uuid), CAST(:quarter AS text), x.measure, '', x.n
    FROM (SELECT count(*) AS visits, count(*) FILTER (WHERE joint_with > 1) AS joint
            FROM visit_trace
           WHERE authority_id = (SELECT me()) AND collaboration_id = CAST(:collaboration_id AS uuid) AND done
             AND on_date >= :first AND on_date < :after) c,
         LATERAL (VALUES (CAST(:visits AS text), c.visits), (CAST(:joint AS text), c.joint)) x (measure, n)
   WHERE NOT EXISTS (SELECT FROM tally f WHERE f.authority_id = (SELECT me()) AND f.frozen_at IS NOT NULL
                        AND f.collaboration_id = CAST(:collaboration_id AS uuid) AND f.quarter = CAST(:quarter AS text))
      ON CONFLICT (authority_id, collaboration_id, quarter, measure, dimension) DO UPDATE SET n = excluded.n
   WHERE tally.n <> excluded.n""")

_OPERATION = text("SELECT operation_id FROM visit WHERE id = :visit_id")


def recount(uow: UnitOfWork, collaboration_id: UUID, quarter: str) -> None:
    """Count the own done visits of a quarter ("2026-Q4") anew; a frozen quarter is left alone.

    Counting twice changes nothing. ``NotFoundError`` for a collaboration that the own authority is not a member of.
    """
    first, after = quarter_days(quarter)
    values = {
        "collaboration_id": collaboration_id,
        "quarter": quarter,
        "first": first,
        "after": after,
        "visits": Measure.VISITS,
        "joint": Measure.JOINT_VISITS,
    }
    count_alone(uow, collaboration_id)
    uow.session.execute(_RECOUNT, values)


def count_visit(uow: UnitOfWork, visit_id: UUID) -> None:
    """Write the own trace of a visit and count again the quarters, and the own operation, that it touches.

    No trace, no quarter; the operation counts also where its lead did not come itself.
    """
    traced = write_trace(uow, visit_id)
    if traced is not None:
        for name in sorted({quarter(day) for day in traced.days}):
            recount(uow, traced.collaboration_id, name)
            count_minutes(uow, traced.collaboration_id, name)
    operation_id = uow.session.scalar(_OPERATION, {"visit_id": visit_id})
    if operation_id is not None:
        count_operation(uow, operation_id)
