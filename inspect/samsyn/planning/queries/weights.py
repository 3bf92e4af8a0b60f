"""Read how much each fact speaks for a visit, as collaborations agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import CandidateWeights
from samsyn.planning.scores import USUAL, Fact, weights_of

_NEWEST: Final = text(
    "SELECT DISTINCT ON (collaboration_id) collaboration_id, weights FROM candidate_weights"
    " ORDER BY collaboration_id, version DESC"
)


@dataclass(frozen=True, slots=True)
class WeightsLine:
    """The weights that hold; version 0 are the usual ones."""

    version: int
    weights: dict[Fact, int]
    authority_id: UUID | None
    written_at: datetime | None


def weights_in(uow: UnitOfWork, collaboration_id: UUID) -> WeightsLine:
    """Return the weights that a collaboration agreed last, or the usual ones."""
    w = CandidateWeights
    row = uow.session.scalar(
        select(w).where(w.collaboration_id == collaboration_id).order_by(w.version.desc()).limit(1)
    )
    if row is None:
        return WeightsLine(0, dict(USUAL), None, None)
    return WeightsLine(row.version, weights_of(row.weights), row.authority_id, row.written_at)


def weights_by_collaboration(uow: UnitOfWork) -> dict[UUID | None, dict[Fact, int]]:
    """Return the weights that hold in each of the viewer's collaborations that agreed on some."""
    return {row[0]: weights_of(row[1]) for row in uow.session.execute(_NEWEST)}
