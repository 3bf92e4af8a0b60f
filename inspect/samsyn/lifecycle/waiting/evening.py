"""What waits from the evening: help that is asked for, and what came late from phones; no content of either."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.assistance.queries import Asked, unanswered
from samsyn.assistance.rules import OPEN, is_urgent
from samsyn.core.uow import UnitOfWork
from samsyn.findings.quarantine import SETTLERS, LateLine, late_lines
from samsyn.findings.rules import WRITERS
from samsyn.lifecycle.waiting.rules import Item, Waits
from samsyn.operations.queries import operations_by_id
from samsyn.operations.rules import OperationState


def of_help(uow: UnitOfWork) -> list[Item]:
    """Return what the own authority is asked for and has not answered, one line for each operation that goes on.

    Where nobody stands at the door any more there is no moment by which it waits: it came late, or the evening is over.
    """
    by_operation: dict[UUID, list[Asked]] = {}
    for asked in unanswered(uow):
        by_operation.setdefault(asked.operation_id, []).append(asked)
    operations = operations_by_id(uow, set(by_operation)) if by_operation else {}
    return [
        Item(Waits.HELP, operations[key], waited_from(operations[key].state, some), some[0].id, len(some))
        for key, some in by_operation.items()
        if key in operations and operations[key].state in OPEN
    ]


def waited_from(state: OperationState, some: list[Asked]) -> datetime | None:
    """Return since when somebody waits for the first of some requests, if anybody does."""
    return next((one.at for one in some if is_urgent(state, one.at, one.heard_at)), None)


def of_quarantine(uow: UnitOfWork) -> list[Item]:
    """Return what came late from the unit's phones, to who may take it in, one line for each operation."""
    if not (uow.viewer.roles & SETTLERS and uow.viewer.roles & WRITERS):
        return []
    by_operation: dict[UUID, list[LateLine]] = {}
    for line in late_lines(uow):
        by_operation.setdefault(line.operation_id, []).append(line)
    operations = operations_by_id(uow, set(by_operation)) if by_operation else {}
    return [
        Item(Waits.QUARANTINE, operations[key], some[0].until, some[0].id, len(some))
        for key, some in by_operation.items()
        if key in operations
    ]
