"""Write how much each fact speaks for a visit, as a collaboration agreed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert

from samsyn.audit.service import record
from samsyn.core.errors import ChangedMeanwhileError, InvalidError
from samsyn.core.uow import UnitOfWork
from samsyn.planning.models import CandidateWeights
from samsyn.planning.queries.weights import weights_in
from samsyn.planning.scores import MOST_POINTS, Fact
from samsyn.planning.service.campaigns import demand_planner


def write_weights(uow: UnitOfWork, collaboration_id: UUID, weights: Mapping[Fact, int], seen_version: int) -> int:
    """Write a new version of the weights; return its number. ``ChangedMeanwhileError`` where another was written."""
    demand_planner(uow)
    if any(abs(points) > MOST_POINTS for points in weights.values()):
        raise InvalidError("too much", fields={"weights": ["too many"]})
    stands = weights_in(uow, collaboration_id).version
    if stands != seen_version:
        raise ChangedMeanwhileError(f"you saw version {seen_version}, it is now {stands}")
    row = {"collaboration_id": collaboration_id, "version": stands + 1, "authority_id": uow.me, "written_at": uow.now}
    said = {fact.value: points for fact, points in weights.items()}
    uow.session.execute(insert(CandidateWeights).values(weights=said, **row))
    record(uow, "weights.write", collaboration_id)
    return stands + 1
