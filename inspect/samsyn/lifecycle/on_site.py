"""Where a visit that begins now fits into a person's time: on its own, shorter, or in the operation that goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from samsyn.core.uow import UnitOfWork
from samsyn.operations.queries import HeldTime, OperationCard, held_times, my_assignments
from samsyn.operations.rules import AssignmentState, OperationState

LASTS: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class RoomNow:
    """From this minute: until when a visit is taken to last, and what stands in the way.

    ``joins``: the operation that goes on, is led by the own authority and has the person's yes; the visit becomes one
    of its. ``held``: the time that stands in the way now, ``next``: what ends the visit early; ``known`` names either,
    where it is an operation and not a proposal of a poll or another authority's.
    """

    starts_at: datetime
    ends_at: datetime
    joins: OperationCard | None = None
    held: HeldTime | None = None
    next: HeldTime | None = None
    known: OperationCard | None = None


def room_now(uow: UnitOfWork) -> RoomNow:
    """Return it for the viewer. Two statements."""
    starts_at = uow.now.replace(second=0, microsecond=0)
    ends_at = starts_at + LASTS
    goes = [(place, o) for place, o in my_assignments(uow, starts_at, ends_at, 50) if place.goes]
    on = [o for place, o in goes if place.starts_at <= starts_at and place.state is AssignmentState.ACCEPTED]
    if joins := next((o for o in on if o.lead_id == uow.me and o.state is OperationState.ONGOING), None):
        return RoomNow(*within(joins, starts_at), joins=joins)
    held = held_times(uow, {uow.person}, (starts_at, ends_at))
    if not held:
        return RoomNow(starts_at, ends_at)
    first = min(held, key=lambda one: one.starts_at)
    known = next((o for place, o in goes if place.starts_at == first.starts_at), None)
    if first.starts_at < starts_at + SHORTEST:
        return RoomNow(starts_at, ends_at, held=first, known=known)
    return RoomNow(starts_at, first.starts_at, next=first, known=known)


def within(operation: OperationCard, starts_at: datetime) -> tuple[datetime, datetime]:
    """Return a visit's time inside an operation's: from now, or its last quarter of an hour where that is later."""
    begins = max(operation.starts_at, min(starts_at, operation.ends_at - SHORTEST))
    return begins, min(begins + LASTS, operation.ends_at)
