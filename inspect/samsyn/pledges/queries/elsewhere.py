"""Read the operations that are said to serve a promise of another year than their own: they count nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork

_ELSEWHERE: Final = text("""
  SELECT f.operation_id, o.code_word, f.lead_id, p.id, p.collaboration_id, p.year
    FROM operation_focus f
    JOIN focus_area a ON a.id = f.focus_area_id
    JOIN pledge p ON p.id = a.pledge_id
    JOIN operation o ON o.id = f.operation_id
   WHERE o.starts_at >= :since AND o.state <> 'cancelled' AND p.removed_at IS NULL
     AND p.year <> extract(year FROM o.starts_at AT TIME ZONE 'Europe/Stockholm')
   ORDER BY o.starts_at, o.id LIMIT 50""")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An operation that was moved over the turn of the year, and whose promise was left behind."""

    operation_id: UUID
    code_word: str
    lead_id: UUID
    pledge_id: UUID
    collaboration_id: UUID
    year: int


def operations_elsewhere(uow: UnitOfWork, since: datetime) -> list[Elsewhere]:
    """Return those that the viewer's authority takes part in, which began since a moment or are to come, by start."""
    return [Elsewhere(*row) for row in uow.session.execute(_ELSEWHERE, {"since": since})]
