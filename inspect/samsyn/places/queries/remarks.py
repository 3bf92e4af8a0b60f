"""Read remarks on the physical environment, with what was answered; every member reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.places.rules import OPEN_REMARKS, RemarkKind, RemarkState

MOST: Final = 500
# What waits longest comes first, then what is settled, newest first.
_LISTED: Final = text("""
  SELECT r.id, r.collaboration_id, r.from_id, r.to_id, r.to_unit_id AS unit_id, u.name AS unit,
         r.activity_id, r.hot_spot_id,
         r.remark_kind AS kind, r.place, r.text, r.noticed_on, r.due_on, r.asked_at,
         coalesce(a.state, 'waiting') AS state, coalesce(a.text, '') AS answer, a.done_on, a.answered_at,
         coalesce(a.version, 0) AS version
    FROM remark r JOIN unit u ON u.id = r.to_unit_id LEFT JOIN remark_answer a ON a.remark_id = r.id
   WHERE r.withdrawn_at IS NULL
     AND (CAST(:id AS uuid) IS NULL OR r.id = :id)
     AND (CAST(:to_id AS uuid) IS NULL OR r.to_id = :to_id)
     AND (CAST(:from_id AS uuid) IS NULL OR r.from_id = :from_id)
     AND (CAST(:hot_spot_id AS uuid) IS NULL OR r.hot_spot_id = :hot_spot_id)
     AND (CAST(:activity_id AS uuid) IS NULL OR r.activity_id = :activity_id)
     AND (:every OR coalesce(a.state, 'waiting') = ANY (:states))
   ORDER BY coalesce(a.state, 'waiting') IN ('done', 'declined'), r.due_on, r.id LIMIT :most""")

_COUNTED: Final = text("""
  SELECT count(*) AS n, count(*) FILTER (WHERE r.due_on < :today) AS overdue
    FROM remark r LEFT JOIN remark_answer a ON a.remark_id = r.id
   WHERE r.withdrawn_at IS NULL AND r.collaboration_id = :collaboration_id
     AND coalesce(a.state, 'waiting') = ANY (:states)""")


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark with its answer; ``version`` 0 is none."""

    id: UUID
    collaboration_id: UUID
    from_id: UUID
    to_id: UUID
    unit_id: UUID
    unit: str
    activity_id: UUID | None
    hot_spot_id: UUID | None
    kind: RemarkKind
    place: str
    text: str
    noticed_on: date
    due_on: date
    asked_at: datetime
    state: RemarkState
    answer: str
    done_on: date | None
    answered_at: datetime | None
    version: int

    def age(self, today: date) -> int:
        """Return for how many days it has been, or was, unmended."""
        return max(((self.done_on or today) - self.noticed_on).days, 0)

    def overdue(self, today: date) -> bool:
        """Say whether its day is over and it is neither done nor declined."""
        return self.state in OPEN_REMARKS and self.due_on < today


@dataclass(frozen=True, slots=True)
class RemarkFilter:
    """Which remarks; nothing named is no limit."""

    to_id: UUID | None = None
    from_id: UUID | None = None
    hot_spot_id: UUID | None = None
    activity_id: UUID | None = None
    states: tuple[RemarkState, ...] = ()


def list_remarks(uow: UnitOfWork, wanted: RemarkFilter, most: int = MOST) -> list[RemarkLine]:
    """The remarks of the own collaborations that were not taken back, what is to be done first by its day."""
    return _read(uow, wanted, None, most)


def count_open(uow: UnitOfWork, collaboration_id: UUID) -> tuple[int, int]:
    """Return how many remarks of a collaboration are neither done nor declined, and of how many the day is over."""
    values = {"collaboration_id": collaboration_id, "states": list(OPEN_REMARKS), "today": uow.today}
    row = uow.session.execute(_COUNTED, values).one()
    return row.n, row.overdue


def get_remark(uow: UnitOfWork, remark_id: UUID) -> RemarkLine:
    """Return one; ``NotFoundError`` where it is hidden, absent or taken back."""
    found = _read(uow, RemarkFilter(), remark_id, 1)
    if not found:
        raise NotFoundError("no such remark")
    return found[0]


def _read(uow: UnitOfWork, wanted: RemarkFilter, key: UUID | None, most: int) -> list[RemarkLine]:
    values = {
        "id": key,
        "to_id": wanted.to_id,
        "from_id": wanted.from_id,
        "hot_spot_id": wanted.hot_spot_id,
        "activity_id": wanted.activity_id,
        "every": not wanted.states,
        "states": list(wanted.states),
        "most": most,
    }
    return [_line(dict(row)) for row in uow.session.execute(_LISTED, values).mappings()]


def _line(row: Mapping[str, Any]) -> RemarkLine:
    return RemarkLine(**{**row, "kind": RemarkKind(row["kind"]), "state": RemarkState(row["state"])})
