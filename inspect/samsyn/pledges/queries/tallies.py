"""Read the counts that the members of a collaboration handed in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samsyn.core.uow import UnitOfWork
from samsyn.pledges.models import Tally


@dataclass(frozen=True, slots=True)
class TallyLine:
    """How many of a measure an authority did in a quarter; frozen ones change no more."""

    authority_id: UUID
    quarter: str
    measure: str
    dimension: str
    n: int
    frozen: bool


def list_tallies(
    uow: UnitOfWork, collaboration_id: UUID, quarter: str | None = None, limit: int = 200
) -> list[TallyLine]:
    """Return the counts of a collaboration as its members read them, newest quarter first; empty for others.

    What is published of them must hide cells below 5, also by subtraction (R15): that is the publisher's.
    """
    t = Tally
    rows = select(t.authority_id, t.quarter, t.measure, t.dimension, t.n, t.frozen_at.is_not(None)).where(
        t.collaboration_id == collaboration_id
    )
    if quarter is not None:
        rows = rows.where(t.quarter == quarter)
    rows = rows.order_by(t.quarter.desc(), t.authority_id, t.measure, t.dimension).limit(limit)
    return [TallyLine(*row) for row in uow.session.execute(rows)]
