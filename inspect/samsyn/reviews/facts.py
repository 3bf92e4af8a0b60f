"""What the rules on unusual reading ask of the database: a few statements, however long the trail is.

The trail names ids. Which visit and business an object belongs to is asked here, as a worker of the own authority, of
the tables that this authority may read: never of another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork
from samsyn.reviews.rules import LIMITS, LOOKED_AT, READS, Act, Facts, Limits, Span, Usual

_VISIT: Final = """
    coalesce((SELECT v.id FROM visit v WHERE v.id = a.object_id),
             (SELECT p.visit_id FROM visit_part p WHERE p.id = a.object_id),
             (SELECT e.visit_id FROM evidence e WHERE e.id = a.object_id),
             (SELECT f.visit_id FROM finding f WHERE f.finding_id = a.object_id LIMIT 1))"""
_BUSINESS: Final = """
    coalesce((SELECT d.business_id FROM dossier d WHERE d.id = a.object_id),
             (SELECT c.business_id FROM disclosure c WHERE c.id = a.object_id),
             (SELECT t.business_id FROM disclosed_picture i JOIN disclosed_item t ON t.id = i.item_id
               WHERE i.id = a.object_id))"""
_ACTS_SQL: Final = """
    WITH act AS MATERIALIZED (
      SELECT a.actor_person_id, a.at, a.action, a.object_id, coalesce(a.reason, '') AS reason, {visit} AS visit_id
        FROM audit a
       WHERE a.object_authority_id = (SELECT me()) AND a.actor_authority_id = (SELECT me())
         AND a.actor_person_id IS NOT NULL AND a.at >= :since AND a.at < :until AND a.action = ANY(:actions))
    SELECT a.*, coalesce((SELECT t.business_id FROM visit_target t WHERE t.visit_id = a.visit_id), {business})
      FROM act a ORDER BY a.at"""
_ACTS: Final = text(_ACTS_SQL.format(visit=_VISIT, business=_BUSINESS))
_USUAL_SQL: Final = """
    WITH act AS MATERIALIZED (
      SELECT a.actor_person_id AS person_id, date_trunc('hour', a.at) AS hour, a.object_id, {visit} AS visit_id
        FROM audit a
       WHERE a.object_authority_id = (SELECT me()) AND a.actor_authority_id = (SELECT me())
         AND a.actor_person_id IS NOT NULL AND a.at >= :since AND a.at < :until AND a.action = ANY(:actions)),
    hours AS (
      SELECT a.person_id, a.hour, count(DISTINCT coalesce(
             (SELECT t.business_id FROM visit_target t WHERE t.visit_id = a.visit_id), {business}, a.object_id)) AS n
        FROM act a GROUP BY a.person_id, a.hour)
    SELECT s.person_id,
           coalesce((SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY h.n) FROM hours h
                      WHERE h.person_id = s.person_id), 0) AS own,
           coalesce((SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY h.n) FROM hours h
                       JOIN staff c ON c.person_id = h.person_id AND c.authority_id = (SELECT me())
                        AND c.unit_id IS NOT DISTINCT FROM s.unit_id
                      WHERE h.person_id <> s.person_id), 0) AS units
      FROM staff s WHERE s.authority_id = (SELECT me()) AND s.person_id = ANY(:people)"""
_USUAL: Final = text(_USUAL_SQL.format(visit=_VISIT, business=_BUSINESS))
_AT_WORK: Final = text("""
    SELECT b.person_id, lower(b.during), upper(b.during) FROM booking b
     WHERE b.authority_id = (SELECT me()) AND b.person_id = ANY(:people) AND b.state = 'accepted'
       AND b.during && tstzrange(:since, :until)
     UNION ALL
    SELECT s.person_id, lower(s.during), upper(s.during) FROM shift s
     WHERE s.authority_id = (SELECT me()) AND s.person_id = ANY(:people) AND s.withdrawn_at IS NULL
       AND s.during && tstzrange(:since, :until)""")
# The unit's: asked of the unit, or of the authority without naming one; the person's: a place in the operation.
_OWN: Final = text("""
    SELECT s.person_id, b.id FROM staff s CROSS JOIN unnest(CAST(:businesses AS uuid[])) AS b(id)
     WHERE s.authority_id = (SELECT me()) AND s.person_id = ANY(:people)
       AND EXISTS (SELECT 1 FROM visit_target t JOIN visit_part p ON p.visit_id = t.visit_id
                    WHERE t.business_id = b.id AND p.authority_id = (SELECT me())
                      AND (p.unit_id IS NULL OR s.unit_id IS NULL OR p.unit_id = s.unit_id
                           OR EXISTS (SELECT 1 FROM assignment g WHERE g.operation_id = t.operation_id
                                         AND g.person_id = s.person_id)))""")
_RECUSED: Final = text("""
    SELECT r.person_id, r.visit_id FROM recusal r
     WHERE r.authority_id = (SELECT me()) AND r.person_id = ANY(:people)""")


def acts_between(uow: UnitOfWork, since: datetime, until: datetime) -> list[Act]:
    """Return the own people's reads, exports and refusals of own objects; empty for anybody but a log reviewer."""
    rows = uow.session.execute(_ACTS, {"since": since, "until": until, "actions": list(LOOKED_AT)})
    return [Act(*row) for row in rows]


def facts_of(uow: UnitOfWork, acts: Sequence[Act], limits: Limits = LIMITS) -> Facts:
    """Return acts with all that the rules ask about them."""
    if not acts:
        return Facts()
    people = sorted({act.person_id for act in acts})
    since, until = acts[0].hour, acts[-1].at + timedelta(hours=1)
    seen = sorted({act.business_id for act in acts if act.business_id is not None})
    near = {"since": since - limits.beside, "until": until + limits.beside, "people": people}
    spans: defaultdict[UUID, list[Span]] = defaultdict(list)
    for person, start, end in uow.session.execute(_AT_WORK, near):
        spans[person].append((start, end))
    own = uow.session.execute(_OWN, {"people": people, "businesses": seen})
    recused = uow.session.execute(_RECUSED, {"people": people})
    return Facts(
        acts,
        usual_of(uow, acts, since, limits),
        spans,
        frozenset((person, business) for person, business in own),
        frozenset((person, visit) for person, visit in recused),
    )


def usual_of(uow: UnitOfWork, acts: Sequence[Act], since: datetime, limits: Limits) -> dict[UUID, Usual]:
    """Return what is usual for those who read so much that it is asked; most hours it is nobody."""
    counts: defaultdict[tuple[UUID, datetime], set[UUID]] = defaultdict(set)
    for act in acts:
        if act.action in READS:
            counts[act.person_id, act.hour].add(act.business_id or act.object_id)
    many = sorted({person for (person, _), seen in counts.items() if len(seen) >= limits.many_least})
    if not many:
        return {}
    back = {"since": since - timedelta(days=limits.many_days), "until": since, "actions": sorted(READS)}
    rows = uow.session.execute(_USUAL, {**back, "people": many})
    return {person: Usual(float(own), float(unit)) for person, own, unit in rows}
