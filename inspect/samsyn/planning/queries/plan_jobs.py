"""A plan that is being made, or was: what the lead's planners are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

LOST_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class JobLine:
    """A plan that is being made or was. ``planned``: visits of the best so far; ``asked_by``: whose it is."""

    id: UUID
    seed: int
    budget: int
    done: int
    taken: bool
    planned: int
    baseline_id: UUID | None
    asked_at: datetime
    asked_by: UUID | None
    ended_at: datetime | None
    failed: Mapping[str, Any] | None = None

    @property
    def error(self) -> str | None:
        """Why it came to nothing, or to less than was asked."""
        return None if self.failed is None else str(self.failed["error"])

    @property
    def missing(self) -> tuple[UUID, ...]:
        """The visits that its error is about."""
        return () if self.failed is None else tuple(UUID(one) for one in self.failed["visits"])

    def open(self, now: datetime) -> bool:
        """Say whether it is being made, as far as a colleague can tell: nobody waits for one whose worker died."""
        return self.ended_at is None and now - self.asked_at < LOST_AFTER
