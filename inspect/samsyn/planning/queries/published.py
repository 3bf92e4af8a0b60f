"""A campaign's visits that are operations already: when, and who goes. They stay so in every later plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samsyn.core.quarters import QUARTER
from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import OperationCard, VisitLine, operations_by_id, visits_of_many
from samsyn.operations.queries.period import GoerLine, goers_of
from samsyn.operations.rules import OperationState
from samsyn.planning.queries.campaigns import ItemLine
from samsyn.planning.slots.grid import Grid


@dataclass(frozen=True, slots=True)
class Published:
    """A visit as it was published, or as its operation was changed since; ``people`` are asked for it or go.

    ``held_from``: when its people are wanted; ``held``: from when until when the whole operation holds them.
    """

    item: ItemLine
    operation_id: UUID
    held_from: datetime
    starts_at: datetime
    ends_at: datetime
    people: frozenset[UUID]
    held: tuple[datetime, datetime]


def published_of(
    uow: UnitOfWork, grid: Grid, items: Iterable[ItemLine], held: Collection[UUID] = ()
) -> list[Published]:
    """Return the visits of a campaign whose operations a plan can hold as they are; three statements.

    Left out, so that only their people's time is taken: operations that were called off (which hold nobody), those with
    another visit than the campaign's in its days, at another time than a quarter's, or without anybody; and ``held``.
    """
    mine = {one.visit_id: one for one in items if one.visit_id is not None and one.operation_id is not None}
    ids = {one.operation_id for one in mine.values() if one.operation_id is not None} - set(held)
    if not ids:
        return []
    cards, visits = operations_by_id(uow, ids), visits_of_many(uow, ids)
    goers = _by_operation(goers_of(uow, ids))
    found = []
    for key, card in sorted(cards.items()):
        lines = visits.get(key, ())
        if card.state is not OperationState.CANCELLED and goers.get(key) and _holds(grid, lines, mine):
            found += _visits(card, lines, mine, goers[key])
    return found


def _by_operation(lines: Iterable[GoerLine]) -> dict[UUID, list[GoerLine]]:
    found: dict[UUID, list[GoerLine]] = {}
    for one in lines:
        found.setdefault(one.operation_id, []).append(one)
    return found


def _holds(grid: Grid, lines: Iterable[VisitLine], mine: Mapping[UUID, ItemLine]) -> bool:
    """Say whether a plan can hold all the visits of an operation."""
    return all(
        one.id in mine and grid.holds(one.starts_at) and one.starts_at.timestamp() % QUARTER == 0 for one in lines
    )


def _visits(
    card: OperationCard, lines: Sequence[VisitLine], mine: Mapping[UUID, ItemLine], goers: Sequence[GoerLine]
) -> list[Published]:
    """Return the visits of an operation; people are wanted at its meeting, and for its later visits when they begin."""
    people = frozenset(one.person_id for one in goers)
    held = (min(one.starts_at for one in goers), max(one.ends_at for one in goers))
    return [
        Published(
            mine[one.id],
            card.id,
            min(card.begins_at, one.starts_at) if n == 0 else one.starts_at,
            one.starts_at,
            one.ends_at,
            people,
            held,
        )
        for n, one in enumerate(lines)
    ]
