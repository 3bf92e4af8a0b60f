"""Traces: that the own authority was, or is to be, at a premises on a day. All that leaves a silo of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork

# A part that names no unit is that of the only one, where an authority has no more.
# Taking part is an accepted part that was not withdrawn. An authority that took part once and no longer does keeps its
# row, not done: a trace is never deleted. Outside the collaboration there is no trace: it is the collaboration's.
_FACTS = text("""
  SELECT v.starts_at, v.state = 'done' AS done, o.collaboration_id, t.premises_id,
         count(DISTINCT p.authority_id) FILTER (WHERE r.accepted) AS joint_with,
         coalesce(bool_or(r.accepted AND p.authority_id = (SELECT me())), false) AS there,
         coalesce(array_agg(DISTINCT u.field ORDER BY u.field)
                  FILTER (WHERE r.accepted AND p.authority_id = (SELECT me()) AND u.field IS NOT NULL), '{}') AS fields,
         (SELECT on_date FROM visit_trace b WHERE b.visit_id = v.id AND b.authority_id = (SELECT me())) AS before
    FROM visit v
    JOIN operation o ON o.id = v.operation_id
    JOIN visit_target t ON t.visit_id = v.id
    JOIN collaboration_member m ON m.collaboration_id = o.collaboration_id
         AND m.authority_id = (SELECT me()) AND m.left_on IS NULL
    LEFT JOIN visit_part p ON p.visit_id = v.id AND p.withdrawn_at IS NULL
    LEFT JOIN part_answer r ON r.part_id = p.id
    LEFT JOIN unit u ON u.authority_id = p.authority_id AND (u.id = p.unit_id OR (p.unit_id IS NULL
         AND (SELECT count(*) FROM unit x WHERE x.authority_id = p.authority_id) = 1))
   WHERE v.id = :visit_id
   GROUP BY v.id, v.starts_at, v.state, o.collaboration_id, t.premises_id""")
_WRITE = text("""
  INSERT INTO visit_trace
         (authority_id, visit_id, collaboration_id, premises_id, on_date, done, joint_with, shared_before, fields)
  VALUES ((SELECT me()), :visit_id, :collaboration_id, :premises_id, :on_date, :done, :joint_with, false,
          CAST(:fields AS text[]))
      ON CONFLICT (authority_id, visit_id) DO UPDATE
     SET premises_id = excluded.premises_id, on_date = excluded.on_date, done = excluded.done,
         joint_with = excluded.joint_with, fields = excluded.fields""")


@dataclass(frozen=True, slots=True)
class Traced:
    """What a trace touched: the collaboration, and the days (the old one too, if the visit moved)."""

    collaboration_id: UUID
    days: frozenset[date]


def write_trace(uow: UnitOfWork, visit_id: UUID) -> Traced | None:
    """Write the own trace of a visit as it stands now: the day in Sweden, done or not, how many authorities took part.

    And which of the own fields of work did: what every member reads of a person's unit anyway, and a promise counts.

    Writing it twice changes nothing. None where there is nothing to trace: the visit is hidden or absent, the own
    authority took no part, or is no member of the collaboration.
    """
    found = uow.session.execute(_FACTS, {"visit_id": visit_id}).one_or_none()
    if found is None or not (found.there or found.before):
        return None
    day = local_day(found.starts_at)
    values = {
        "visit_id": visit_id,
        "collaboration_id": found.collaboration_id,
        "premises_id": found.premises_id,
        "on_date": day,
        "done": found.done and found.there,
        "joint_with": found.joint_with,
        "fields": found.fields,
    }
    uow.session.execute(_WRITE, values)
    return Traced(found.collaboration_id, frozenset({day, found.before or day}))
