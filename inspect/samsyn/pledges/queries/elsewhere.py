"""Read the operations that are said to serve a promise of another year than their own: they count nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork

BACK: Final = timedelta(days=400)
"""How long ago an operation of another year's promise began at most that somebody is reminded of."""
_ELSEWHERE: Final = text("""
  SELECT f.operation_id, o.code_word, f.lead_id, p.year
    FROM operation_focus f
    JOIN focus_area a ON a.id = f.focus_area_id
    JOIN pledge p ON p.id = a.pledge_id
    JOIN operation o ON o.id = f.operation_id
   WHERE p.collaboration_id = :collaboration AND p.removed_at IS NULL
     AND o.starts_at >= :since AND o.state <> 'cancelled'
     AND p.year <> extract(year FROM o.starts_at AT TIME ZONE 'Europe/Stockholm')
   ORDER BY o.starts_at, o.id LIMIT 50""")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An operation that was moved over the turn of the year, and whose promise was left behind."""

    operation_id: UUID
    code_word: str
    lead_id: UUID
    year: int


def operations_elsewhere(uow: UnitOfWork, collaboration_id: UUID) -> list[Elsewhere]:
    """Return a collaboration's that the viewer's authority takes part in, begun lately or to come, by start."""
    given = {"collaboration": collaboration_id, "since": uow.now - BACK}
    return [Elsewhere(*row) for row in uow.session.execute(_ELSEWHERE, given)]
