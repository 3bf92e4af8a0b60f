"""What waits from the evening: help that is asked for, and what came late from phones; no content of either."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samsyn.assistance.queries import unanswered
from samsyn.assistance.rules import OPEN
from samsyn.core.uow import UnitOfWork
from samsyn.findings.quarantine import SETTLERS, LateLine, late_lines
from samsyn.findings.rules import WRITERS
from samsyn.lifecycle.waiting.rules import Item, Waits
from samsyn.operations.queries import operations_by_id


def of_help(uow: UnitOfWork) -> list[Item]:
    """Return what the own authority is asked for and has not answered, one line for each operation that goes on."""
    by_operation: dict[UUID, list[tuple[UUID, datetime]]] = {}
    for request_id, operation_id, at in unanswered(uow):
        by_operation.setdefault(operation_id, []).append((request_id, at))
    operations = operations_by_id(uow, set(by_operation)) if by_operation else {}
    return [
        Item(Waits.HELP, operations[key], some[0][1], some[0][0], len(some))
        for key, some in by_operation.items()
        if key in operations and operations[key].state in OPEN
    ]


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
