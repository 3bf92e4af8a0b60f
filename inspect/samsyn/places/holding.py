"""Which signals hold, as a statement that others build on, and the row of a list by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from samsyn.places.rules import SignalSource

# Of a list by week the newest that was not undone is what holds; what a person wrote stands for itself.
HOLDING: Final = """
  SELECT * FROM (
    SELECT DISTINCT ON (CASE WHEN s.import_id IS NULL THEN s.id END, s.business_id, s.hot_spot_id, s.source, s.on_date)
           s.id, s.collaboration_id, s.business_id, s.hot_spot_id, s.source, s.weight, s.n, s.on_date, s.text,
           s.expires_on, s.import_id, s.noted_at
      FROM signal s LEFT JOIN signal_import i ON i.id = s.import_id
     WHERE s.withdrawn_at IS NULL AND i.undone_at IS NULL{where}
     ORDER BY CASE WHEN s.import_id IS NULL THEN s.id END, s.business_id, s.hot_spot_id, s.source, s.on_date,
              i.at DESC, s.id) h WHERE h.n > 0"""

# Of an authority that left the collaboration nothing is told any more, whatever it had counted by then.
TOLD_STILL: Final = """EXISTS (SELECT 1 FROM collaboration_member m
         WHERE m.collaboration_id = signal_count.collaboration_id AND m.authority_id = signal_count.authority_id
           AND m.left_on IS NULL)"""


@dataclass(frozen=True, slots=True)
class WeekRow:
    """How many signals there were of a place in a week, by one class of source."""

    line: int
    week_on: date
    source: SignalSource
    n: int
    collaboration_id: UUID
    name: str
    business_id: UUID | None = None
    hot_spot_id: UUID | None = None

    @property
    def place(self) -> UUID:
        """Return the key of its place."""
        found = self.business_id or self.hot_spot_id
        assert found is not None  # noqa: S101  one of the two, by the reading
        return found
