"""Read which operations have visits among some premises, as far as the viewer may know of the place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork
from samsyn.operations.rules import OperationState

_WITHIN: Final = text("""
  SELECT o.id, o.code_word, o.state, min(v.starts_at) AS starts_at, count(*) AS visits
    FROM visit_target t JOIN visit v ON v.id = t.visit_id JOIN operation o ON o.id = t.operation_id
   WHERE t.premises_id = ANY (:premises)
   GROUP BY o.id, o.code_word, o.state ORDER BY starts_at DESC, o.id LIMIT :most""")


@dataclass(frozen=True, slots=True)
class OperationWithin:
    """An operation with so many visits among the premises, and when its first there begins."""

    id: UUID
    code_word: str
    state: OperationState
    starts_at: datetime
    visits: int


def operations_within(uow: UnitOfWork, premises: Collection[UUID], most: int = 50) -> list[OperationWithin]:
    """Return operations that visit some of the premises, newest first; none whose place is not to be known yet."""
    rows = uow.session.execute(_WITHIN, {"premises": sorted(premises), "most": most})
    return [
        OperationWithin(row.id, row.code_word, OperationState(row.state), row.starts_at, row.visits) for row in rows
    ]
