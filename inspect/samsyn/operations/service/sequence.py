"""Change the order of visits: two neighbours exchange their places in the evening."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.operations.models import Operation, Visit, VisitOrder, VisitTarget
from samsyn.operations.queries.visits import find_visit
from samsyn.operations.rules import BEFORE_ONGOING, OPENS_BEFORE, OperationState, Stretch, VisitState, exchange
from samsyn.operations.service.plan import led_operation, refuse_recused


class Way(StrEnum):
    """Which neighbour a visit changes places with: the one before it, or the one after."""

    UP = "up"
    DOWN = "down"


def demand_arranger(uow: UnitOfWork, operation: Operation) -> None:
    """Refuse anyone but a planner of the lead, or while it goes on the lead person on site."""
    on_site = operation.state is OperationState.ONGOING and uow.viewer.person_id == operation.lead_person_id
    if not ("planner" in uow.viewer.roles or on_site):
        raise NotAllowedError("only a planner may do that")


def move_visit(uow: UnitOfWork, visit_id: UUID, way: Way) -> None:
    """Let a visit change places with the neighbour that the same people go to.

    Both keep their length, the gap between them stays, and so does the stretch of the evening that the two fill.
    ``GateClosedError`` at either end of the order, ``ConflictError`` where others would have to be in two places.
    """
    found = find_visit(uow, visit_id)
    refuse_recused(uow, found.operation_id)
    operation = led_operation(uow, found.operation_id, BEFORE_ONGOING | {OperationState.ONGOING})
    demand_arranger(uow, operation)
    visits = select(Visit).where(Visit.operation_id == operation.id, Visit.state == VisitState.PLANNED)
    rows = {row.id: row for row in uow.session.scalars(visits.order_by(Visit.starts_at, Visit.id).limit(200))}
    goes = select(VisitOrder).where(VisitOrder.operation_id == operation.id, VisitOrder.withdrawn_at.is_(None))
    orders = list(uow.session.scalars(goes))
    teams = {id_: frozenset(o.team_id for o in orders if o.visit_id == id_) for id_ in rows}
    evening = [Stretch(row.id, row.starts_at, row.ends_at, teams[row.id]) for row in rows.values()]
    if visit_id not in rows:
        raise GateClosedError("the visit has ended already", ("state",))
    pair = exchange(evening, visit_id, up=Way(way) is Way.UP)
    if pair is None:
        raise GateClosedError("there is no visit to change places with", ("order",))
    if collides(evening, pair) or max(one.ends_at for one in pair) > operation.ends_at:
        raise ConflictError("somebody would have to be at two visits at once", missing=("time",))
    for one in pair:
        shift(uow, operation, rows[one.id], one)
    renumber(orders, {one.id: pair.index(one) for one in pair})
    uow.session.flush()
    record(uow, "visit.move", visit_id)


def collides(evening: list[Stretch], pair: tuple[Stretch, Stretch]) -> bool:
    """Say whether a new time of the pair overlaps another visit that the same people go to."""
    ids = {one.id for one in pair}
    return any(one.meets(other) and one.overlaps(other) for one in pair for other in evening if other.id not in ids)


def shift(uow: UnitOfWork, operation: Operation, row: Visit, to: Stretch) -> None:
    """Write a visit's new time; a target that opens by it, because no meeting is set, opens as long before."""
    target = uow.session.get(VisitTarget, row.id)
    if target is not None and operation.meets_at is None and target.open_at == row.starts_at - OPENS_BEFORE:
        target.open_at = to.starts_at - OPENS_BEFORE
    row.starts_at, row.ends_at = to.starts_at, to.ends_at


def renumber(orders: list[VisitOrder], pair: dict[UUID, int]) -> None:
    """Exchange the two visits' numbers in every team that goes to both."""
    for team_id in {order.team_id for order in orders}:
        both = sorted((o for o in orders if o.team_id == team_id and o.visit_id in pair), key=lambda o: o.position)
        if len(both) == len(pair):
            numbers = [order.position for order in both]
            for order in both:
                order.position = numbers[pair[order.visit_id]]
