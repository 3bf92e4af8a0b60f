"""Read what places have to bear, as far as the viewer may know: traces, and visits to come by the target's own rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.home import local_day
from samsyn.core.uow import UnitOfWork
from samsyn.planning.burden import Been, Coming, Known

MOST: Final = 500
"""Visits to come that are looked at: months of a whole collaboration."""
# A visit that jäv closes to the person leaves no trace for that person (FL 17 §, R13).
_BEEN: Final = text("""
  SELECT p.id, t.visit_id, max(t.on_date) AS on_date, array_agg(a.name ORDER BY a.name) AS names
    FROM premises p
    LEFT JOIN visit_trace t ON t.premises_id = p.id AND t.done AND NOT EXISTS (SELECT 1 FROM recusal r
              WHERE r.visit_id = t.visit_id AND r.person_id = (SELECT me_person()))
    LEFT JOIN authority a ON a.id = t.authority_id
   WHERE p.id = ANY (CAST(:ids AS uuid[]))
   GROUP BY p.id, t.visit_id
   ORDER BY 3 DESC, t.visit_id""")
# Where an unannounced visit goes is read by those alone who may know it (OSL 17:1), as the target's policy says.
_COMING: Final = text("""
  SELECT t.premises_id, v.id, v.starts_at, o.id AS operation_id, o.code_word
    FROM visit_target t
    JOIN visit v ON v.id = t.visit_id
    JOIN operation o ON o.id = v.operation_id
   WHERE t.premises_id = ANY (CAST(:ids AS uuid[])) AND v.state = 'planned'
     AND o.state IN ('proposed', 'preparing', 'scheduled', 'invited', 'confirmed', 'ongoing')
   ORDER BY v.starts_at, v.id LIMIT :most""")


def known_of(uow: UnitOfWork, premises: Collection[UUID]) -> dict[UUID, Known]:
    """Return what the viewer may know of visits to each place, newest first; two statements, none for no place.

    What other authorities plan, and have not invited the own one to, is never here: that would tell of a visit which
    must not be known before it is done.
    """
    if not premises:
        return {}
    been: dict[UUID, list[Been]] = {}
    for row in uow.session.execute(_BEEN, {"ids": list(premises)}):
        visits = been.setdefault(row.id, [])
        if row.visit_id is not None:
            visits.append(Been(row.visit_id, row.on_date, tuple(row.names)))
    coming: dict[UUID, list[Coming]] = {}
    for row in uow.session.execute(_COMING, {"ids": list(premises), "most": MOST}):
        coming.setdefault(row.premises_id, []).append(
            Coming(row.id, local_day(row.starts_at), row.operation_id, row.code_word)
        )
    return {one: Known(one in been, tuple(been.get(one, ())), tuple(coming.get(one, ()))) for one in set(premises)}
