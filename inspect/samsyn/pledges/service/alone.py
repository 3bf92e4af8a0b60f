"""Recount one at a time: of two that count at once, each would miss what the other has not committed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from samsyn.core.uow import UnitOfWork

_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('tally ' || (SELECT me())::text || :key, 0))")


def count_alone(uow: UnitOfWork, collaboration_id: UUID) -> None:
    """Wait until nobody else counts the own numbers of a collaboration; a statement of its own, as the next sees it."""
    uow.session.execute(_ALONE, {"key": str(collaboration_id)})
