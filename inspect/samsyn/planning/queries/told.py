"""Read what the viewer may learn of many people's time at once, as quarters of an hour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import Range

from samsyn.core.database import one_of
from samsyn.core.quarters import quarters_taken
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import held_quarters
from samsyn.planning.models import Unavailable
from samsyn.planning.queries.polls import options_of
from samsyn.planning.rules import Unavailability
from samsyn.planning.slots.grid import Grid
from samsyn.planning.slots.told import Told


def told_of(uow: UnitOfWork, people: set[UUID], grid: Grid, but_not: Collection[UUID]) -> dict[UUID, Told]:
    """Return what is taken and what nobody knows of each person's time; two statements.

    Nothing is cut off where there is much of it: what is missing would look free. A calendar that was read too long ago
    calls nothing free any more. ``but_not``: operations whose own hold on people, and what is held for their proposals,
    does not count. Of whom nothing is told there is an entry all the same.
    """
    held = held_quarters(uow, people, (grid.begins_at, grid.ends_at), but_not, options_of(but_not))
    said = said_of(uow, people, grid)
    return {one: replace(said.get(one, Told()), held=grid.counted(*held.get(one, ((), ())))) for one in people}


def said_of(uow: UnitOfWork, people: set[UUID], grid: Grid) -> dict[UUID, Told]:
    """Return when each person cannot and when nobody knows; what was written at one moment is one reading."""
    u = Unavailable
    first, last = quarters_taken(u.during)
    holds = func.coalesce(u.good_until >= uow.now, True)
    as_of = case((holds, u.as_of), else_=None)
    rows = (
        select(u.person_id, as_of, u.state, func.array_agg(first), func.array_agg(last))
        .where(one_of(u.person_id, people), u.during.overlaps(Range(grid.begins_at, grid.ends_at)))
        .group_by(u.person_id, as_of, u.state)
    )
    found: dict[UUID, dict[tuple[datetime | None, Unavailability], int]] = {}
    for person_id, read_at, state, firsts, lasts in uow.session.execute(rows):
        found.setdefault(person_id, {})[read_at, state] = grid.counted(firsts, lasts)
    return {person_id: told(of_person) for person_id, of_person in found.items()}


def told(said: Mapping[tuple[datetime | None, Unavailability], int]) -> Told:
    """Put together what was said of one person; what is too old (None) calls nothing free."""
    readings: dict[datetime, int] = {}
    of_state = dict.fromkeys(Unavailability, 0)
    for (as_of, state), quarters in said.items():
        if as_of is not None:
            readings[as_of] = readings.get(as_of, 0) | quarters
        of_state[state] |= quarters
    return Told(of_state[Unavailability.BUSY], of_state[Unavailability.UNKNOWN], readings=tuple(readings.values()))
